import { mostSetForwardMs, type SteadyClock } from '../../steady-clock.ts'

/**
 * A wait until an instant by the wall clock, and `longestMs` at most from when it was noted. `outlivesTheClock`: a wait
 * noted before this process began is judged only by its own time, unless that is longer ago than any clock is wrong by.
 */
type Span = {
  readonly name: string
  readonly until: string
  readonly longestMs: number
  readonly outlivesTheClock?: true
}

/**
 * Tells how long a wait that must not be cut short still lasts, by time that passes: once this process knows of it,
 * setting the wall clock makes it neither shorter, nor longer than it may be.
 */
export function createWaits({ earliest, age }: Pick<SteadyClock, 'earliest' | 'age'>, monotonic: () => number) {
  const ends = new Map<string, number>()
  return { msLeft }

  /** In milliseconds; 0 or less once it is over. */
  function msLeft(span: Span): number {
    const end = ends.get(span.name) ?? monotonic() + longestLeft(span)
    ends.set(span.name, end)
    return end - monotonic()
  }

  /**
   * A process that has run for longer than this meets a wait soon after it was noted. If the wait seems over by then,
   * the clock that noted it has been set since.
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
