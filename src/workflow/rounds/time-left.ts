import { byTheClock, type Term } from '../../domain/change/term.ts'
import { createSteadyClock } from '../../steady-clock.ts'

export type Terms = ReturnType<typeof createTerms>

type Clocks = {
  readonly now: () => Date
  /** Milliseconds that pass, whatever is done to the clock. */
  readonly monotonic: () => number
}

/**
 * Tells how long the waits of changes still last: by the clock when this process first meets one, and from then on by
 * time that passes. Setting the clock ends nothing early, and keeps nothing waiting.
 */
export function createTerms({ now, monotonic }: Clocks) {
  const { earliest } = createSteadyClock(now, monotonic)
  let ends = new Map<string, number>()
  let before: ReadonlyMap<string, number> = new Map()
  return { msLeft, forgetOthers }

  /** In milliseconds; 0 or less once it is over. */
  function msLeft(term: Term): number {
    const { name } = term
    const end = ends.get(name) ?? before.get(name) ?? monotonic() + byTheClock(earliest().toISOString())(term)
    ends.set(name, end)
    return end - monotonic()
  }

  /** Forgets the waits that were not asked for since the last call: nothing waits for them any more. */
  function forgetOthers(): void {
    before = ends
    ends = new Map()
  }
}
