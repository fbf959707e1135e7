import { expect, test } from 'vitest'
import { createRetries } from '../../../src/workflow/rounds/retries.ts'
import { createClock } from '../../support/clock.ts'

test('a change that failed waits twice as long each time, up to a minute, and others go on', () => {
  const { now, pass } = createClock()
  const retries = createRetries(now)
  const waits = [1, 2, 3, 4, 5, 6, 7].map(() => {
    retries.waitLonger(1)
    let seconds = 0
    for (; !retries.inOrder([1, 2]).includes(1) && seconds < 1000; seconds += 1) {
      expect(retries.inOrder([1, 2])).toEqual([2])
      pass(1)
    }
    return seconds
  })
  expect(waits).toEqual([2, 4, 8, 16, 32, 60, 60])
})

test('changes that failed come before others, and are tried with the last of them that may be', () => {
  const { now, pass } = createClock()
  const retries = createRetries(now)
  for (const id of [3, 3, 1, 2, 2, 2]) retries.waitLonger(id)
  pass(2)
  expect(retries.inOrder([1, 2, 3, 4])).toEqual([3, 1, 4])
  expect(retries.inOrder([2, 4])).toEqual([4])
})

test('a change that worked is in no hurry and waits for nothing', () => {
  const retries = createRetries(createClock().now)
  retries.waitLonger(2)
  expect(retries.inOrder([1, 2])).toEqual([1])
  retries.end(2)
  expect(retries.inOrder([1, 2])).toEqual([1, 2])
})

test('a clock that was set back puts nothing off for longer than a minute', () => {
  const { now, pass } = createClock()
  const retries = createRetries(now)
  retries.waitLonger(1)
  pass(-3600)
  expect(retries.inOrder([1])).toEqual([1])
})
