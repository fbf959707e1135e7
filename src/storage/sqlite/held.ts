import { and, type Column, gt, lte, or } from 'drizzle-orm'
import type { SteadyClock } from '../../steady-clock.ts'

/** Longer than anybody holds anything, in milliseconds. */
const longestMs = 60_000

/**
 * Nobody holds what this column says is held until then, in milliseconds since 1970: also by what the clock would show had nobody
 * set it, since what is held is under way in another process. A time that is further away than anybody holds anything was not
 * written by the app, or before the clock was set back: it must not keep a word from people for ever.
 */
export function isFree(until: Column, { now, earliest, latest }: SteadyClock) {
  const at = now().getTime()
  const asUnset = latest()?.getTime() ?? at
  const isOfAnotherClock = or(lte(until, asUnset), gt(until, asUnset + longestMs))
  return or(lte(until, earliest().getTime()), and(gt(until, at + longestMs), isOfAnotherClock))
}
