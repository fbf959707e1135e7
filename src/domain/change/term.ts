import type { Change } from './change.ts'

/**
 * A wait of a change: until an instant, as the clock showed it when that was set, and for `longestMs` at most from then
 * on. `name`: unique.
 */
export type Term = { readonly name: string; readonly until: string; readonly longestMs: number }

/**
 * How much of it is left, in milliseconds: 0 or less once it is over. A process that ran all the while knows, whatever
 * its clock shows.
 */
export type MsLeft = (term: Term) => number

/** As far as the clock alone can tell at an instant. A clock that was set back makes nothing longer than it may be. */
export function byTheClock(at: string): MsLeft {
  return ({ until, longestMs }) => Math.min(Date.parse(until) - Date.parse(at), longestMs)
}

/** How long it may wait before it expires. Changes left waiting by the first release have no end. */
export function lifeOf({ id, revision, expiresAt, ...change }: Change): Term {
  const lives = Date.parse(expiresAt) - Date.parse(askedAt(change))
  const longestMs = Number.isNaN(lives) ? Number.POSITIVE_INFINITY : lives
  return { name: `life ${id} ${revision}`, until: expiresAt, longestMs }
}

/** Each reminder waits twice as long as the one before. */
export function reminderOf({ id, revision, remindAt, reminders }: Change, firstAfterMs: number): Term {
  return { name: `reminder ${id} ${revision} ${remindAt}`, until: remindAt, longestMs: firstAfterMs * 2 ** reminders }
}

/**
 * An edit does not shorten the wait: it counts from the edit if nobody has nudged since. There is none after a rebase,
 * which only redraws the card: nobody was told of it.
 */
export function nudgeOf({ id, nudgedAt, ...change }: Change, everyMs: number): Term {
  const last = nudgedAt ?? askedAt(change)
  if (nudgedAt === null && change.rebased?.revision === change.revision)
    return { name: `nudge ${id} ${last} rebased`, until: last, longestMs: 0 }
  const until = new Date(Date.parse(last) + everyMs).toISOString()
  return { name: `nudge ${id} ${last}`, until, longestMs: everyMs }
}

/** Changes of the first release don't say when they were revised. */
function askedAt({ revisedAt, proposedAt }: Pick<Change, 'revisedAt' | 'proposedAt'>): string {
  return revisedAt || proposedAt
}
