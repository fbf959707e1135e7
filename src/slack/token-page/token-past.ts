import type { ChangeReads, StoredChange, TokenRef } from '../../ports/changes.ts'
import type { PastFrom, PastReads } from '../../ports/past.ts'
import { permalink } from '../calls/permalink.ts'
import type { OpenShown } from '../card/open-change.ts'
import { othersOf } from '../card/other-changes.ts'
import { type PastPage, pastPageSize as size } from './page.ts'
import type { PastShown } from './past.ts'

type Deps = { store: ChangeReads & PastReads; teamUrl: string }

/** The open requests and the history of a token, as much as fits one page, with links to the cards. */
export async function readTokenPast(
  deps: Deps,
  of: TokenRef,
  from: PastFrom,
): Promise<{ open: OpenShown[]; past: PastPage }> {
  const [open, past] = await Promise.all([readOpen(deps, of), pageOf(deps.store, of, from)])
  const shown = past.entries.map((entry): PastShown => {
    return { entry, link: entry.kind === 'change' ? linkOf(deps, entry.stored) : null }
  })
  return { open, past: { shown, skipped: past.skipped, total: past.total } }
}

export async function readOpen({ store, teamUrl }: Deps, of: TokenRef): Promise<OpenShown[]> {
  const open = await store.openChanges(of)
  return open.map((stored) => ({
    stored,
    link: linkOf({ teamUrl }, stored),
    others: othersOf(stored, open, teamUrl),
  }))
}

function linkOf({ teamUrl }: Pick<Deps, 'teamUrl'>, { card }: StoredChange): string | null {
  return card && permalink(teamUrl, card)
}

/** The first page is always full, and a number beyond the last page shows the last. */
async function pageOf(store: ChangeReads & PastReads, of: TokenRef, from: PastFrom) {
  const page = await store.past(of, { size, ...from })
  if ('after' in from && page.skipped === 0) return store.past(of, { size, skip: 0 })
  if (page.entries.length > 0 || page.total === 0) return page
  return store.past(of, { size, skip: Math.floor((page.total - 1) / size) * size })
}
