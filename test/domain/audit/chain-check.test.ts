import { describe, expect, test } from 'vitest'
import { type AuditKey, auditKey, entryHash, genesis } from '../../../src/domain/audit/chain.ts'
import { createChainCheck, type Entry } from '../../../src/domain/audit/chain-check.ts'
import { type By, foreign, key, logBy, logOf, old } from '../../support/chained.ts'

type Given = {
  current?: AuditKey
  earlier?: NonNullable<AuditKey>[]
  gaps?: boolean
  previous?: (string | undefined)[]
}

function checked(
  entries: readonly Entry[],
  { current = key, earlier = [old], gaps = false, previous = [] }: Given = {},
) {
  const wrong: [number | null, string][] = []
  const untold: [number | null, string][] = []
  const finds = {
    wrong: (seq: number | null, what: string) => void wrong.push([seq, what]),
    untold: (seq: number | null, what: string) => void untold.push([seq, what]),
  }
  const check = createChainCheck({ current, earlier }, finds, { gaps })
  const heads = entries.map((entry, i) => check.feed(entry, previous[i]))
  return { wrong, untold, heads, end: check.end() }
}

const altered = expect.stringMatching(
  /^is not what was written, or the entries before it were removed or altered \(it reads: [a-z_]+(?:, of change #\d+)?\)$/,
)
const covered = 'is not what was written, or an entry from before the log was chained was altered'
const notNow = (how: string) =>
  `is the last one, and was written ${how}, not with AUDIT_KEY, which has to be the newest key of the app`

describe('a log from its first entry to its last', () => {
  test('is as it was written, and each entry gets the hash that the next one covers', () => {
    const entries = logBy(old, key, key)
    const { wrong, untold, heads, end } = checked(entries)
    expect([wrong, untold]).toEqual([[], []])
    expect(heads).toEqual(entries.map(({ hash }) => hash))
    expect(end).toEqual({
      size: 3,
      head: entries[2]!.hash,
      lastKey: key.id,
      counts: { keyed: 3, keyless: 0, unchained: 0 },
      left: [],
    })
  })

  test('may be empty', () => {
    const counts = { keyed: 0, keyless: 0, unchained: 0 }
    expect(checked([])).toMatchObject({ wrong: [], untold: [], end: { size: 0, head: genesis, lastKey: null, counts } })
  })

  test('names the entries that are missing between two, in the singular and the plural', () => {
    const all = logBy(key, key, key, key, key)
    const missing = (...seqs: number[]) => checked(seqs.map((seq) => all[seq - 1]!)).wrong
    expect(missing(1, 3)).toEqual([
      [3, 'follows #1: #2 is missing'],
      [3, altered],
    ])
    expect(missing(1, 5)[0]).toEqual([5, 'follows #1: #2 to #4 are missing'])
    expect(missing(2)[0]).toEqual([2, 'is the first one: #1 is missing'])
    expect(missing(4)[0]).toEqual([4, 'is the first one: #1 to #3 are missing'])
  })

  test('has each entry once, and in its place', () => {
    const [first, second] = logBy(key, key) as [Entry, Entry]
    expect(checked([first, first]).wrong[0]).toEqual([1, 'comes after #1'])
    expect(checked([first, second, first]).wrong[0]).toEqual([1, 'comes after #2'])
  })

  test('is checked against what each entry says is before it, if entries say so', () => {
    const entries = logBy(key, key)
    const said = (previous: string | undefined) => checked(entries, { previous: [undefined, previous] }).wrong
    expect(said(entries[0]!.hash!)).toEqual([])
    expect(said(undefined)).toEqual([])
    expect(said('something else')).toEqual([[2, 'does not follow what is before it']])
  })

  test('says what an altered entry reads, and of which change', () => {
    const [entry] = logBy(key)
    const reads = (changes: object) => checked([{ ...entry!, actor: 'mallory', ...changes }]).wrong[0]![1]
    expect(reads({ type: 'approved', changeId: 7 })).toContain('(it reads: approved, of change #7)')
    expect(reads({ type: 'started', changeId: null })).toContain('(it reads: started)')
  })

  test('names each altered entry, and goes on with its own hash', () => {
    const [first, second, third] = logBy(key, key, key) as [Entry, Entry, Entry]
    expect(checked([first, { ...second, actor: 'mallory' }, third]).wrong).toEqual([[2, altered]])
  })
})

describe('entries from before there were hashes', () => {
  test('are covered by the first entry that has one, which is named if it was altered', () => {
    const [first, second] = logBy('unchained', null) as [Entry, Entry]
    expect(checked([first, second], { current: null })).toMatchObject({ wrong: [], untold: [], heads: { length: 2 } })
    const { wrong } = checked([{ ...first, actor: 'mallory' }, second], { current: null })
    expect(wrong).toEqual([[2, covered]])
  })

  test('are not to blame if there were none, or for what comes after the first with a hash', () => {
    const [first, second, third] = logBy('unchained', key, key) as [Entry, Entry, Entry]
    expect(checked([first, second, { ...third, actor: 'mallory' }]).wrong).toEqual([[3, altered]])
    expect(checked([{ ...logBy(key)[0]!, actor: 'mallory' }]).wrong).toEqual([[1, altered]])
  })

  test('are not chained at all until the app has started once with this version', () => {
    const { untold, wrong, end } = checked(logBy('unchained', 'unchained'), { current: null })
    expect(wrong).toEqual([])
    expect(untold).toEqual([[2, 'is the last one, and no entry is chained yet: start Countersign']])
    expect(end.counts).toEqual({ keyed: 0, keyless: 0, unchained: 2 })
  })

  test('never come after an entry with a hash, with or without a key', () => {
    const late = [2, 'has no hash, though the log was chained before it']
    for (const current of [null, key]) expect(checked(logBy(current, 'unchained'), { current }).wrong[0]).toEqual(late)
  })

  test('name no key', () => {
    const [first] = logBy('unchained') as [Entry]
    const { wrong } = checked([{ ...first, key: key.id }], { current: null })
    expect(wrong).toEqual([[1, 'names a key, but has no hash']])
  })
})

describe('the keys of entries', () => {
  test('are counted by having one', () => {
    const { wrong, untold, end } = checked(logBy('unchained', null, null, null, key, key))
    expect([wrong, untold, end.counts]).toEqual([[], [], { keyed: 2, keyless: 3, unchained: 1 }])
  })

  test('are not given up once there was one', () => {
    const { wrong } = checked(logBy(key, null, key))
    expect(wrong).toEqual([[2, 'was written without a key, though entries before it have one']])
  })

  test('end with the current one, if there is one', () => {
    expect(checked(logBy(null)).wrong).toEqual([[1, notNow('without a key')]])
    expect(checked(logBy(key, old)).wrong.at(-1)).toEqual([2, notNow('with another key')])
    expect(checked(logBy(old), { current: null }).wrong).toEqual([])
  })

  test('which are not at hand are reported once each, and prove nothing', () => {
    const stranger = auditKey('another that is not at hand, and long enough')!
    const { wrong, untold } = checked(logBy(foreign, foreign, stranger, foreign, key))
    const what = (id: string) =>
      `was written with the key ${id}, which you have not given: if anybody has it, put it in AUDIT_KEY or AUDIT_KEY_PREVIOUS`
    expect(wrong).toEqual([])
    expect(untold).toEqual([
      [1, what(foreign.id)],
      [3, what(stranger.id)],
    ])
    expect(checked(logBy(old, foreign, key))).toMatchObject({ wrong: [], untold: [[2, what(foreign.id)]] })
  })

  test('are not passed off as others, current or earlier', () => {
    for (const by of [key, old]) {
      const [first, last] = logBy(by, key) as [Entry, Entry]
      expect(checked([{ ...first, key: foreign.id }, last])).toMatchObject({
        wrong: [[1, 'names a different key from the one that it was written with']],
        untold: [],
      })
    }
  })
})

describe('keys go one way', () => {
  const replaced =
    'was written with a key that had been replaced before, so whoever still has that key may have written it'
  const started = { type: 'started', body: '{"version":"1"}' }
  const oneWay = { type: 'started', body: '{"oneWayKeys":true,"version":"2"}' }

  test('so each entry with a replaced key is an alarm, and those with the newer one are not', () => {
    expect(checked(logBy(old, key, key, old, old, key)).wrong).toEqual([
      [4, replaced],
      [5, replaced],
    ])
    expect(checked(logBy(old, foreign, old, key), { earlier: [old, foreign] }).wrong).toEqual([[3, replaced]])
  })

  test('so an entry naming a key that is not at hand is an alarm after the present key, and between entries with the same one', () => {
    const behind = `names the key ${foreign.id}, which you have not given, although AUDIT_KEY was in use before it`
    const between = `names the key ${foreign.id}, which is not at hand, though the entries before and after it were written with one other key`
    expect(checked(logBy(key, foreign, key, foreign, foreign, key)).wrong).toEqual([
      [2, behind],
      [4, behind],
    ])
    expect(checked(logBy(old, foreign, old, key)).wrong).toEqual([[2, between]])
    expect(checked(logBy(old, foreign, old, foreign, key)).wrong).toEqual([[2, between]])
    expect(checked(logBy(key, foreign, key), { gaps: true }).wrong).toEqual([])
  })

  test('except for a start of an earlier version of the app, which took up such a key, and the present one again', () => {
    const by = (one: By, rest = {}) => ({ by: one, ...rest })
    const log = logOf(by(key), by(foreign, started), by(foreign), by(key, started))
    expect(checked(log)).toMatchObject({ wrong: [], untold: [[2, expect.any(String)]] })
    expect(checked(logOf(by(key, oneWay), by(foreign, started), by(key, started))).wrong).toHaveLength(1)
    expect(checked(logOf(by(old), by(foreign, started), by(old, started), by(key))).wrong).toEqual([])
    expect(checked(logOf(by(old), by(foreign), by(old), by(key))).wrong).toHaveLength(1)
    expect(checked(logOf(by(old), by(foreign, started), by(old), by(key))).wrong).toEqual([])
  })

  test('so is one with an earlier key that this log never had, after the present key', () => {
    expect(checked(logBy(key, old, key)).wrong).toEqual([[2, replaced]])
  })

  test('a key may be left, and taken up again as long as no other was in between', () => {
    const log = (...all: By[]) => logOf(...all.map((by, i) => ({ by, ...(i === 1 && { type: 'key_left' }) })))
    expect(checked(log(key, key, null, key)).wrong).toEqual([])
    expect(checked(log(old, old, null, key)).wrong).toEqual([])
    expect(checked(log(old, old, null, key, old, key)).wrong).toEqual([[5, replaced]])
  })

  test('an older Countersign took one up again if it was told to: at its start', () => {
    const returned = logOf({ by: old, ...started }, { by: key, ...started }, { by: old, ...started }, { by: old })
    expect(checked(returned, { current: old, earlier: [key] })).toMatchObject({ wrong: [], untold: [] })
    const late = logOf({ by: old, ...started }, { by: key, ...started }, { by: old }, { by: key })
    expect(checked(late).wrong).toEqual([[3, replaced]])
  })

  test('but after a start of a newer one, that is an alarm', () => {
    const forged = { by: old, ...started }
    for (const entries of [
      [{ by: old, ...oneWay }, { by: key, ...started }, forged],
      [{ by: old, ...started }, { by: key, ...oneWay }, forged],
    ])
      expect(checked(logOf(...entries, { by: key })).wrong).toEqual([[3, replaced]])
  })

  test('in a part of a log, that can be said only if no earlier entry is left out', () => {
    const all = logBy(old, key, old, key)
    const part = (...seqs: number[]) =>
      checked(
        seqs.map((seq) => all[seq - 1]!),
        { gaps: true, previous: seqs.map((seq) => all[seq - 2]?.hash ?? genesis) },
      )
    expect(part(1, 2, 3)).toMatchObject({ wrong: [[3, replaced]], untold: [] })
    expect(part(2, 4)).toMatchObject({ wrong: [], untold: [] })
    const gap = logBy(key, 'unchained', old)
    const { wrong, untold } = checked([gap[0]!, gap[2]!], { gaps: true, previous: [genesis, gap[0]!.hash!] })
    expect([wrong.length, untold]).toEqual([1, [[3, replaced]]])
  })
})

describe('an entry of a newer version', () => {
  const entry = { ...logBy(key)[0]!, version: 2 }
  const newer = { ...entry, hash: entryHash(genesis, entry, key) }

  test('is left for that version to judge', () => {
    expect(checked([newer])).toMatchObject({
      wrong: [],
      untold: [[1, 'was written by a newer Countersign: verify with that one']],
    })
  })

  test('is still found if it was altered', () => {
    expect(checked([{ ...newer, actor: 'mallory' }])).toMatchObject({ wrong: [[1, altered]], untold: [] })
  })
})

describe('a part of a log, with entries left out on purpose', () => {
  const all = logBy(key, key, key, key, 'unchained')
  const before = (seq: number) => (seq === 1 ? genesis : all[seq - 2]!.hash!)
  const part = (...seqs: number[]) =>
    checked(
      seqs.map((seq) => all[seq - 1]!),
      { gaps: true, previous: seqs.map(before) },
    )

  test('is as it was written if each entry follows what it says is before it', () => {
    expect(part(2, 4)).toMatchObject({ wrong: [], untold: [], end: { size: 4, head: all[3]!.hash } })
    expect(part(3)).toMatchObject({ wrong: [], untold: [] })
  })

  test('need not end with the current key', () => {
    const entries = logBy(null, null)
    const { wrong } = checked([entries[1]!], { gaps: true, previous: [entries[0]!.hash!] })
    expect(wrong).toEqual([])
    expect(checked(logBy('unchained'), { gaps: true }).untold).toEqual([])
  })

  test('is in order, each entry once', () => {
    expect(part(4, 2).wrong).toEqual([[2, 'comes after #4']])
    expect(part(2, 2).wrong).toEqual([[2, 'comes after #2']])
  })

  test('names altered entries, and those that follow something else', () => {
    const { wrong } = checked([{ ...all[1]!, actor: 'mallory' }], { gaps: true, previous: [before(2)] })
    expect(wrong).toEqual([[2, altered]])
    expect(checked([all[1]!], { gaps: true, previous: ['something else'] }).wrong).toEqual([[2, altered]])
  })

  test('if it does not say what is before an entry, it is taken to follow the one above', () => {
    expect(checked(all.slice(0, 3), { gaps: true }).wrong).toEqual([])
  })
})
