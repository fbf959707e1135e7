import { describe, expect, test } from 'vitest'
import type { Anchors } from '../../../src/domain/audit/anchor-check.ts'
import { type AuditKey, checkpointOf, entryHash, genesis } from '../../../src/domain/audit/chain.ts'
import type { Entry } from '../../../src/domain/audit/chain-check.ts'
import { createAnswer } from '../../../src/domain/audit/finding.ts'
import { createVerifier } from '../../../src/domain/audit/verify.ts'
import { canonicalJson } from '../../../src/domain/canonical.ts'
import { type By, chained, key, logBy, old } from '../../support/chained.ts'
import { lease } from '../../support/changes.ts'
import { proposal } from '../../support/world.ts'

const now = new Date('2027-01-01T00:00:00.000Z')

function verify(entries: readonly Entry[], current: AuditKey = key, ...earlier: NonNullable<AuditKey>[]) {
  const verifier = createVerifier({ keys: { current, earlier }, anchors: null, isStored: false, now })
  for (const entry of entries) verifier.feed(entry)
  return verifier.end()
}

describe('a log that was not always written with this key', () => {
  test('is intact if the older entries are covered by its first entry with the key', () => {
    const { intact, counts } = verify(logBy('unchained', 'unchained', null, null, key, key))
    expect(intact).toMatchObject({ holds: true })
    expect(counts).toEqual({ unchained: 2, keyless: 2, keyed: 2 })
  })

  test('is not when an entry from before it was chained is edited', () => {
    const entries = logBy('unchained', 'unchained', key)
    const { intact } = verify([entries[0]!, { ...entries[1]!, actor: 'mallory' }, entries[2]!])
    expect(intact.wrong.first).toEqual([
      { seq: 3, what: expect.stringContaining('an entry from before the log was chained was altered') },
    ])
  })

  test.each<[string, By[], number]>([
    ['goes on without the key', [key, null, key], 2],
    ['goes on without being chained', [key, 'unchained', key], 2],
    ['ends without the key', [null, null], 2],
    ['ends with an earlier one', [key, old], 2],
  ])('is not when it %s', (_, keys, seq) => {
    expect(verify(logBy(...keys), key, old).intact.wrong.first[0]).toMatchObject({ seq })
  })

  test('is intact after the key was changed, but only if the earlier one is given', () => {
    const entries = logBy(old, old, old, key, key)
    expect(verify(entries, key, old).intact.holds).toBe(true)
    const { intact } = verify(entries)
    expect(intact.holds).toBeNull()
    expect(intact.untold).toEqual({
      count: 1,
      first: [{ seq: 1, what: expect.stringContaining('AUDIT_KEY_PREVIOUS') }],
    })
    const edited = entries.map((entry, i) => (i === 1 ? { ...entry, actor: 'mallory' } : entry))
    expect(verify(edited, key, old).intact.holds).toBe(false)
  })

  test("can't be told to be intact without any key", () => {
    expect(verify(logBy(null, key), null).intact).toMatchObject({ holds: null, wrong: { count: 0 } })
    expect(verify(logBy(null, null), null).intact.holds).toBe(true)
    expect(verify(logBy('unchained'), null).intact.untold.first[0]!.what).toMatch('no entry is chained yet')
    expect(verify([], key).intact.holds).toBe(true)
  })
})

test('an entry that a newer version wrote is not judged', () => {
  const [entry] = logBy(key)
  const newer = { ...entry!, version: 2 }
  const { intact } = verify([{ ...newer, hash: entryHash(genesis, newer, key) }])
  expect([intact.holds, intact.untold.first[0]!.what]).toEqual([null, expect.stringMatching('newer Countersign')])
  const unknown = { ...entry!, type: 'blessed' }
  const { intact: other } = verify([{ ...unknown, hash: entryHash(genesis, unknown, key) }])
  expect([other.holds, other.untold.first[0]!.what]).toEqual([null, expect.stringMatching('does not know: blessed')])
})

test('of thousands of wrong entries it names the first few, and says how many there are', () => {
  const entries = logBy(...Array.from({ length: 3000 }, () => key)).map((entry) => ({ ...entry, actor: 'mallory' }))
  const { wrong } = verify(entries).intact
  expect(wrong.count).toBe(3000)
  expect(wrong.first.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
})

describe('the completeness of a log', () => {
  const entries = logBy(key, key, key)
  const anchor = (size: number, head: string) => ({ ...checkpointOf(size, head, key), from: 'an anchor' })
  const held = (anchors: Anchors, given: readonly Entry[] = entries, gaps = false) => {
    const verifier = createVerifier({ keys: { current: key, earlier: [] }, anchors, isStored: false, gaps, now })
    for (const entry of given) verifier.feed(entry, entries[entry.seq - 2]?.hash ?? genesis)
    return verifier.end()
  }

  test('is shown by an anchor, and one is enough', () => {
    const { complete, anchorsMet, size, head, lastKey } = held([anchor(2, entries[1]!.hash!)])
    expect([complete.holds, anchorsMet]).toEqual([true, 1])
    expect([size, head, lastKey]).toEqual([3, entries[2]!.hash, key.id])
  })

  test('cannot be told without any, though nothing speaks against it', () => {
    for (const anchors of [null, []]) expect(held(anchors).complete).toMatchObject({ holds: null, wrong: { count: 0 } })
  })

  test('is denied by an anchor that is not met, even next to one that is', () => {
    const cut = held([anchor(2, entries[1]!.hash!), anchor(4, 'a fourth')])
    expect([cut.complete.holds, cut.anchorsMet, cut.intact.holds]).toEqual([false, 1, true])
    expect(held([anchor(2, 'another')]).complete.holds).toBe(false)
  })

  test('is denied by an apply that nobody approved, with or without an anchor', () => {
    const said = { at: '2026-06-01', actor: 'app', changeId: 42, version: 1, by: key }
    const applied = chained([
      { ...said, seq: 1, type: 'proposed', body: canonicalJson(proposal()) },
      { ...said, seq: 2, type: 'apply_started', body: canonicalJson({ lease, seal: 'made up' }) },
    ])
    const { complete, intact } = verify(applied)
    expect([intact.holds, complete.holds]).toEqual([true, false])
    expect(complete.wrong.first[0]).toMatchObject({ seq: 2, what: expect.stringContaining('begins an apply') })
  })

  test('is not asked about a part of it, in which each entry is checked by itself', () => {
    const { intact, complete, anchorsMet } = held([anchor(1, 'another'), anchor(9, 'gone')], [entries[1]!], true)
    expect([intact.holds, complete.holds, anchorsMet]).toEqual([true, null, 0])
    const cancelled = { ...entries[1]!, type: 'cancelled', changeId: 1 }
    const part = { ...cancelled, hash: entryHash(entries[0]!.hash!, cancelled, key) }
    expect(held(null, [part], true).intact.holds).toBe(true)
  })

  test('and a part of it is not compared with what is stored, as the whole is', () => {
    const said = { seq: 1, at: '2026-06-01', actor: 'app', changeId: 42, version: 1, by: key }
    const proposed = chained([{ ...said, type: 'proposed', body: canonicalJson(proposal()) }])
    for (const [gaps, compared] of [
      [false, [42]],
      [true, []],
    ] as const) {
      const verifier = createVerifier({
        keys: { current: key, earlier: [] },
        anchors: null,
        isStored: true,
        gaps,
        now,
      })
      for (const entry of proposed) verifier.feed(entry, genesis)
      expect([...verifier.ended(), ...verifier.open()].map(({ change }) => change.id)).toEqual(compared)
    }
  })

  test('and findings outside its entries count against it too', () => {
    const verifier = createVerifier({ keys: { current: key, earlier: [] }, anchors: null, isStored: false, now })
    verifier.wrong(null, 'the file is damaged')
    verifier.untold(null, 'Slack could not be asked')
    const { intact, complete } = verifier.end()
    expect(intact.wrong.first).toEqual([{ seq: null, what: 'the file is damaged' }])
    expect(complete.untold.first).toEqual([{ seq: null, what: 'Slack could not be asked' }])
  })
})

test('findings that no entry shows are named last, and take no room from those that one does', () => {
  const { wrong, answer } = createAnswer()
  for (let i = 1; i <= 30; i++) wrong(null, `thing ${i}`)
  for (let seq = 1; seq <= 30; seq++) wrong(seq, 'is wrong')
  const { holds, wrong: found } = answer()
  expect([holds, found.count]).toEqual([false, 60])
  const firstTwenty = Array.from({ length: 20 }, (_, i) => i + 1)
  expect(found.first).toEqual([
    ...firstTwenty.map((seq) => ({ seq, what: 'is wrong' })),
    ...firstTwenty.map((i) => ({ seq: null, what: `thing ${i}` })),
  ])
})

test.each([
  ['moves a change that nobody asked for', { type: 'cancelled', changeId: 1 }, /moves change #1, which is not open/],
  ['moves no change', { type: 'cancelled' }, /is cancelled, of no change/],
  [
    'is no proposal though it says so',
    { type: 'proposed', changeId: 1, body: 'null' },
    /is marked as proposed, but can't be read as that/,
  ],
  ['is a number', { type: 'proposed', changeId: 1, body: '5' }, /is marked as proposed, but can't be read as that/],
])('an entry under the right key that %s is found', (_, edit, words) => {
  const entry = { ...logBy(key)[0]!, ...edit }
  const { intact } = verify([{ ...entry, hash: entryHash(genesis, entry, key) }])
  expect(intact.wrong.first).toEqual([{ seq: 1, what: expect.stringMatching(words) }])
})
