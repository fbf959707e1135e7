import { expect, test } from 'vitest'
import { createStackTroubles } from '../../../src/workflow/looks/stack-troubles.ts'
import { createClock } from '../../support/clock.ts'

function troubled() {
  const clock = createClock()
  return { ...clock, troubles: createStackTroubles(clock.now) }
}

test('trouble with a stack is new once, and lasts since its first part failed, with the newest words on its lists', () => {
  const { troubles, iso, pass } = troubled()
  const since = iso()
  expect(troubles.fails('website', { token: 't1' }, 'no answer')).toBe(true)
  pass(60)
  expect(troubles.fails('website', 'lists', 'status 503')).toBe(false)
  expect(troubles.of('website')).toEqual({ why: 'status 503', since })
  pass(60)
  expect(troubles.fails('website', 'lists', 'status 502')).toBe(false)
  expect(troubles.of('website')).toEqual({ why: 'status 502', since })
  expect(troubles.of('shop')).toBeNull()
})

test('trouble with the lists that began first counts from then', () => {
  const { troubles, iso, pass } = troubled()
  const since = iso()
  troubles.fails('website', 'lists', 'status 503')
  pass(60)
  troubles.fails('website', { token: 't1' }, 'no answer')
  expect(troubles.of('website')).toEqual({ why: 'status 503', since })
})

test('it is over once every part that failed can be looked at again, and a token stands for itself', () => {
  const { troubles } = troubled()
  troubles.fails('website', 'lists', 'status 503')
  troubles.fails('website', { token: 't1' }, 'no answer')
  troubles.fails('website', { token: 't2' }, 'no answer')
  expect(troubles.tokens()).toEqual([{ stack: 'website', uid: 't1' }])
  expect(troubles.ends('website', { token: 't2' })).toBe(false)
  expect(troubles.ends('website', 'lists')).toBe(false)
  expect([troubles.areListsFailing('website'), troubles.names()]).toEqual([false, ['website']])
  expect(troubles.ends('website', { token: 't1' })).toBe(true)
  expect([troubles.of('website'), troubles.names()]).toEqual([null, []])
})
