import { longestLagMs } from './domain/looks/stale-look.ts'

export type SteadyClock = ReturnType<typeof createSteadyClock>

/** A clock is set only where it has moved by more than this beside the time that passed. */
const noStepMs = 1000

/** How far a clock may have been set forward before a process began, as far as the app reckons with it. */
export const mostSetForwardMs = 24 * 60 * 60_000

/**
 * Tells what the wall clock shows, and what it would show had nobody set it in the last half hour (a look may be a quarter of
 * an hour old, and what it shows another): no instant that this process has noted since lies further back from `earliest` than time has passed, nor after `latest`. `monotonic`: milliseconds
 * that pass, whatever is done to the clock.
 */
export function createSteadyClock(wall: () => Date, monotonic: () => number) {
  const began = monotonic()
  /** How far the wall clock was before the other, and from when on; the last one holds still. */
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

  /** As `earliest`, of all that was noted since this process began: for what is forgotten, and may well be kept for longer. */
  function earliestEver(): Date {
    now()
    return new Date(monotonic() + furthestBack)
  }

  /** `earliest` for what may have been noted before this process began: since then no more than its own time is known to have passed. */
  function earliestAfter(noted: string): Date {
    const at = earliest()
    const since = at.getTime() - Date.parse(noted)
    const isKnown = age() > longestLagMs || !(since > age()) || since > mostSetForwardMs
    return isKnown ? at : new Date(Date.parse(noted) + age())
  }

  /** An instant that was noted, as early as it may have been had nobody set the clock. */
  function asUnset(at: string): string {
    const time = Date.parse(at)
    return Number.isNaN(time) ? at : new Date(time - (wall().getTime() - earliest().getTime())).toISOString()
  }

  /** How long it has run, in milliseconds: it knows nothing of how the clock was set before. */
  function age(): number {
    return monotonic() - began
  }

  /** Null while what is noted later may be from before this process, which knows nothing of how the clock was set then. */
  function latest(): Date | null {
    const at = now().getTime()
    if (age() <= longestLagMs) return null
    return new Date(Math.max(at, monotonic() + Math.max(...offsets.map(({ ms }) => ms))))
  }
}
