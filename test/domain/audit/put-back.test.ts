import { describe, expect, test } from 'vitest'
import { type Contradicted, contradicted } from '../../../src/domain/audit/anchor-check.ts'
import { type AuditKey, auditKey, checkpointOf } from '../../../src/domain/audit/chain.ts'
import { createPutBacks, goneWith, holdAfterPutBack, putBackProblem } from '../../../src/domain/audit/put-back.ts'
import { approvalsVoidedBy } from '../../../src/domain/change/approvers-to-tell.ts'
import type { Change } from '../../../src/domain/change/change.ts'
import { hasEnded } from '../../../src/domain/change/change.ts'
import type { Electorate } from '../../../src/domain/change/electorate.ts'
import type { ChangeEvent } from '../../../src/domain/change/event.ts'
import { evolve } from '../../../src/domain/change/evolve.ts'
import { amend, rebase } from '../../../src/domain/change/revising.ts'
import { inWords } from '../../../src/domain/change/status.ts'
import { takeOver } from '../../../src/domain/change/take-over.ts'
import { key } from '../../support/chained.ts'
import {
  answeredWith,
  applying,
  approvedBy,
  electorate,
  halfApprovedBy,
  inEveryStatus,
  lease,
  pending,
  revised,
} from '../../support/changes.ts'
import { alice, bob, carol, settings } from '../../support/world.ts'

const at = '2026-06-03T09:00:00.000Z'
const operator = 'operator:root'
const putBack = (change = approvedBy([bob, carol])) => {
  const event = holdAfterPutBack(change, operator, at)
  return event === null ? change : evolve(change, event)
}

const all = electorate(pending())
const orphaned: Electorate = { ...all, barredAskers: [{ by: alice, why: 'left' }] }
const stopped = (change: Change) =>
  evolve(change, { type: 'drift_found', at, live: settings({ description: 'By hand' }) })

describe('a change that is open in a backup that was put back', () => {
  test('waits for approvals again, whoever approved it before', () => {
    const waits = { status: 'pending', approvals: [], voided: [bob, carol], lost: null, putBackAt: at }
    expect(putBack()).toMatchObject(waits)
    expect(putBack(halfApprovedBy([bob, carol]))).toMatchObject(waits)
    expect(putBack(applying())).toMatchObject({ ...waits, voided: [bob] })
  })

  test('tells everybody whose approval no longer counts, and why', () => {
    const change = approvedBy([bob, carol])
    expect(approvalsVoidedBy(change, holdAfterPutBack(change, operator, at)!)).toEqual(
      [bob, carol].map((person) => ({
        person,
        approvedAt: expect.any(String),
        why: expect.stringContaining('a backup of the database was put back'),
      })),
    )
  })

  test('may have had its update sent if it was being applied and no answer is known', () => {
    expect(putBack(applying()).sends).toMatchObject([{ answer: 'none', until: lease.until }])
    expect(putBack(answeredWith({ kind: 'taken' })).sends).toMatchObject([{ answer: 'taken' }])
    expect(putBack()).not.toHaveProperty('sends')
  })

  test('is known to be from a backup even if nobody had approved it: it may have been decided on since', () => {
    const { approvals, ...waiting } = pending()
    expect(putBack(pending())).toMatchObject({ ...waiting, approvals, putBackAt: at })
    expect(approvalsVoidedBy(pending(), holdAfterPutBack(pending(), operator, at)!)).toEqual([])
  })

  test.each<[string, (change: Change) => ChangeEvent]>([
    ['was edited', (change) => amend(change, { by: alice, at, revision: 1 }, revised, { now: all, next: all })],
    ['was rebased', (change) => rebase(stopped(change), { by: alice, at, revision: 1 }, revised, all)],
    [
      'was taken over',
      (change) => takeOver(change, { by: bob, at, revision: 1 }, revised, { now: orphaned, next: all }),
    ],
  ])('is known to be from a backup after it %s, too', (_, revise) => {
    const change = putBack(pending())
    expect(evolve(change, revise(change))).toMatchObject({ revision: 2, status: 'pending', putBackAt: at })
    expect(evolve(pending(), revise(pending()))).not.toHaveProperty('putBackAt')
  })

  test('is said to be from a backup wherever it says that it waits', () => {
    expect(inWords(putBack(pending()))).toBe('is waiting for approval; a backup was put back since it was asked for')
  })

  test('still waits to be rebased if it was stopped, and says that it is from a backup', () => {
    for (const stopped of inEveryStatus().filter(({ status }) => status === 'drifted'))
      expect(putBack(stopped)).toEqual({
        ...stopped,
        approvals: [],
        voided: expect.any(Array),
        lost: null,
        putBackAt: at,
      })
  })

  test('stays as it is if it has ended', () => {
    const ended = inEveryStatus().filter(hasEnded)
    expect(ended.length).toBeGreaterThan(4)
    for (const change of ended) expect(holdAfterPutBack(change, operator, at)).toBeNull()
  })
})

const foreign = auditKey('a key that is not at hand, long enough as well')!
const keys = { current: key, earlier: [] }

function anchor(size: number, head = `hash ${size}`, by: AuditKey = key): Contradicted {
  const known = by === foreign ? null : (by?.id ?? null)
  return { ...checkpointOf(size, head, by), from: `anchor ${size}`, by: known }
}

/** A log of that many entries, in which entry n has the hash "hash n". */
function log(size: number, by: AuditKey = key) {
  const entry = (seq: number) => (seq > size ? undefined : { key: by?.id ?? null, hash: `hash ${seq}` })
  return { size, entry, names: (id: string) => id === by?.id }
}

describe('the anchors that a log certainly does not bear out', () => {
  test('include an entry that it lacks, or has differently', () => {
    const [more, other] = [anchor(6), anchor(3, 'another')]
    expect(contradicted([anchor(0, ''), anchor(2), anchor(5), more, other], log(5), keys)).toEqual([more, other])
  })

  test('include nothing that anybody could have made up', () => {
    const made = [anchor(6, 'x', null), anchor(3, 'x', null)]
    expect(contradicted(made, log(5), keys)).toEqual([])
    expect(contradicted(made, log(5, null), { current: null, earlier: [] })).toEqual(made)
  })

  test('include anchors with a key that is not at hand: file and key may both be from before it', () => {
    const [more, other] = [anchor(6, 'x', foreign), anchor(3, 'x', foreign)]
    const isForeign = true
    expect(contradicted([anchor(2, 'hash 2', foreign), more, other], log(5), keys)).toEqual([
      { ...more, isForeign },
      { ...other, isForeign },
    ])
    expect(putBackProblem('db', 'anchors', contradicted([more], log(5), keys))).toContain('AUDIT_KEY_PREVIOUS')
    expect(putBackProblem('db', 'anchors', contradicted([more, anchor(6)], log(5), keys))).not.toContain('PREVIOUS')
  })

  test('include anchors with the present key, if no entry names that key', () => {
    const replaced = auditKey('a key that somebody stole, long enough as well')!
    const both = { current: key, earlier: [replaced] }
    expect(contradicted([anchor(3)], log(5, replaced), both)).toEqual([anchor(3)])
    expect(contradicted([anchor(3, 'hash 3', replaced)], log(5, replaced), both)).toEqual([])
    expect(contradicted([anchor(3)], { ...log(5, replaced), names: () => true }, both)).toEqual([])
  })

  test('include none from before the log was chained, whose hashes are made first', () => {
    const unchained = { ...log(5), entry: () => ({ key: null, hash: null }) }
    expect(contradicted([anchor(3, 'x')], unchained, keys)).toEqual([])
  })
})

/** A log that says, in entry #11, that a backup with ten entries was restored. */
function said(rest: object = {}, seq = 11, current = key.id, lastKept = new Map<string | null, number>()) {
  const putBacks = createPutBacks(later, current, lastKept)
  const body = JSON.stringify({ size: seq - 1, head: 'hash', ...rest })
  putBacks.feed({ seq, at, actor: operator, type: 'log_put_back', body, key: key.id })
  return putBacks
}
const later = new Date('2026-06-04T09:00:00.000Z')
const before = { at: '2026-06-03T08:00:00.000Z' }
const since = { at: '2026-06-03T10:00:00.000Z' }

describe('an entry that says that a backup was put back', () => {
  test('explains anchors beyond it until then, and none since, nor what the backup has itself', () => {
    const { explains, found } = said()
    expect(found()).toEqual([{ seq: 11, at, by: operator, size: 10, gone: null }])
    expect(explains({ ...anchor(15), ...before })).toBe(true)
    expect(explains({ ...anchor(11), ...before })).toBe(true)
    expect(explains({ ...anchor(10), ...before })).toBe(false)
    expect(explains({ ...anchor(15), ...since })).toBe(false)
    expect(explains(anchor(15))).toBe(false)
    expect(found()).toEqual([{ seq: 11, at, by: operator, size: 10, gone: 15 }])
  })

  test('explains the anchor that it names, whenever that was kept', () => {
    const { explains, found } = said({ anchors: [{ size: 15, head: 'hash 15' }] })
    expect(found()).toMatchObject([{ gone: 15 }])
    expect(explains(anchor(15))).toBe(true)
    expect(explains(anchor(14))).toBe(false)
  })

  test('that came late explains differences in the log before it, as far back as it says', () => {
    const { explains } = said({ upTo: 10 }, 31)
    expect(explains({ ...anchor(15), ...before })).toBe(true)
    expect(explains({ ...anchor(10), ...before })).toBe(false)
  })

  test('names each that it lacks, so that no clock has to tell which those were', () => {
    const lacking = [{ ...anchor(11), ...before }, anchor(12), { ...anchor(13), ...since }]
    expect(goneWith(lacking, 10)).toEqual({ anchors: [11, 12, 13].map((size) => ({ size, head: `hash ${size}` })) })
    expect(goneWith(lacking, 30)).toMatchObject({ upTo: 10 })
    expect(goneWith([], 10)).toEqual({})
    const { explains } = said(goneWith(lacking, 10))
    expect(lacking.map((one) => explains(one))).toEqual([true, true, true])
  })

  test('by a clock that was ahead explains only what it names, and what was kept before the log ended', () => {
    const named = JSON.stringify({ size: 10, head: 'hash', anchors: [{ size: 15, head: 'hash 15' }] })
    const entry = { seq: 11, at, actor: operator, type: 'log_put_back', body: named, key: key.id }
    const ahead = createPutBacks(new Date('2026-06-03T08:59:59.999Z'), key.id, new Map())
    ahead.feed(entry)
    expect([15, 14].map((size) => ahead.explains({ ...anchor(size), ...before }))).toEqual([true, false])
    const shown = createPutBacks(later, key.id, new Map())
    shown.feed(entry)
    shown.feed({ ...entry, seq: 12, at: '2026-06-03T08:30:00.000Z', type: 'started', body: '{}' })
    expect(shown.explains({ ...anchor(14), ...before })).toBe(true)
    expect(shown.explains({ ...anchor(14), at: '2026-06-03T08:45:00.000Z' })).toBe(false)
    shown.feed({ ...entry, seq: 13, at: '2026-06-03T09:30:00.000Z', type: 'started', body: '{}' })
    expect(shown.explains({ ...anchor(14), at: '2026-06-03T08:45:00.000Z' })).toBe(true)
  })

  test('explains no anchor of a key that is newer than itself, whoever has written it', () => {
    const newer = auditKey('a key that replaced the other, long enough as well')!
    const byNewer = { ...anchor(15, 'hash 15', newer), ...before }
    const named = { anchors: [{ size: 15, head: 'hash 15' }] }
    expect(said(named, 11, newer.id).explains(byNewer)).toBe(false)
    const { explains, feed } = said(named)
    expect(explains({ ...anchor(15), ...before })).toBe(true)
    expect(explains({ ...anchor(15, 'hash 15', null), ...before })).toBe(true)
    expect(explains(byNewer)).toBe(true)
    feed({ seq: 12, at, actor: 'app', type: 'started', body: '{}', key: newer.id })
    expect(explains(byNewer)).toBe(false)
  })

  test('explains anchors of a key that the log never names only with the present key, or one with a later anchor', () => {
    const [one, present] = ['one that was replaced', 'the present one'].map(
      (name) => auditKey(`${name}, long enough as well`)!,
    )
    const gone = { ...anchor(15, 'hash 15', one!), ...before }
    const explainsWith = (current: string, last: string) =>
      said({}, 11, current, new Map([[key.id, Date.parse(last)]])).explains(gone)
    expect(explainsWith(key.id, '2026-06-03T07:59:59.999Z')).toBe(true)
    expect(explainsWith(present!.id, '2026-06-03T08:00:00.000Z')).toBe(false)
    expect(explainsWith(present!.id, '2026-06-03T08:00:00.001Z')).toBe(true)
    expect(said({}, 11, present!.id).explains(gone)).toBe(false)
  })

  test('explains nothing if it claims more than there was, or cannot be read', () => {
    expect(said({ upTo: 5 }, 3).explains({ ...anchor(3), ...before })).toBe(true)
    const putBacks = createPutBacks(later, key.id, new Map())
    putBacks.feed({ seq: 11, at, actor: operator, type: 'log_put_back', body: '{"size":"ten"}', key: key.id })
    expect(putBacks.found()).toEqual([])
  })
})
