import type { Change } from '../change/change.ts'
import type { ChangeEvent } from '../change/event.ts'
import { same } from '../token/diff.ts'
import type { Settings, Token } from '../token/token.ts'
import { asFarAsKnown } from './governed.ts'
import { type IsToldSince, movedBy } from './moved-by.ts'

/** The token as a look found it, and when it was last edited, if the stack says so. */
export type Look = { readonly settings: Settings; readonly editedAt: string | null }

export function lookAt({ settings, edited }: Pick<Token, 'settings' | 'edited'>): Look {
  return { settings, editedAt: edited?.at ?? null }
}

/**
 * The event of a look that found the token moved, for a change that still waits for approvals; null if it has not
 * moved. A look that `began` before the change got its present form (`since`) may show an even older token, and proves
 * nothing. Nor does one that began later than now: the clock was set back while it was under way.
 */
export function noticeDrift(change: Change, look: Look, { began, since, ...among }: Noticed): ChangeEvent | null {
  if (change.status !== 'pending' || began < since || began > among.at) return null
  const seen = { ...look, settings: asFarAsKnown(change.before, look.settings) }
  return same(seen.settings, change.before) ? null : driftTo(change, seen, among)
}

/**
 * `recent`: the token's other changes, of which the ended ones have the latest end first. `isToldSince`: see
 * `moved-by.ts`.
 */
export type Among = Readonly<{ recent: readonly Change[]; isToldSince?: IsToldSince | undefined }>

type Noticed = Among & Readonly<{ began: string; since: string; at: string }>

/** If looks have no dates, one that is older than what is known can't always be told from one that shows an edit. */
export function driftTo(
  change: Change,
  { settings: live, editedAt }: Look,
  { at, recent, isToldSince }: Among & { readonly at: string },
): Extract<ChangeEvent, { type: 'drift_found' }> {
  const undated = editedAt === null ? ({ undated: true } as const) : {}
  return { type: 'drift_found', at, live, ...movedBy(change, live, recent, { at, isToldSince }), ...undated }
}
