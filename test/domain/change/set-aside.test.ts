import { describe, expect, test } from 'vitest'
import { startApply } from '../../../src/domain/change/applying.ts'
import { cancel, cancelAsOperator } from '../../../src/domain/change/cancelling.ts'
import { asideBecause, type Change, hasEnded } from '../../../src/domain/change/change.ts'
import { approve, reject } from '../../../src/domain/change/deciding.ts'
import { evolve } from '../../../src/domain/change/evolve.ts'
import { claim } from '../../../src/domain/change/looking.ts'
import { expire, nudge, remind } from '../../../src/domain/change/reminders.ts'
import { amend, rebase } from '../../../src/domain/change/revising.ts'
import { sealOf } from '../../../src/domain/change/seal.ts'
import { setAside } from '../../../src/domain/change/set-aside.ts'
import { allWrittenBy } from '../../../src/domain/change/write.ts'
import {
  applying,
  approvedBy,
  proposedAt as at,
  changeAfter,
  electorate,
  inEveryStatus,
  lease,
  pending,
} from '../../support/changes.ts'
import { alice, bob, settings } from '../../support/world.ts'

const why = 'its stack is no longer configured'
const event = { type: 'set_aside', at, why } as const
const aside = changeAfter([event])
const later = '2026-06-20T09:00:00.000Z'

test('every open change can be set aside, and taken up again as it was', () => {
  for (const change of inEveryStatus()) {
    const event = setAside(change, why, at)
    expect(event === null).toBe(hasEnded(change))
    if (!event) continue
    const set = evolve(change, event)
    expect([asideBecause(set), setAside(set, why, at)]).toEqual([why, null])
    const taken = setAside(set, null, at)!
    expect(taken).toEqual({ type: 'set_aside', at, why: null })
    expect(evolve(set, taken)).toEqual({ ...change, setAside: null })
    expect(setAside(evolve(set, taken), null, at)).toBeNull()
  }
  expect(setAside(pending(), null, at)).toBeNull()
})

test('another reason is reported again, and approvals stand', () => {
  const other = setAside(aside, 'it was asked for on another stack', at)!
  expect(asideBecause(evolve(aside, other))).toBe('it was asked for on another stack')
  const approved = evolve(approvedBy([bob]), event)
  expect(approved.approvals).toHaveLength(1)
  expect(sealOf(approved)).toBe(sealOf(approvedBy([bob])))
})

describe('while a change is set aside', () => {
  const act = { by: bob, revision: 1, at }
  const revised = { ...aside, after: settings({ name: 'x' }) }
  const who = electorate(aside)

  test.each<[string, () => unknown]>([
    ['approve', () => approve(aside, { ...act, comment: '' }, who)],
    ['reject', () => reject(aside, { ...act, reason: 'no' }, who)],
    ['edit', () => amend(aside, { ...act, by: alice }, revised, { now: who, next: who })],
    ['say that you are looking at', () => claim(aside, act, who)],
    ['nudge about', () => nudge(aside, { ...act, by: alice }, 0)],
    [
      'rebase',
      () =>
        rebase(
          changeAfter([{ type: 'drift_found', at, live: settings() }, event]),
          { ...act, by: alice },
          revised,
          who,
        ),
    ],
  ])('nobody can %s it, and is told why', (verb, attempt) => {
    expect(attempt).toThrow(`You can't ${verb} change #42 now: it is set aside, because ${why}. Nothing was done.`)
  })

  test('it is not applied, though it is approved', () => {
    const approved = evolve(approvedBy([bob]), event)
    expect(startApply(approved, electorate(approved), lease, at)).toBeNull()
    const again = evolve(approved, { ...event, why: null })
    expect(startApply(again, electorate(again), lease, at)).toMatchObject({ type: 'apply_started' })
  })

  test('while it is being applied it can be cancelled once its lease is over, and a possible update is kept in mind', () => {
    const started = evolve(applying(), event)
    expect(() => cancel(started, alice, at)).toThrow('an update of it may be on its way at this moment')
    const cancelled = evolve(started, cancel(started, alice, later))
    expect(allWrittenBy(cancelled).at(-1)).toMatchObject({
      kind: 'perhaps',
      sentAt: started.approvals[0]!.at,
      until: lease.until,
      left: false,
    })
    expect(cancelAsOperator(started, { by: 'operator:x', at: later, reason: '' })).toMatchObject({ type: 'cancelled' })
  })

  test('and at once if the clock was set back by more than a lease lasts', () => {
    const lasting = { holder: 'first', until: '2026-06-01T09:01:00.000Z', arrival: '2026-06-01T09:15:00.000Z' }
    const begun = { type: 'apply_started', at: '2026-06-01T09:00:00.000Z', lease: lasting, seal: '' } as const
    const started = [begun, event].reduce<Change>(evolve, approvedBy([bob]))
    for (const still of ['2026-06-01T09:00:00.000Z', '2026-06-01T09:00:59.999Z'])
      expect(() => cancel(started, alice, still)).toThrow('may be on its way')
    expect(cancel(started, alice, '2026-05-01T09:00:00.000Z')).toMatchObject({ type: 'cancelled' })
  })

  test.each(['taken', 'unknown'] as const)('so is an update that was answered: %s', (kind) => {
    const answer = kind === 'taken' ? { kind } : { kind, why: 'no answer' }
    const sent = { type: 'write_answered', at, sentAt: at, answer } as const
    const started = [sent, event].reduce<Change>(evolve, applying())
    expect(evolve(started, cancel(started, alice, later)).sends).toEqual(started.sends)
    expect(started.sends).toHaveLength(1)
  })

  test('it can be cancelled, it expires in its time, and nobody is reminded of it', () => {
    expect(cancel(aside, alice, at)).toMatchObject({ type: 'cancelled' })
    expect(expire(aside, later)).toMatchObject({ type: 'expired' })
    expect(remind(aside, 1000, later)).toBeNull()
  })
})
