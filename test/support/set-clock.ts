import type { Outside } from './core.ts'

/**
 * The same surroundings, with a clock that somebody sets by that many seconds, while time goes on for everything else.
 */
export function withSetClock(outside: Outside) {
  const { clock } = outside
  let ahead = 0
  const now = () => new Date(clock.now().getTime() + ahead)
  const set = (seconds: number) => {
    ahead += seconds * 1000
  }
  return { outside: { ...outside, clock: { ...clock, now, iso: () => now().toISOString() } }, now, set }
}
