import { isOver } from '../token/expiry.ts'
import { type Change, hasEnded } from './change.ts'

/** The change as it is shown at that instant: its token may have expired since it was asked for. */
export function asOf(change: Change, now: Date): Change {
  return hasEnded(change) || !isOver(change.before.expiresOn, now) ? change : { ...change, asOf: now.toISOString() }
}
