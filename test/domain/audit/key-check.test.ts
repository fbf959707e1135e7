import { describe, expect, test } from 'vitest'
import type { AuditKey } from '../../../src/domain/audit/chain.ts'
import type { Keys } from '../../../src/domain/audit/chain-check.ts'
import { keyFault, keyProblem } from '../../../src/domain/audit/key-check.ts'
import { keyOrderOf } from '../../../src/domain/audit/key-order.ts'
import { foreign, key, old } from '../../support/chained.ts'

type Said = AuditKey | { by: AuditKey; type: string; body?: string }

/** The objections to continuing behind entries with these keys, the last of which is #41. */
function asked(said: readonly Said[], keys: Keys) {
  const entries = said.map((one) => {
    const { by, type = 'stopped', body = '{}' } = one && 'by' in one ? one : { by: one }
    return { key: by?.id ?? null, type, body }
  })
  const last = entries.at(-1)
  const given = [last ? { ...last, seq: 41 } : null, keys, () => keyOrderOf(entries, keys)] as const
  return { fault: keyFault(...given), problem: keyProblem(...given) }
}

const left = (by: AuditKey) => ({ by, type: 'key_left' })
const started = (by: AuditKey, oneWayKeys?: true) => {
  return { by, type: 'started', body: JSON.stringify({ version: '1', oneWayKeys }) }
}
const lost = ({ id }: NonNullable<AuditKey>) => {
  return { by: null, type: 'key_lost', body: JSON.stringify({ key: id, upTo: 40 }) }
}

describe('a log may be written on', () => {
  test.each<[string, readonly Said[], AuditKey, NonNullable<AuditKey>[]]>([
    ['an empty one, without a key', [], null, []],
    ['an empty one with a key', [], key, []],
    ['with the key of its last entry', [key], key, []],
    ['with another one, when that of its last entry is among the earlier ones', [old], key, [foreign, old]],
    ['with a third one', [old, key], foreign, [old, key]],
    ['with its first key', [null], key, []],
    ['without one, when it has none', [null], null, []],
    ['without one, when its key was left on purpose', [left(key)], null, []],
    ['with another one after that', [left(key)], foreign, []],
    ['with the same one after that', [left(key), null], key, []],
    ['with another one when it was left a while ago', [left(key), null, started(null), null], foreign, [key]],
    ['with a new one, when the one before was lost', [old, lost(old), null], key, []],
    ['with a key that an older Countersign took up again', [started(key), started(old), started(key)], key, [old]],
    ['with a new one behind that', [started(key), started(old), started(key)], foreign, [key, old]],
  ])('%s', (_, said, current, earlier) => {
    expect(asked(said, { current, earlier })).toEqual({ fault: null, problem: null })
  })
})

describe('and may not', () => {
  test('without the key of its last entry, even if that is among the earlier ones', () => {
    for (const earlier of [[], [key]])
      expect(asked([key], { current: null, earlier }).problem).toMatch(
        /with a key up to its last entry, #41, but AUDIT_KEY is not set\. Set it as before\. .*leave-key/,
      )
  })

  test('with a key that is not that of its last entry', () => {
    for (const earlier of [[], [foreign]])
      expect(asked([old], { current: key, earlier }).problem).toMatch(
        /#41, was not written with AUDIT_KEY but with another key\. Set AUDIT_KEY to that one\. .*AUDIT_KEY_PREVIOUS/,
      )
  })

  test('with a replaced key, nor after entries made with one', () => {
    const back =
      /not written with AUDIT_KEY, which was in use before.* set AUDIT_KEY to the key of the last entry, or to a new/
    for (const said of [
      [old, key],
      [started(old), started(key)],
      [old, left(key)],
    ])
      expect(asked(said, { current: old, earlier: [key] }).problem).toMatch(back)
    expect(asked([old, key, old], { current: key, earlier: [old] }).problem).toMatch(back)
    expect(asked([old, key, lost(key)], { current: old, earlier: [] }).problem).toMatch(back)
  })

  test('with a third key after entries made with a replaced one', () => {
    const forged = /#41, was written with a key that had already been replaced\..*put the last backup/
    const keys = { current: foreign, earlier: [key, old] }
    expect(asked([old, key, old], keys).problem).toMatch(forged)
    expect(asked([old, started(key, true), started(old)], keys).problem).toMatch(forged)
  })

  test('after entries without a key that nobody left', () => {
    const forged = /#41, was written without a key, although earlier entries have one\..*put the last backup/
    for (const said of [
      [key, null],
      [key, null, null],
      [left(key), old, null],
      [key, lost(key)],
      [key, lost(foreign)],
    ])
      expect(asked(said, { current: key, earlier: [old] }).problem).toMatch(forged)
  })
})
