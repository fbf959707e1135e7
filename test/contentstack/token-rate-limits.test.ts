import { describe, expect, test } from 'vitest'
import { rateLimitPaths, readRateLimits, writeRateLimits } from '../../src/contentstack/token-rate-limits.ts'
import type { RateLimits } from '../../src/domain/token/token.ts'

const fields = { enabled: 'rate_limit_enabled', read: 'rate_limit.read', write: 'rate_limit.write' }
const on = (read: unknown, write: unknown) => ({ rate_limit_enabled: true, rate_limit: { read, write } })

describe('rate limits on a token', () => {
  const organisation = { kind: 'organisation' }
  const ungoverned = { kind: 'ungoverned' }

  test.each<[string, object, object]>([
    [
      'are numbers, or numbers in words',
      { ...on(5, '7'), rate_limit_enabled: 'true' },
      { kind: 'custom', read: 5, write: 7 },
    ],
    ['are those of the organisation when they are off', { ...on(5, 7), rate_limit_enabled: 'false' }, organisation],
    ['are those of the organisation when nothing is said', { ...on(5, 7), rate_limit_enabled: null }, organisation],
    ['are left alone when only one is there', on(5, undefined), ungoverned],
    ['are left alone when only the other is there', on(undefined, 7), ungoverned],
    ['are left alone when one is an empty word', on(5, ' '), ungoverned],
    ['are left alone when one is not a number', on(5, 'many'), ungoverned],
    ['are left alone when one is without end', on(Number.POSITIVE_INFINITY, 7), ungoverned],
    ['are left alone when one is a list', on([5], 7), ungoverned],
    ['are left alone when the switch is neither', { ...on(5, 7), rate_limit_enabled: 'maybe' }, ungoverned],
    ['are left alone when the way to them leads nowhere', { rate_limit_enabled: true, rate_limit: 5 }, ungoverned],
  ])('%s', (_, raw, expected) => {
    expect(readRateLimits({ ...raw }, fields)).toEqual(expected)
  })

  test('are left alone if nobody said which fields they are', () => {
    expect(readRateLimits(on(5, 7), null)).toEqual(ungoverned)
  })
})

describe('written rate limits', () => {
  const custom: RateLimits = { kind: 'custom', read: 5, write: 7 }

  test('change nothing on a token that has them, however it says so', () => {
    const raw = { rate_limit_enabled: 'true', rate_limit: { read: '5', write: 7 } }
    expect(writeRateLimits(raw, custom, fields)).toBe(raw)
  })

  test.each<[string, object, RateLimits, object]>([
    ['are switched on', { name: 'ci' }, custom, { name: 'ci', ...on(5, 7) }],
    ['change one', on('5', '6'), custom, on('5', 7)],
    ['change the other', on('4', '7'), custom, on(5, '7')],
    ['take the place of what is no group', { rate_limit: 5 }, custom, on(5, 7)],
    [
      'leave what else stands beside them',
      { rate_limit: { burst: 1 } },
      custom,
      { rate_limit_enabled: true, rate_limit: { burst: 1, read: 5, write: 7 } },
    ],
    ['are switched off', on(5, 7), { kind: 'organisation' }, { ...on(5, 7), rate_limit_enabled: false }],
    ['are left as they are', on(5, 7), { kind: 'ungoverned' }, on(5, 7)],
  ])('%s', (_, raw, after, expected) => {
    expect(writeRateLimits({ ...raw }, after, fields)).toEqual(expected)
  })
})

test('an operator is shown every field that may be about rate limits, and each that is configured', () => {
  const raw = { name: 'ci', RateLimit: { on: true, per: { second: 5 } }, rate_limit_enabled: 1, quota: 3 }
  const alike = ['RateLimit.on', 'RateLimit.per.second', 'rate_limit_enabled']
  expect(rateLimitPaths(raw, null)).toEqual(alike)
  expect(rateLimitPaths(raw, { ...fields, read: 'quota' })).toEqual([...alike, 'quota'])
  for (const none of ['a token', null]) expect(rateLimitPaths(none, null)).toEqual([])
})
