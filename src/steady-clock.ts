import { dayMs } from './domain/day.ts'
import { longestLagMs } from './domain/looks/stale-look.ts'

export type SteadyClock = ReturnType<typeof createSteadyClock>

/** A clock counts as set only if it has moved by more than this beyond the time that passed. */
const noStepMs = 1000

/** The furthest forward that the app assumes a clock was set before the process began. */
export const mostSetForwardMs = dayMs

/**
 * Tells what the wall clock shows, and what it would show if nobody had set it in the last half hour (a look may be a
 * quarter of an hour old, and the state it shows another quarter): no instant that this process has noted since is
 * further before `earliest` than the time that has passed, or after `latest`. `monotonic`: milliseconds that pass,
 * whatever is done to the clock.
 */
export function createSteadyClock(wall: () => Date, monotonic: () => number) {
  const began = monotonic()
  /** How far the wall clock was ahead of the other, and from when on; the last one still holds. */
  let offsets: { readonly since: number; readonly ms: number }[] = []
  let furthestBack = Number.POSITIVE_INFINITY
  now()
  return { now, earliest, earliestEver, earliestAfter, latest, asUnset, age }

  function now(): Date {
    const at = wall()
    const since = monotonic()
    const ms = at.getTime() - since
    furthestBack = Math.min(furthestBack, ms)
    const last = offsets.at(-1)
    if (last === undefined || Math.abs(ms - last.ms) > noStepMs) offsets.push({ since, ms })
    const isOver = (i: number) => since - (offsets[i + 1]?.since ?? since) > 2 * longestLagMs
    offsets = offsets.filter((_, i) => !isOver(i))
    return at
  }

  function earliest(): Date {
    const at = now().getTime()
    return new Date(Math.min(at, monotonic() + Math.min(...offsets.map(({ ms }) => ms))))
  }

  /**
   * Like `earliest`, for everything noted since this process began: for things to be forgotten, which may well be kept
   * for longer.
   */
  function earliestEver(): Date {
    now()
    return new Date(monotonic() + furthestBack)
  }

  /**
   * `earliest` for something that may have been noted before this process began: since then, only the process's own
   * time is known to have passed.
   */
  function earliestAfter(noted: string): Date {
    const at = earliest()
    const since = at.getTime() - Date.parse(noted)
    const isKnown = age() > longestLagMs || !(since > age()) || since > mostSetForwardMs
    return isKnown ? at : new Date(Date.parse(noted) + age())
  }

  /** A noted instant, as early as it may have been if nobody had set the clock. */
  function asUnset(at: string): string {
    const time = Date.parse(at)
    return Number.isNaN(time) ? at : new Date(time - (wall().getTime() - earliest().getTime())).toISOString()
  }

  /** How long the process has run, in milliseconds: it knows nothing about earlier settings of the clock. */
  function age(): number {
    return monotonic() - began
  }

  /**
   * Null while something noted as later may be from before this process, which knows nothing about how the clock was
   * set then.
   */
  function latest(): Date | null {
    const at = now().getTime()
    if (age() <= longestLagMs) return null
    return new Date(Math.max(at, monotonic() + Math.max(...offsets.map(({ ms }) => ms))))
  }
}
