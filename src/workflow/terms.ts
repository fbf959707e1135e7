import { byTheClock, type Term } from '../domain/change/term.ts'
import { createSteadyClock } from '../steady-clock.ts'

export type Terms = ReturnType<typeof createTerms>

type Clocks = {
  readonly now: () => Date
  /** Milliseconds that pass, whatever is done to the clock. */
  readonly monotonic: () => number
}

/**
 * Tells how much is left of what changes wait for: by the clock when this process first meets it, and from then on by time that
 * passes. A clock that is set ends nothing early, and keeps nothing waiting.
 */
export function createTerms({ now, monotonic }: Clocks) {
  const { earliest } = createSteadyClock(now, monotonic)
  let ends = new Map<string, number>()
  let before: ReadonlyMap<string, number> = new Map()
  return { msLeft, forgetOthers }

  /** In milliseconds; nothing from 0 on. */
  function msLeft(term: Term): number {
    const { name } = term
    const end = ends.get(name) ?? before.get(name) ?? monotonic() + byTheClock(earliest().toISOString())(term)
    ends.set(name, end)
    return end - monotonic()
  }

  /** Those that were not asked for since the last time: nothing waits for them any more. */
  function forgetOthers(): void {
    before = ends
    ends = new Map()
  }
}
