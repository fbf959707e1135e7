import { describe, expect, test } from 'vitest'
import { keyProblem } from '../../src/domain/key-check.ts'
import { foreign, key, old } from '../support/chained.ts'

const lastBy = (by: { id: string } | null, type = 'stopped') => ({ seq: 41, key: by?.id ?? null, type })

describe('a log may be written on', () => {
  test.each([
    ['an empty one, with or without a key', null, null, []],
    ['an empty one with a key', null, key, []],
    ['with the key of its last entry', lastBy(key), key, []],
    ['with another one, when that of its last entry is among the earlier ones', lastBy(old), key, [foreign, old]],
    ['with its first key', lastBy(null), key, []],
    ['without one, when it has none', lastBy(null), null, []],
    ['without one, when its key was left on purpose', lastBy(key, 'key_left'), null, []],
    ['with another one after that', lastBy(key, 'key_left'), foreign, []],
  ] as const)('%s', (_, last, current, earlier) => {
    expect(keyProblem(last, { current, earlier })).toBeNull()
  })
})

describe('and may not', () => {
  test('without the key of its last entry, even when that is among the earlier ones', () => {
    for (const earlier of [[], [key]])
      expect(keyProblem(lastBy(key), { current: null, earlier })).toMatch(
        /with a key up to its last entry, #41, and AUDIT_KEY is not set\. Set it as before\. .*leave-key/,
      )
  })

  test('with a key that is not that of its last entry', () => {
    for (const earlier of [[], [foreign]])
      expect(keyProblem(lastBy(old), { current: key, earlier })).toMatch(
        /#41, was written with another key than AUDIT_KEY\. Set AUDIT_KEY to that one\. .*AUDIT_KEY_PREVIOUS/,
      )
  })
})
