import { mostSetForwardMs, type SteadyClock } from '../steady-clock.ts'

/**
 * What lasts until an instant by the wall clock, and `longestMs` at most from when it was noted. `outlivesTheClock`: of what was
 * noted before this process began only its own time tells, unless that is longer ago than any clock is wrong by.
 */
type Span = {
  readonly name: string
  readonly until: string
  readonly longestMs: number
  readonly outlivesTheClock?: true
}

/**
 * Tells how much is left of what must not be cut short, by time that passes: once this process knows of it, a wall clock that
 * is set makes it no shorter, nor longer than it may be.
 */
export function createWaits({ earliest, age }: Pick<SteadyClock, 'earliest' | 'age'>, monotonic: () => number) {
  const ends = new Map<string, number>()
  return { msLeft }

  /** In milliseconds; nothing is left from 0 on. */
  function msLeft(span: Span): number {
    const end = ends.get(span.name) ?? monotonic() + longestLeft(span)
    ends.set(span.name, end)
    return end - monotonic()
  }

  /**
   * A process that has run for longer than that meets a wait soon after it was noted. One that seems over by then was noted by a
   * clock that was set since.
   */
  function leftWhereUnmet(longestMs: number): number {
    return age() > longestMs ? longestMs : 0
  }

  function longestLeft({ until, longestMs, outlivesTheClock }: Span): number {
    const left = Date.parse(until) - earliest().getTime()
    const leftByAge = outlivesTheClock ? longestMs - age() : leftWhereUnmet(longestMs)
    return Math.min(Math.max(left, -left < mostSetForwardMs ? leftByAge : 0, 0), longestMs)
  }
}
