import type { Change, ChangeEvent } from '../change/change.ts'
import { same } from '../token/diff.ts'
import type { Settings, Token } from '../token/token.ts'
import { asFarAsKnown } from './governed.ts'
import { type IsToldSince, movedBy } from './moved-by.ts'

/** The token as a look found it, and when it had been edited last, where the stack says so. */
export type Look = { readonly settings: Settings; readonly editedAt: string | null }

/** What a look at a token says of it. */
export function lookAt({ settings, edited }: Pick<Token, 'settings' | 'edited'>): Look {
  return { settings, editedAt: edited?.at ?? null }
}

/**
 * What a look at the token means for a change that still waits for approvals: null when it is as it was. A look that `began`
 * before the change came to be what it is (`since`) may show the token as it was earlier still, and means nothing. Nor does one
 * that began later than it is now: the clock was set back while it was under way.
 */
export function noticeDrift(change: Change, look: Look, { began, since, ...among }: Noticed): ChangeEvent | null {
  if (change.status !== 'pending' || began < since || began > among.at) return null
  const seen = { ...look, settings: asFarAsKnown(change.before, look.settings) }
  return same(seen.settings, change.before) ? null : driftTo(change, seen, among)
}

/** `recent`: the other changes of the token, of those that ended the newest end first. `isToldSince`: see `moved-by.ts`. */
export type Among = Readonly<{ recent: readonly Change[]; isToldSince?: IsToldSince | undefined }>

type Noticed = Among & Readonly<{ began: string; since: string; at: string }>

/** Where no look is dated, one that is older than what is known can't always be told from one that shows an edit. */
export function driftTo(
  change: Change,
  { settings: live, editedAt }: Look,
  { at, recent, isToldSince }: Among & { readonly at: string },
): Extract<ChangeEvent, { type: 'drift_found' }> {
  const undated = editedAt === null ? ({ undated: true } as const) : {}
  return { type: 'drift_found', at, live, ...movedBy(change, live, recent, { at, isToldSince }), ...undated }
}
