import { type Column, gt, lte, or } from 'drizzle-orm'

/** Longer than anybody holds anything, in milliseconds. */
const longestMs = 60_000

/**
 * Nobody holds what this column says is held until then, in milliseconds since 1970. A time that is further away than anybody
 * holds anything was not written by the app, or before the clock was set back: it must not keep a word from people for ever.
 */
export function isFree(until: Column, now: Date) {
  return or(lte(until, now.getTime()), gt(until, now.getTime() + longestMs))
}
