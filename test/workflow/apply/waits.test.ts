import { expect, test } from 'vitest'
import { mostSetForwardMs } from '../../../src/steady-clock.ts'
import { createWaits } from '../../../src/workflow/apply/waits.ts'

const longestMs = 900_000
const now = Date.parse('2026-06-01T09:00:00.000Z')

/** The wait of a process that has run for `age` milliseconds, until so many before now. */
function left({ age, ago, outlives }: { age: number; ago: number; outlives: boolean }): number {
  const { msLeft } = createWaits({ earliest: () => new Date(now), age: () => age }, () => age)
  const until = new Date(now - ago).toISOString()
  return msLeft({ name: 'a wait', until, longestMs, ...(outlives && { outlivesTheClock: true }) })
}

test.each([
  ['is over by the clock, but the clock may be wrong', { age: 100_000, ago: 3_600_000, outlives: true }, 800_000],
  ['a process has sat through', { age: longestMs, ago: 3_600_000, outlives: true }, 0],
  ['is almost longer ago than any clock is wrong by', { age: 0, ago: mostSetForwardMs - 1, outlives: true }, longestMs],
  ['is longer ago than any clock is wrong by', { age: 0, ago: mostSetForwardMs, outlives: true }, 0],
  ['was over when a process began', { age: 100_000, ago: 1000, outlives: false }, 0],
  ['a process that runs for long meets over', { age: longestMs + 1, ago: 1000, outlives: false }, longestMs],
  ['is to come', { age: 100_000, ago: -5000, outlives: false }, 5000],
  ['is to come in longer than it may last', { age: 100_000, ago: -2 * longestMs, outlives: false }, longestMs],
])('a wait that %s lasts as long as it safely has to', (_, met, ms) => {
  expect(left(met)).toBe(ms)
})
