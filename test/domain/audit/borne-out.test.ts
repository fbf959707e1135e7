import { describe, expect, test } from 'vitest'
import { type Doubt, doubtOf, follow } from '../../../src/domain/audit/borne-out.ts'
import type { AuditKey } from '../../../src/domain/audit/chain.ts'
import type { Entry } from '../../../src/domain/audit/chain-check.ts'
import { type KeyOrder, keysSince, noKeys } from '../../../src/domain/audit/key-order.ts'
import { canonicalJson } from '../../../src/domain/canonical.ts'
import { type Beside, besideOf } from '../../../src/domain/change/beside.ts'
import type { ChangeEvent } from '../../../src/domain/change/event.ts'
import { evolve, open } from '../../../src/domain/change/evolve.ts'
import { type By, chained, foreign, key, old } from '../../support/chained.ts'
import { approval, proposedAt as at, lease } from '../../support/changes.ts'
import { bob, mallory, proposal, settings } from '../../support/world.ts'

const proposed: ChangeEvent = { type: 'proposed', at, ...proposal() }
const asked = open(42, proposed as Extract<ChangeEvent, { type: 'proposed' }>)
const approved = approval(bob, asked, { quorum: true })
const started: ChangeEvent = { type: 'apply_started', at, lease, seal: approved.seal }
const now = evolve(asked, approved)
const before = 'the hash of what stands before'

type Written = { event: { type: string }; by?: By; changeId?: number | null }

/** Entries from #5 on, each with the given key, or the current one. */
function log(...written: Written[]): Entry[] {
  const entries = written.map(({ event: { type, ...content }, by = key, changeId = 42 }, i) => {
    return { seq: i + 5, at, actor: 'app', changeId, type, body: canonicalJson(content), version: 1, by }
  })
  return chained(entries, before)
}

type Held = {
  change?: typeof now
  previous?: string
  order?: KeyOrder
  current?: AuditKey
  seq?: number
  row?: Partial<Beside>
}

function doubt(entries: readonly Entry[], held: Held = {}): Doubt | null {
  const { change = now, previous = before, order = noKeys, current = key, row } = held
  const seq = held.seq ?? entries.at(-1)?.seq ?? 0
  const came = follow({ last: null, head: previous, order }, entries, { current, earlier: [old] })
  if (typeof came === 'string') return came
  const own = entries.filter(({ changeId }) => changeId === change.id)
  const [missingKey] = came.missing ?? []
  const lacking = missingKey === undefined ? null : { missingKey }
  return doubtOf(change, { ...besideOf(change), ...row, origin: 'view-1', cardSeq: null, seq }, own) ?? lacking
}

const honest = log({ event: proposed }, { event: { type: 'stopped' }, changeId: null }, { event: approved })

describe('a change that the log bears out', () => {
  test('is where the entries since it was asked for lead, whatever else happened in between', () => {
    expect(doubt(honest)).toBeNull()
    const other = { event: { ...proposed, tokenUid: 't9' }, changeId: 43 }
    expect(doubt(log({ event: proposed }, other, { event: approved }))).toBeNull()
  })

  test('may have been asked for under an earlier key', () => {
    expect(doubt(log({ event: proposed, by: old }, { event: approved }))).toBeNull()
  })

  test('needs no key if there is none', () => {
    const entries = log({ event: proposed, by: null }, { event: approved, by: null })
    expect(doubt(entries, { current: null })).toBeNull()
    const older = log({ event: proposed, by: 'unchained' }, { event: approved, by: null })
    expect(doubt(older, { current: null })).toBeNull()
  })
})

describe('a change is not borne out', () => {
  test('if the stored state is not where the log leads', () => {
    const otherwise = 'change #42 is not stored as #7 left it, but in another state'
    const change = { ...now, after: settings({ name: 'made up' }) }
    expect(doubt(honest, { change })).toBe(otherwise)
    expect(doubt(honest, { seq: 6 })).toBe('change #42 is not stored as #7 left it, but as #6 left it')
    expect(doubt(honest, { row: { tokenUid: 't9' } })).toMatch(
      /is not stored as #7 left it, but with another tokenUid$/,
    )
    expect(doubt(honest, { row: { dueAt: null } })).toMatch(
      /is not stored as #7 left it, but to be continued at another time$/,
    )
  })

  test('if nobody asked for it', () => {
    expect(doubt([])).toBe('change #42 is stored, and no entry proposes it')
    expect(doubt(log({ event: approved }))).toBe('entry #5 moves change #42, which is not open')
  })

  test('if an entry was altered, or follows something else', () => {
    const [first, second, third] = honest as [Entry, Entry, Entry]
    expect(doubt([first, { ...second, actor: mallory }, third])).toBe('entry #6 is not what was written')
    expect(doubt(honest, { previous: 'something else' })).toBe('entry #5 is not what was written')
  })

  test('if one is missing between two', () => {
    expect(doubt([honest[0]!, honest[2]!])).toBe('entry #7 follows #5')
  })

  test('if its apply began without an approval', () => {
    const stranger: ChangeEvent = { ...approved, by: mallory }
    const change = evolve(evolve(asked, stranger), started)
    const entries = log({ event: proposed }, { event: stranger }, { event: started })
    expect(doubt(entries, { change })).toBe(
      'entry #7 begins an apply, though 1 more had to approve exactly this (change #42)',
    )
  })

  test('if an entry of it has an unknown type', () => {
    const entries = log({ event: proposed }, { event: approved }, { event: { type: 'blessed' } })
    expect(doubt(entries, { seq: 6 })).toBe('entry #7 is of a type that this Countersign does not know: blessed')
  })
})

describe('with a key, a change is not borne out by entries that anybody could have written', () => {
  const keyless = 'was written without AUDIT_KEY, so anybody could have written it'

  test('without one', () => {
    expect(doubt(log({ event: proposed, by: null }, { event: approved }))).toBe(`entry #5 ${keyless}`)
    expect(doubt(log({ event: proposed }, { event: approved, by: null }))).toBe(`entry #6 ${keyless}`)
  })

  test('before the log was chained, or as if it had not been', () => {
    expect(doubt(log({ event: proposed, by: 'unchained' }, { event: approved }))).toBe(`entry #5 ${keyless}`)
    const [first, second] = log({ event: proposed }, { event: approved }) as [Entry, Entry]
    expect(doubt([first, { ...second, hash: null }])).toBe('entry #6 is not what was written')
  })

  test('with a key that is not at hand, after one with the present key', () => {
    const last: ChangeEvent = { type: 'nudged', at, by: bob }
    const entries = log({ event: proposed }, { event: approved, by: foreign }, { event: last })
    const fault = `entry #6 was written with the key ${foreign.id}, which is not at hand, though AUDIT_KEY was in use before it`
    expect(doubt(entries)).toBe(fault)
    const all = log({ event: proposed, by: foreign }, { event: approved, by: foreign })
    expect(doubt(all, { order: keysSince(key) })).toBe(fault.replace('#6', '#5'))
  })
})

describe('if an earlier key is not at hand', () => {
  const entries = log({ event: proposed, by: foreign }, { event: approved })

  test('nothing but that key is missing', () => {
    expect(doubt(entries)).toEqual({ missingKey: foreign.id })
  })

  test('nobody is asked for one that names another key between entries with the same one, or that no key has', () => {
    const other = { event: { type: 'stopped' }, by: old, changeId: null }
    const amid = log({ event: proposed, by: old }, other, { event: approved, by: foreign }, other)
    expect(doubt(amid, { seq: 7 })).toBe(
      `entry #7 names the key ${foreign.id}, which is not at hand, though the entries before and after it were written with one other key`,
    )
    expect(doubt(amid.slice(0, 3))).toEqual({ missingKey: foreign.id })
    const [first, second] = log({ event: proposed, by: old }, { event: approved, by: old }) as [Entry, Entry]
    expect(doubt([first, { ...second, key: 'ask the caretaker' }])).toBe('entry #6 names something that is not a key')
  })

  test('a start of an earlier version of the app took it up, and the one before it again', () => {
    const start = { event: { type: 'started', version: '1' }, changeId: null }
    const [first, between] = [
      { ...start, by: foreign },
      { ...start, by: old },
    ]
    const all = log({ event: proposed, by: old }, first, between, { event: approved, by: old })
    expect(doubt(all)).toEqual({ missingKey: foreign.id })
  })

  test('anything else that is wrong is reported instead', () => {
    expect(doubt(entries, { seq: 5 })).toMatch('is not stored as #6 left it')
    expect(doubt([entries[0]!, { ...entries[1]!, actor: mallory }])).toBe('entry #6 is not what was written')
    expect(doubt([{ ...entries[0]!, hash: null }, entries[1]!])).toMatch('entry #5 was written with the key')
  })

  test('nobody waits for it once the log says that nobody has it any more', () => {
    const lost = { event: { type: 'key_lost', key: foreign.id, upTo: 6 }, by: null, changeId: null }
    const all = log({ event: proposed, by: foreign }, { event: approved, by: foreign }, lost)
    expect(doubt(all.slice(0, 2), { current: null })).toEqual({ missingKey: foreign.id })
    expect(doubt(all, { current: null, seq: 6 })).toMatch(
      `entry #7 says that nobody has the key ${foreign.id} any more`,
    )
  })
})

describe('with a key that replaced another, a change is not borne out by later entries made with the old one', () => {
  const replaced = 'was written with a key that had been replaced before'

  test('after an entry with the present key', () => {
    const entries = log({ event: proposed, by: old }, { event: { type: 'stopped' } }, { event: approved, by: old })
    expect(doubt(entries)).toMatch(`entry #7 ${replaced}`)
  })

  test('nor if all of it was made with it, by the keys in use before it', () => {
    const entries = log({ event: proposed, by: old }, { event: approved, by: old })
    expect(doubt(entries)).toBeNull()
    expect(doubt(entries, { order: keysSince(key) })).toMatch(`entry #5 ${replaced}`)
  })

  test('nor when an entry says that the app started with it', () => {
    const started = { type: 'started', version: '1', oneWayKeys: true }
    const since = { event: started, changeId: null }
    const entries = log({ event: proposed }, since, { ...since, by: old }, { event: approved, by: old })
    expect(doubt(entries)).toMatch(`entry #7 ${replaced}`)
  })
})

test('entries without a key after one that nobody left bear out nothing, even if there is none now', () => {
  const entries = log({ event: proposed, by: old }, { event: approved, by: null })
  expect(doubt(entries, { current: null })).toBe(
    'entry #6 was written without a key, though entries before it have one',
  )
  const left = { event: { type: 'key_left' }, by: old, changeId: null }
  expect(doubt(log({ event: proposed, by: old }, left, { event: approved, by: null }), { current: null })).toBeNull()
})

test('without a key, a change to the log from before it was chained is found at the first altered entry', () => {
  const [first, second] = log({ event: proposed, by: 'unchained' }, { event: approved, by: null }) as [Entry, Entry]
  expect(doubt([{ ...first, actor: mallory }, second], { current: null })).toBe('entry #6 is not what was written')
})
