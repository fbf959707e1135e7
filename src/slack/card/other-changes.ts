import type { Change } from '../../domain/change/change.ts'
import type { CardStore } from '../../ports/cards.ts'
import type { ChangeReads, StoredChange } from '../../ports/changes.ts'
import type { OtherChange } from '../../words/standing.ts'
import { permalink } from '../calls/permalink.ts'

type Deps = { store: ChangeReads; teamUrl: string }
/** A change, or an edit that is not one yet. */
type About = Pick<Change, 'stack' | 'tokenUid'> & { readonly id: number | null }

/** Other open changes to the same token, oldest first. */
export async function otherChanges({ store, teamUrl }: Deps, about: About): Promise<OtherChange[]> {
  return othersShown(await openBeside(store, about), teamUrl)
}

/** All of `open`, the open changes to one token, except this one. */
export function othersOf(
  { change: { id } }: StoredChange,
  open: readonly StoredChange[],
  teamUrl: string,
): OtherChange[] {
  return othersShown(
    open.filter(({ change }) => change.id !== id),
    teamUrl,
  )
}

function othersShown(others: readonly StoredChange[], teamUrl: string): OtherChange[] {
  return others.map(({ change, card }) => ({
    id: change.id,
    link: card && permalink(teamUrl, card),
    isApplying: change.status === 'applying',
  }))
}

/**
 * Cards of other changes to the token name those that are open, so they fall behind when one comes or goes; the next
 * round of catching up redraws them. Call this when the card of `change` was posted or found, and when the change has
 * ended.
 */
export async function othersFallBehind(store: ChangeReads & CardStore, { change }: StoredChange): Promise<void> {
  for (const other of await openBeside(store, change)) if (other.card) await store.cardFellBehind(other.change.id)
}

async function openBeside(store: ChangeReads, { stack, tokenUid, id }: About): Promise<StoredChange[]> {
  const open = await store.openChanges({ stack, tokenUid })
  return open.filter(({ change }) => change.id !== id).reverse()
}
