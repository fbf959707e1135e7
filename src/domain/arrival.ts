import type { Change, ChangeEvent } from './change.ts'
import { isInForce } from './in-force.ts'
import { isLikeText } from './own-writing.ts'
import { oldestShown } from './stale-look.ts'
import type { Settings } from './token.ts'

/**
 * That an update was found on the token which nobody knew to have arrived: null when `live` shows none. What is applied or about
 * to be is judged by its own looks. One that came in the last moment may be shown only later.
 */
export function arrivalIn(change: Change, live: Settings, at: string): ChangeEvent | null {
  if (change.status === 'applying' || change.status === 'approved' || change.status === 'applied') return null
  const arrived = (change.sends ?? []).findLast(
    ({ after = change.after, seenAt, until }) =>
      seenAt === undefined && oldestShown(at) < until && isInForce({ before: change.before, after }, live, isLikeText),
  )
  return arrived ? { type: 'write_arrived', at, sentAt: arrived.sentAt } : null
}
