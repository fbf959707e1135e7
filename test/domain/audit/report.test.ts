import { describe, expect, test } from 'vitest'
import type { Entry } from '../../../src/domain/audit/chain-check.ts'
import { createReport } from '../../../src/domain/audit/report.ts'
import { canonicalJson } from '../../../src/domain/canonical.ts'
import type { Proposal } from '../../../src/domain/change/parts.ts'
import { lease, revised } from '../../support/changes.ts'
import { alice, bob, carol, dave, proposal, requirement, settings } from '../../support/world.ts'

const start = Date.parse('2026-06-01T09:00:00.000Z')
const at = (minute: number) => new Date(start + minute * 60_000).toISOString()

type Said = Omit<Entry, 'seq'>

/** An entry of change `id`, so many minutes after nine o'clock. */
function entry(
  minute: number,
  id: number | null,
  { type, ...content }: { type: string; [part: string]: unknown },
): Said {
  const body = canonicalJson({ at: at(minute), ...content })
  return { at: at(minute), actor: 'app', changeId: id, type, body, version: 1, key: null, hash: null }
}

const asks = (minute: number, id: number, asked: Partial<Proposal> = {}) =>
  entry(minute, id, { type: 'proposed', ...proposal(asked) })
const underRule = (rule: string): Partial<Proposal> => ({ requirement: { ...requirement(), rule } })

function approves(minute: number, id: number, by: string, lost?: readonly string[]): Said {
  const why = 'they left the group'
  const content = { by, revision: 1, seal: 's', comment: '', quorum: false }
  return entry(minute, id, {
    type: 'approved',
    ...content,
    ...(lost && { lost: lost.map((by) => ({ by, why })) }),
  })
}

const rejects = (minute: number, id: number) => entry(minute, id, { type: 'rejected', by: bob, reason: 'not now' })
const applied = (minute: number, id: number) => entry(minute, id, { type: 'applied', written: true })
const drifts = (minute: number, id: number) => entry(minute, id, { type: 'drift_found', live: settings() })
const edits = (minute: number, id: number, rule = 'approvers', type = 'amended') =>
  entry(minute, id, { type, by: alice, ...revised, requirement: { ...requirement(), rule }, voids: [] } as {
    type: string
  })

/** The rows for these entries, of which the first is #1. */
function reported(log: readonly Said[], since = at(0)) {
  const report = createReport(since)
  for (const [i, said] of log.entries()) report.feed({ ...said, seq: i + 1 })
  return report.end()
}

const none = { applied: 0, failed: 0, rejected: 0, cancelled: 0, expired: 0, open: 0 }

test('a log without changes has no rows', () => {
  expect(reported([])).toEqual([])
  expect(reported([entry(1, null, { type: 'started' })])).toEqual([])
})

test('a change counts with its outcome, and with how long it took to decide on it and to end it', () => {
  const log = [asks(0, 1), approves(12, 1, bob), approves(15, 1, carol), applied(20, 1)]
  expect(reported(log)).toEqual([
    {
      ...{ stack: 'website', rule: 'approvers', asked: 1, outcomes: { ...none, applied: 1 } },
      toFirstDecision: { p50: 720, p95: 720 },
      toEnd: { p50: 1200, p95: 1200 },
      ...{ voidedApprovals: 0, drifts: 0 },
    },
  ])
})

test.each<[keyof typeof none, Said[]]>([
  ['applied', [applied(5, 1)]],
  ['failed', [entry(5, 1, { type: 'apply_refused' })]],
  ['rejected', [rejects(5, 1)]],
  ['cancelled', [entry(5, 1, { type: 'cancelled' })]],
  ['expired', [entry(5, 1, { type: 'expired' })]],
  ['open', []],
  ['open', [drifts(5, 1)]],
  ['open', [entry(5, 1, { type: 'apply_started', lease }), entry(6, 1, { type: 'apply_interrupted' })]],
])('a change can be %s', (outcome, rest) => {
  const [row] = reported([asks(0, 1), ...rest])
  expect([row?.asked, row?.outcomes]).toEqual([1, { ...none, [outcome]: 1 }])
  expect(row?.toEnd.p50).toBe(outcome === 'open' ? null : 300)
  expect(row?.toFirstDecision.p50).toBe(outcome === 'rejected' ? 300 : null)
})

test('every rule on every stack has a row, in the order of their names', () => {
  const log = [
    asks(0, 1, { ...underRule('security'), stack: 'website' }),
    asks(0, 2, { ...underRule('approvers'), stack: 'website' }),
    asks(0, 3, { ...underRule('security'), stack: 'shop' }),
    asks(0, 4, { ...underRule('security'), stack: 'website' }),
  ]
  const rows = reported(log).map(({ stack, rule, asked }) => [stack, rule, asked])
  expect(rows).toEqual([
    ['shop', 'security', 1],
    ['website', 'approvers', 1],
    ['website', 'security', 2],
  ])
})

describe('a change that was edited', () => {
  test.each(['amended', 'rebased', 'taken_over'])('counts once, under the last rule (%s)', (type) => {
    const log = [asks(0, 1, underRule('first')), edits(1, 1, 'second', type), edits(2, 1, 'third', type), applied(3, 1)]
    expect(reported(log)).toMatchObject([{ rule: 'third', asked: 1, outcomes: { applied: 1 } }])
  })

  test('was first decided on when somebody approved what it asked for before', () => {
    const [row] = reported([asks(0, 1), approves(2, 1, bob), edits(5, 1), approves(9, 1, bob), applied(10, 1)])
    expect(row).toMatchObject({ toFirstDecision: { p50: 120 }, toEnd: { p50: 600 } })
  })
})

describe('the changes since a moment', () => {
  const log = [asks(0, 1), asks(1, 2), asks(2, 3), approves(3, 1, bob), applied(4, 1), rejects(5, 2), applied(6, 3)]

  test('are those that were asked for then or later', () => {
    expect(reported(log, at(1))).toMatchObject([{ asked: 2, outcomes: { ...none, applied: 1, rejected: 1 } }])
    expect(reported(log, at(2))).toMatchObject([{ asked: 1, outcomes: { ...none, applied: 1 } }])
  })

  test('are not those that were asked for earlier and ended later, whatever happened to them', () => {
    expect(reported([...log.slice(0, 1), drifts(3, 1), edits(4, 1, 'other'), applied(5, 1)], at(1))).toEqual([])
  })
})

describe('of how long changes took', () => {
  /** Changes that were rejected after so many minutes. */
  const after = (...minutes: number[]) => minutes.flatMap((minute, i) => [asks(0, i + 1), rejects(minute, i + 1)])

  test.each([
    [[7], 7, 7],
    [[9, 1], 1, 9],
    [[30, 10, 20], 20, 30],
    [Array.from({ length: 20 }, (_, i) => 20 - i), 10, 19],
    [Array.from({ length: 21 }, (_, i) => 21 - i), 11, 20],
    [Array.from({ length: 100 }, (_, i) => i + 1), 50, 95],
  ])('it tells one that occurred: of %j minutes, %i and %i', (minutes, p50, p95) => {
    const [row] = reported(after(...minutes))
    expect(row?.toEnd).toEqual({ p50: p50 * 60, p95: p95 * 60 })
    expect(row?.toFirstDecision).toEqual(row?.toEnd)
  })

  test('none is below zero, though somebody set the clock back', () => {
    expect(reported([asks(5, 1), rejects(2, 1)])).toMatchObject([{ toEnd: { p50: 0 }, toFirstDecision: { p50: 0 } }])
  })
})

describe('approvals that were voided', () => {
  const quorumLost = (minute: number, ...people: string[]) =>
    entry(minute, 1, {
      type: 'quorum_lost',
      lost: people.map((by) => ({ by, why: 'they left' })),
      why: 'one more must approve',
    })
  const approved = [approves(1, 1, bob), approves(2, 1, carol)]

  test.each<[string, Said[], number]>([
    ['by an edit', [...approved, edits(3, 1)], 2],
    ['by a rebase', [...approved, drifts(3, 1), edits(4, 1, 'approvers', 'rebased')], 2],
    ['by whoever took it over', [...approved, edits(3, 1, 'approvers', 'taken_over')], 2],
    ['by a backup that was put back', [...approved, entry(3, 1, { type: 'put_back' })], 2],
    ['as somebody may not decide any more', [...approved, quorumLost(3, bob)], 1],
    ['as was found when somebody else approved', [...approved, approves(3, 1, dave, [bob])], 1],
    ['and were named twice', [...approved, quorumLost(3, bob), approves(4, 1, dave, [bob])], 1],
    ['in one way and another', [...approved, quorumLost(3, bob), edits(4, 1)], 2],
    ['and given again, and voided again', [...approved, edits(3, 1), approves(4, 1, bob), edits(5, 1)], 3],
    ['by no edit without approvals', [edits(1, 1)], 0],
    ['by none that went on', [...approved, drifts(3, 1)], 0],
  ])('are counted: %s', (_, log, voidedApprovals) => {
    expect(reported([asks(0, 1), ...log])).toMatchObject([{ voidedApprovals }])
    expect(reported([asks(0, 1), ...log, applied(9, 1)])).toMatchObject([{ voidedApprovals }])
  })
})

test('every stop counts, of open and of ended changes', () => {
  const log = [asks(0, 1), drifts(1, 1), edits(2, 1, 'approvers', 'rebased'), drifts(3, 1), asks(4, 2), drifts(5, 2)]
  expect(reported([...log, entry(6, 2, { type: 'cancelled' })])).toMatchObject([{ asked: 2, drifts: 3 }])
})

test('what comes after the end of a change counts no second time', () => {
  const log = [asks(0, 1), rejects(1, 1), entry(2, 1, { type: 'write_arrived' }), drifts(3, 1), applied(4, 1)]
  expect(reported(log)).toMatchObject([{ asked: 1, outcomes: { ...none, rejected: 1 }, drifts: 0, toEnd: { p50: 60 } }])
})

test('entries of earlier releases are taken as far as they go', () => {
  const { requirement: _, ...unruled } = proposal()
  const bare = { type: 'amended', by: alice }
  const log = [
    entry(0, 1, { type: 'proposed', ...unruled }),
    approves(1, 1, bob),
    entry(2, 1, bare),
    applied(3, 1),
    asks(4, 2),
    approves(5, 2, bob),
    entry(6, 2, bare),
    entry(7, 2, { type: 'quorum_lost' }),
  ]
  expect(reported(log)).toMatchObject([
    { rule: null, asked: 1, voidedApprovals: 1 },
    { rule: 'approvers', asked: 1, voidedApprovals: 1 },
  ])
})

test.each<[string, Partial<Said>]>([
  ['which is not JSON', { body: '{' }],
  ['which names no stack', { body: '{}' }],
  ['whose time is not one', { at: 'yesterday' }],
])('an entry %s is named, and nothing is reported', (_, broken) => {
  const log = [asks(0, 1), { ...asks(1, 2), ...broken }]
  expect(() => reported(log)).toThrow(
    "Entry #2 of the log is marked as proposed, but can't be read as that. Nothing was reported; verify the log.",
  )
})

test('types of entries that are called like parts of the language are nothing special', () => {
  expect(reported([asks(0, 1), entry(1, 1, { type: 'constructor' })])).toMatchObject([{ outcomes: { open: 1 } }])
})
