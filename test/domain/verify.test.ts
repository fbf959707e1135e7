import { describe, expect, test } from 'vitest'
import { type AuditKey, auditKey, entryHash, genesis } from '../../src/domain/chain.ts'
import type { Entry } from '../../src/domain/chain-check.ts'
import { createVerifier } from '../../src/domain/verify.ts'

const key = auditKey('the key of now, which is long enough to be one')!
const old = auditKey('the key before, which is long enough to be one')!

/** A log of one entry for each key that is given: null for none, 'unchained' for an entry without a hash. */
function log(...keys: (AuditKey | 'unchained')[]): Entry[] {
  let previous: string = genesis
  return keys.map((by, i) => {
    const entry = {
      seq: i + 1,
      at: '2026-06-01',
      actor: 'app',
      changeId: null,
      type: 'stopped',
      body: '{}',
      version: 1,
    }
    const chainedBy = by === 'unchained' ? null : by
    previous = entryHash(previous, entry, chainedBy)
    return { ...entry, key: chainedBy?.id ?? null, hash: by === 'unchained' ? null : previous }
  })
}

function verify(entries: readonly Entry[], current: AuditKey = key, ...earlier: NonNullable<AuditKey>[]) {
  const verifier = createVerifier({ keys: { current, earlier }, anchors: null, stored: null })
  for (const entry of entries) verifier.feed(entry)
  return verifier.end()
}

describe('a log that was not always written with this key', () => {
  test('is intact when what is older is covered by its first entry with the key', () => {
    const { intact, counts } = verify(log('unchained', 'unchained', null, null, key, key))
    expect(intact).toMatchObject({ holds: true })
    expect(counts).toEqual({ unchained: 2, keyless: 2, keyed: 2 })
  })

  test('is not when an entry from before it was chained is edited', () => {
    const entries = log('unchained', 'unchained', key)
    const { intact } = verify([entries[0]!, { ...entries[1]!, actor: 'mallory' }, entries[2]!])
    expect(intact.wrong.first).toEqual([
      { seq: 3, what: expect.stringContaining('from before the log was chained is not what was written') },
    ])
  })

  test.each<[string, (AuditKey | 'unchained')[], number]>([
    ['goes on without the key', [key, null, key], 2],
    ['goes on without being chained', [key, 'unchained', key], 2],
    ['ends without the key', [null, null], 2],
    ['ends with an earlier one', [key, old], 2],
  ])('is not when it %s', (_, keys, seq) => {
    expect(verify(log(...keys), key, old).intact.wrong.first[0]).toMatchObject({ seq })
  })

  test('is intact after the key was changed, and only if the earlier one is given', () => {
    const entries = log(old, old, old, key, key)
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
    expect(verify(log(null, key), null).intact).toMatchObject({ holds: null, wrong: { count: 0 } })
    expect(verify(log(null, null), null).intact.holds).toBe(true)
    expect(verify(log('unchained'), null).intact.untold.first[0]!.what).toMatch('none is chained yet')
    expect(verify([], key).intact.holds).toBe(true)
  })
})

test('an entry that a newer version wrote is not judged', () => {
  const [entry] = log(key)
  const newer = { ...entry!, version: 2 }
  const { intact } = verify([{ ...newer, hash: entryHash(genesis, newer, key) }])
  expect([intact.holds, intact.untold.first[0]!.what]).toEqual([null, expect.stringMatching('newer Countersign')])
  const unknown = { ...entry!, type: 'blessed' }
  const { intact: other } = verify([{ ...unknown, hash: entryHash(genesis, unknown, key) }])
  expect([other.holds, other.untold.first[0]!.what]).toEqual([null, expect.stringMatching('does not know: blessed')])
})

test('of thousands of wrong entries it names the first few, and says how many there are', () => {
  const entries = log(...Array.from({ length: 3000 }, () => key)).map((entry) => ({ ...entry, actor: 'mallory' }))
  const { wrong } = verify(entries).intact
  expect(wrong.count).toBe(3000)
  expect(wrong.first.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
})

test.each([
  ['moves a change that nobody asked for', { type: 'cancelled', changeId: 1 }, /moves change #1, which is not open/],
  ['moves no change', { type: 'cancelled' }, /is cancelled, of no change/],
  [
    'is no proposal though it says so',
    { type: 'proposed', changeId: 1, body: 'null' },
    /can't be read as what it says/,
  ],
])('an entry under the right key that %s is found', (_, edit, words) => {
  const entry = { ...log(key)[0]!, ...edit }
  const { intact } = verify([{ ...entry, hash: entryHash(genesis, entry, key) }])
  expect(intact.wrong.first).toEqual([{ seq: 1, what: expect.stringMatching(words) }])
})
