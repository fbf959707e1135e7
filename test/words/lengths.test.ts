import { expect, test } from 'vitest'
import { lengthInWords } from '../../src/words/lengths.ts'

const [minute, hour, day] = [60, 3_600, 86_400]

test.each([
  [0, '0 s'],
  [1, '1 s'],
  [59, '59 s'],
  [minute, '1 min'],
  [3 * minute + 20, '3 min 20 s'],
  [59 * minute + 59, '59 min 59 s'],
  [hour, '1 h'],
  [3 * hour + 20 * minute, '3 h 20 min'],
  [3 * hour + 20 * minute + 29, '3 h 20 min'],
  [3 * hour + 20 * minute + 31, '3 h 21 min'],
  [day - 1, '1 d'],
  [day, '1 d'],
  [day + 59 * minute, '1 d 1 h'],
  [2 * day - 1, '2 d'],
  [10 * day + 4 * hour, '10 d 4 h'],
  [400 * day, '400 d'],
])('%i seconds are %s', (seconds, words) => {
  expect(lengthInWords(seconds)).toBe(words)
})
