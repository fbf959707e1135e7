import { isOver } from '../token/expiry.ts'
import { type Change, hasEnded } from './change.ts'

/** The change as it is shown at that instant: its token may have expired since it was asked for. */
export function asOf(change: Change, now: Date): Change {
  return hasEnded(change) || !isOver(change.before.expiresOn, now) ? change : { ...change, asOf: now.toISOString() }
}

/** True if the token has expired since this was asked for: an edit of its expiry now makes it work again. */
export function hasExpiredMeanwhile(change: Change, now: Date): boolean {
  const { before, after, revisedAt } = change
  if (hasEnded(change) || before.expiresOn === after.expiresOn) return false
  return isOver(before.expiresOn, now) && !isOver(before.expiresOn, new Date(revisedAt))
}
