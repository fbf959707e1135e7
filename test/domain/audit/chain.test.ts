import { createHmac, hash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Attested,
  auditKey,
  checkpointOf,
  earlierKeys,
  entryHash,
  genesis,
} from '../../../src/domain/audit/chain.ts'

const key = auditKey('a secret of the auditors, and of nobody else')
const other = auditKey('another secret of the auditors, kept elsewhere')

const text = fc.string({ unit: 'grapheme' })
const entry: fc.Arbitrary<Attested> = fc.record({
  seq: fc.nat(),
  at: text,
  actor: text,
  changeId: fc.option(fc.nat()),
  type: text,
  body: text,
  version: fc.nat(),
})

describe('the hash of an entry', () => {
  it('is the same for the same entry, and differs when anything in it differs', () => {
    fc.assert(
      fc.property(entry, entry, (one, two) => {
        const same = JSON.stringify(one) === JSON.stringify(two)
        expect(entryHash(genesis, one, key) === entryHash(genesis, { ...two }, key)).toBe(same)
      }),
    )
  })

  it.each(['seq', 'at', 'actor', 'changeId', 'type', 'body', 'version'] as const)('covers %s', (field) => {
    fc.assert(
      fc.property(entry, entry, (one, two) => {
        fc.pre(one[field] !== two[field])
        expect(entryHash(genesis, { ...one, [field]: two[field] }, key)).not.toBe(entryHash(genesis, one, key))
      }),
    )
  })

  it('does not let text move from one field into the next', () => {
    const one = { seq: 1, at: 'a', actor: 'b', changeId: null, type: 'c', body: '{}', version: 1 }
    expect(entryHash(genesis, { ...one, at: 'ab', actor: '' }, key)).not.toBe(entryHash(genesis, one, key))
  })

  it('covers the entry before, and can be made by nobody without the key', () => {
    const one = { seq: 2, at: 'a', actor: 'b', changeId: null, type: 'c', body: '{}', version: 1 }
    const hashes = [
      entryHash('x', one, key),
      entryHash('y', one, key),
      entryHash('x', one, other),
      entryHash('x', one, null),
    ]
    expect(new Set(hashes).size).toBe(4)
  })
})

describe('a checkpoint', () => {
  it('can be made by nobody without the key', () => {
    const digests = [key, other, null].map((with_) => checkpointOf(7, 'abc', with_).digest)
    expect(new Set(digests).size).toBe(3)
  })

  it('covers how long the log is, and its last entry', () => {
    const one = checkpointOf(7, 'abc', key).digest
    expect(checkpointOf(8, 'abc', key).digest).not.toBe(one)
    expect(checkpointOf(7, 'abd', key).digest).not.toBe(one)
  })
})

describe('the id of a key', () => {
  it('tells keys apart without giving them away', () => {
    expect(key?.id).not.toBe(other?.id)
    expect(key?.id).toMatch(/^[0-9a-f]{16}$/)
    expect(auditKey(null)).toBeNull()
  })
})

it('what an auditor has to hash is spelled out, so that a log of any version can be verified without Countersign', () => {
  const one = { seq: 2, at: 'then', actor: 'app', changeId: 42, type: 'claimed', body: '{}', version: 1 }
  const secret = 'a secret of the auditors, and of nobody else'
  const { id } = key!
  const hashed = (text: string) => hash('sha256', `countersign audit ${text}`)
  const signed = (text: string) => createHmac('sha256', secret).update(`countersign audit ${text}`).digest('hex')
  expect(id).toBe(hashed(`key 1\n${secret}`).slice(0, 16))
  expect(entryHash('x', one, key)).toBe(signed(`entry 1\n["x","${id}",1,2,"then","app",42,"claimed","{}"]`))
  expect(entryHash('x', one, null)).toBe(hashed('entry 1\n["x",null,1,2,"then","app",42,"claimed","{}"]'))
  expect(checkpointOf(7, 'abc', key)).toEqual({ size: 7, head: 'abc', digest: signed('checkpoint 1\n7 abc') })
  expect(genesis).toBe('')
})

it('earlier keys are told apart by their ids, like the current one', () => {
  expect(earlierKeys(['one', 'two'])).toEqual([auditKey('one'), auditKey('two')])
})
