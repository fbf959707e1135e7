import { expect, test } from 'vitest'
import { pauseAfter } from '../../src/domain/pause.ts'

test('the pause before the next try doubles up to half a minute, and is randomly shortened to half at most', () => {
  const failures = [1, 2, 3, 4, 5, 6, 7, 1000, 2001]
  const [most, least] = [1, 0].map((chance) => failures.map((n) => pauseAfter(n, chance)))
  expect(most).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000])
  expect(least).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000, 15_000])
})
