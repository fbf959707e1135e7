import { expect, test } from 'vitest'
import { mostAsked, requirePace } from '../../src/domain/asks-an-hour.ts'

const times = (count: number) => ({
  asked: Array.from({ length: count }, (_, i) => new Date(Date.UTC(2026, 5, 1, 9, 0, 30 + i)).toISOString()),
})

test('somebody may ask for something until they have done so as often as they may within an hour', () => {
  expect(() => requirePace(times(mostAsked - 1))).not.toThrow()
})

test('somebody who has asked for too much is told when they can go on: an hour after the first request', () => {
  expect(() => requirePace(times(mostAsked))).toThrow(/at most 100 changes.*Nothing was sent.*10:01 UTC/)
  expect(() => requirePace(times(mostAsked + 60))).toThrow(/at 10:02 UTC/)
})
