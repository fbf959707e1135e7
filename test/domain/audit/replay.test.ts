import { describe, expect, test } from 'vitest'
import type { Entry } from '../../../src/domain/audit/chain-check.ts'
import { createComparison, createReplay, type Led, type StoredRow } from '../../../src/domain/audit/replay.ts'
import { canonicalJson } from '../../../src/domain/canonical.ts'
import { besideOf } from '../../../src/domain/change/beside.ts'
import type { Change } from '../../../src/domain/change/change.ts'
import type { ChangeEvent } from '../../../src/domain/change/event.ts'
import { evolve, open } from '../../../src/domain/change/evolve.ts'
import { approval, proposedAt as at, lease } from '../../support/changes.ts'
import { alice, bob, mallory, proposal } from '../../support/world.ts'

const proposed: ChangeEvent = { type: 'proposed', at, ...proposal() }
const asked = open(42, proposed as Extract<ChangeEvent, { type: 'proposed' }>)
const cancelled: ChangeEvent = { type: 'cancelled', at, by: alice }
const approved = approval(bob, asked, { quorum: true })
const started: ChangeEvent = { type: 'apply_started', at, lease, seal: approved.seal }

function entries(...events: { type: string }[]): Entry[] {
  return events.map(({ type, ...content }, i) => ({
    seq: i + 1,
    at,
    actor: 'app',
    changeId: 42,
    type,
    body: canonicalJson(content),
    version: 1,
    key: null,
    hash: null,
  }))
}

/** The row of a change that this entry moved last. */
function rowOf(change: Change, seq: number): StoredRow {
  return { ...besideOf(change), state: JSON.stringify(change), origin: 'view-1', seq, cardSeq: null }
}

/** The findings from replaying these entries, with these rows stored. */
function replayed(log: readonly Entry[], rows: Readonly<Record<number, StoredRow>> | null) {
  const found: [string, number | null, string][] = []
  const find = (kind: string) => (seq: number | null, what: string) => void found.push([kind, seq, what])
  const ids = Object.keys(rows ?? {}).map(Number)
  const without = ids.filter((id) => !log.some((one) => one.changeId === id && one.type === 'proposed'))
  const { compare, isAll, unproposed } = createComparison(find('wrong'))
  const hold = (led: Led) => rows && compare(led, rows[led.change.id])
  const finds = { wrong: find('wrong'), untold: find('untold'), unapproved: find('unapproved') }
  const replay = createReplay(finds, hold)
  for (const entry of log) replay.feed(entry)
  for (const led of replay.open()) hold(led)
  if (rows && !isAll(ids.length)) for (const id of without) unproposed(id)
  return found
}

const over = evolve(asked, cancelled)

test('an update that is found after its change has ended moves that change, and nothing else does', () => {
  const sentUnder: ChangeEvent = { ...started, lease: { ...lease, arrival: '2026-06-01T09:15:00.000Z' } }
  const events: ChangeEvent[] = [
    approved,
    sentUnder,
    { type: 'write_answered', at, sentAt: at, answer: { kind: 'none', why: 'timeout' } },
    { type: 'apply_interrupted', at, why: 'lost', retryAt: at },
    cancelled,
  ]
  const arrived: ChangeEvent = { type: 'write_arrived', at, sentAt: at }
  const after = (more: ChangeEvent[]) => [...events, ...more].reduce(evolve, asked)
  const log = (more: ChangeEvent[]) => entries(proposed, ...events, ...more)
  expect(replayed(log([]), { 42: rowOf(after([]), 6) })).toEqual([])
  expect(replayed(log([arrived]), { 42: rowOf(after([arrived]), 7) })).toEqual([])
  expect(replayed(log([arrived]), { 42: rowOf(after([]), 6) })).toHaveLength(1)
  expect(replayed(log([approved]), null)).toEqual([['wrong', 7, 'moves change #42, which is not open']])
  expect(replayed(log([arrived, arrived]), null)).toEqual([['wrong', 8, 'moves change #42, which is not open']])
})

describe('an approval from before a backup was put back', () => {
  const putBack = { type: 'log_put_back', size: 2, head: 'hash' }
  const answered: ChangeEvent = { type: 'write_answered', at, sentAt: at, answer: { kind: 'taken' } }
  const applied: ChangeEvent = { type: 'applied', at, written: true }
  const held: ChangeEvent = { type: 'put_back', at, by: 'operator:root', voids: [bob] }

  test('does not count, even if nothing took it from its change', () => {
    const what =
      'is of an update that was sent, though it was approved before a backup of the database was put back, and not since'
    expect(replayed(entries(proposed, approved, putBack, started, answered), null)).toEqual([
      ['unapproved', 5, `${what} (change #42)`],
    ])
    const half = approval(bob, asked, { quorum: false })
    expect(replayed(entries(proposed, half, putBack, approved, started, applied), null)).toMatchObject([
      ['unapproved', 6, expect.any(String)],
    ])
  })

  test('does no harm if nothing was sent, or once another has replaced it', () => {
    const refused: ChangeEvent = { type: 'apply_refused', at, why: 'the log does not bear it out' }
    expect(replayed(entries(proposed, approved, putBack, started, refused), null)).toEqual([])
    expect(replayed(entries(proposed, approved, putBack, held, approved, started, answered, applied), null)).toEqual([])
    expect(replayed(entries(putBack, proposed, approved, started, answered, applied), null)).toEqual([])
  })
})

describe('the state that the log leads to', () => {
  test('is what is stored, for an open change and for one that has ended', () => {
    expect(replayed(entries(proposed), { 42: rowOf(asked, 1) })).toEqual([])
    expect(replayed(entries(proposed, cancelled), { 42: rowOf(over, 2) })).toEqual([])
  })

  test('is what is stored even if the entries of an older version say less than the app adds as it reads', () => {
    const { reverts, ...older } = { type: 'proposed', at, ...proposal() }
    expect(reverts).toBeNull()
    expect(replayed(entries(older), { 42: rowOf(asked, 1) })).toEqual([])
  })

  test.each([
    ['as #1 left it', { seq: 1 }],
    ['with another stack', { stack: 'shop' }],
    ['with another tokenUid', { tokenUid: 't9' }],
    ['with another requester', { requester: mallory }],
    ['with another status', { status: 'applied' }],
    ['with another revision', { revision: 7 }],
    ['to be continued at another time', { dueAt: '2099-01-01T00:00:00.000Z' }],
    ['to be looked for until another time', { watchUntil: at }],
    ['with a card said to show what came later', { cardSeq: 3 }],
    ['in another state', { state: JSON.stringify({ ...over, reason: 'Because' }) }],
    ['in another state', { state: 'no JSON' }],
  ])('is told apart from what is stored %s', (how, other) => {
    expect(replayed(entries(proposed, cancelled), { 42: { ...rowOf(over, 2), ...other } })).toEqual([
      ['wrong', null, `change #42 is not stored as #2 left it, but ${how}`],
    ])
  })

  test('is told apart from nothing stored at all', () => {
    const why = 'change #42 is not stored as #1 left it, but not at all'
    expect(replayed(entries(proposed), {})).toEqual([['wrong', null, why]])
  })

  test('is told apart from a stored change that nobody asked for', () => {
    const why = 'change #7 is stored, and no entry proposes it'
    expect(replayed(entries(proposed), { 42: rowOf(asked, 1), 7: rowOf(asked, 1) })).toEqual([['wrong', null, why]])
  })

  test('is compared with nothing if nothing is stored', () => {
    expect(replayed(entries(proposed, cancelled), null)).toEqual([])
    expect(replayed(entries(proposed), null)).toEqual([])
  })
})

describe('an impossible entry', () => {
  test('moves something that is not open, before it was asked for or after it ended', () => {
    expect(replayed(entries(cancelled), null)).toEqual([['wrong', 1, 'moves change #42, which is not open']])
    expect(replayed(entries(proposed, cancelled, cancelled), null)).toEqual([
      ['wrong', 3, 'moves change #42, which is not open'],
    ])
  })

  test('proposes something that is open already', () => {
    expect(replayed(entries(proposed, proposed), null)).toEqual([['wrong', 2, 'proposes change #42 again']])
  })

  test('is of no change, of an unknown type, or cannot be read', () => {
    const [first] = entries(proposed)
    expect(replayed([{ ...first!, changeId: null }], null)).toEqual([['wrong', 1, 'is proposed, of no change']])
    expect(replayed(entries({ type: 'teleported' }), null)).toEqual([
      ['untold', 1, 'is of a type that this Countersign does not know: teleported'],
    ])
    expect(replayed([{ ...first!, body: '{' }], null)).toEqual([
      ['wrong', 1, "is marked as proposed, but can't be read as that"],
    ])
  })

  test('may be something that happened around changes', () => {
    expect(replayed(entries({ type: 'started' }, { type: 'stopped' }), null)).toEqual([])
  })
})

describe('an apply', () => {
  test('is borne out by the approval before it', () => {
    expect(replayed(entries(proposed, approved, started), null)).toEqual([])
  })

  test('is not without one, or with another seal, and the change is named', () => {
    expect(replayed(entries(proposed, started), null)).toEqual([
      ['unapproved', 2, 'begins an apply, though the change was not approved (change #42)'],
    ])
    const other = { ...started, seal: 'another' }
    expect(replayed(entries(proposed, approved, other), null)).toEqual([
      ['unapproved', 3, 'begins an apply of something other than what the change was (change #42)'],
    ])
  })

  test('is borne out if entries say more than this version knows, whether or not it was approved with that', () => {
    const after = { ...proposal().after, novelty: true }
    const newer = { ...proposed, after } as Extract<ChangeEvent, { type: 'proposed' }>
    for (const sealed of [open(42, newer), asked]) {
      const { seal } = approval(bob, sealed)
      const [agreed, begun] = [
        { ...approved, seal },
        { ...started, seal },
      ]
      expect(replayed(entries(newer, agreed, begun), null)).toEqual([])
    }
  })
})
