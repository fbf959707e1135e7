import type { Change } from '../../domain/change/change.ts'
import { arrivalIn, type Edited } from '../../domain/looks/arrival.ts'
import { type Among, type Look, lookAt, noticeDrift } from '../../domain/looks/drift.ts'
import { oldestShown } from '../../domain/looks/stale-look.ts'
import type { Settings, Token } from '../../domain/token/token.ts'
import type { ChangeReads, ChangeWrites, StoredChange, TokenRef } from '../../ports/changes.ts'
import type { LookReads } from '../../ports/looks.ts'
import type { PastReads } from '../../ports/past.ts'
import { createSteadyClock } from '../../steady-clock.ts'
import { among } from '../among.ts'
import { openInRuns } from '../open-in-runs.ts'
import { asChangeSees } from '../targets.ts'
import type { OnLook } from './listing.ts'

type Deps = {
  store: ChangeReads & ChangeWrites & PastReads & LookReads
  now: () => Date
  /** Milliseconds that pass, whatever is done to the clock. */
  monotonic: () => number
  soon: (id: number) => void
  /** Called for a change whose token was looked at, while it waits for a look that shows the result of its update. */
  lookedElsewhere: (id: number) => void
  /** Called if what was seen could not be reported. Applying finds it all the same. */
  onFailure: (error: unknown) => void
}

/** No more than this happens to a token while an update may arrive late. */
const amongLast = 20

/**
 * Notices in every look that a token has moved under a waiting change: approvers must not decide on an old state. And
 * that an update arrived which nobody knew had: whoever was told about the change has to hear of it.
 */
export function createWatch({ store, now: wall, monotonic, soon, lookedElsewhere, onFailure }: Deps) {
  const { now, earliest } = createSteadyClock(wall, monotonic)
  /** Revisions dated in the future, since the clock was set back: when this process first knew of each. */
  const known = new Map<string, string>()
  return { seen, isNeeded }

  async function seen(...look: Parameters<OnLook>): Promise<void> {
    await noteWhatArrived(look[0]).catch(onFailure)
    await stopWhatMoved(...look).catch(onFailure)
  }

  async function noteWhatArrived(tokens: readonly Token[]): Promise<void> {
    const oldest = oldestShown(earliest().toISOString())
    const watched = await store.watched(oldest)
    if (watched.length === 0) return
    const lookOf = byToken(tokens)
    for (const change of watched) {
      const live = lookOf(change)?.settings
      if (live) await noteIfArrived(change, live, oldest).catch(onFailure)
    }
  }

  async function noteIfArrived(change: Change, live: Settings, oldest: string): Promise<void> {
    const edited = change.status === 'applied' ? await lastEdit(change) : null
    if (!arrivalIn(change, live, at(), { edited, oldest })) return
    await store.record(change.id, 'app', (stored, beside, recent) =>
      arrivalIn(stored, live, at(), { edited, oldest, others: [...beside(), ...recent()] }),
    )
    soon(change.id)
  }

  async function lastEdit(of: TokenRef): Promise<Edited | null> {
    const { entries } = await store.past(of, { skip: 0, size: amongLast })
    const found = entries.find((entry) => entry.kind === 'edit')
    return found ? { at: found.edit.at, after: found.edit.fact.after } : null
  }

  /** Reads open changes once, however many tokens there are. One that can't be stopped does not hold up the others. */
  async function stopWhatMoved(tokens: readonly Token[], began: string): Promise<void> {
    const lookOf = byToken(tokens)
    for await (const run of openOf(tokens))
      for (const { change } of run) {
        const look = lookOf(change)
        if (look && change.status === 'applying') judgeSooner(change)
        else if (look) await stopIfMoved(change, look, began).catch(onFailure)
      }
  }

  function judgeSooner({ id, unseen }: Extract<Change, { status: 'applying' }>): void {
    if (unseen === undefined) return
    lookedElsewhere(id)
    soon(id)
  }

  async function* openOf(tokens: readonly Token[]): AsyncGenerator<readonly StoredChange[]> {
    const [first] = tokens
    if (first && tokens.length === 1) yield await store.openChanges({ stack: first.stack, tokenUid: first.uid })
    else if (first) yield* openInRuns(store)
  }

  async function stopIfMoved(change: Change, look: Look, began: string): Promise<void> {
    const facts = await store.knownFacts(change.stack)
    const notice = (stored: Change, others: Among) => {
      const seen = { ...look, settings: asChangeSees(stored, look.settings, facts) }
      return noticeDrift(stored, seen, { began, since: since(stored), at: at(), ...others })
    }
    if (!notice(change, { recent: [] })) return
    await store.record(change.id, 'app', (stored, ...others) => notice(stored, among(...others)))
    soon(change.id)
  }

  /** A look that begins after this shows the token under this revision. */
  function since({ id, revision, revisedAt }: Change): string {
    const name = `${id} ${revision}`
    if (revisedAt <= at()) return revisedAt
    const from = known.get(name)
    if (from !== undefined && from <= at()) return from
    known.set(name, at())
    return at()
  }

  /** True if a look could be news for something that waits, or something to be written by a recent look. */
  async function isNeeded(): Promise<boolean> {
    return (await store.anythingWaiting()) || (await store.watched(oldestShown(earliest().toISOString()))).length > 0
  }

  function at(): string {
    return now().toISOString()
  }
}

/** The look at each of these tokens; undefined for a change of another token. */
function byToken(tokens: readonly Token[]): (of: TokenRef) => Look | undefined {
  const known = new Map(tokens.map((token) => [JSON.stringify([token.stack, token.uid]), lookAt(token)]))
  return ({ stack, tokenUid }) => known.get(JSON.stringify([stack, tokenUid]))
}
