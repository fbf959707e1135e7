import { and, type Column, gt, lte, or } from 'drizzle-orm'
import type { SteadyClock } from '../../steady-clock.ts'
import { longestHoldMs } from '../longest-hold.ts'

/**
 * True if this column's hold (milliseconds since 1970) is over. Checked also by what the clock would show had nobody
 * set it, since another process may be holding it. A time further ahead than any hold lasts was not written by the app,
 * or dates from before the clock was set back: it must not keep a message from people for ever.
 */
export function isFree(until: Column, { now, earliest, latest }: SteadyClock) {
  const at = now().getTime()
  const asUnset = latest()?.getTime() ?? at
  const isOfAnotherClock = or(lte(until, asUnset), gt(until, asUnset + longestHoldMs))
  return or(lte(until, earliest().getTime()), and(gt(until, at + longestHoldMs), isOfAnotherClock))
}
