import { describe, expect, test } from 'vitest'
import { startApply } from '../../../src/domain/change/applying.ts'
import * as Cancelling from '../../../src/domain/change/cancelling.ts'
import { type Change, hasEnded, requestersOf } from '../../../src/domain/change/change.ts'
import * as Deciding from '../../../src/domain/change/deciding.ts'
import { evolve } from '../../../src/domain/change/evolve.ts'
import * as Looking from '../../../src/domain/change/looking.ts'
import * as Waiting from '../../../src/domain/change/reminders.ts'
import * as Revising from '../../../src/domain/change/revising.ts'
import { sealOf } from '../../../src/domain/change/seal.ts'
import { inWords } from '../../../src/domain/change/status.ts'
import { movedBy } from '../../../src/domain/looks/moved-by.ts'
import type { Settings } from '../../../src/domain/token/token.ts'
import {
  answeredWith,
  applying,
  approval,
  approvedBy,
  asProposed,
  proposedAt as at,
  changeAfter,
  electorate,
  inEveryStatus,
  lease,
  pending,
} from '../../support/changes.ts'
import { refusalOf } from '../../support/refusal.ts'
import { alice, bob, carol, dave, mallory, proposal, settings } from '../../support/world.ts'

const approved = approvedBy([bob])
const both = approvedBy([bob, carol])

describe('starting to apply', () => {
  test('an approved change is applied under the lease, and the log keeps the seal', () => {
    const event = startApply(approved, electorate(approved), lease, at)
    expect(event).toEqual({ type: 'apply_started', at, lease, seal: sealOf(approved) })
    expect(evolve(approved, event!)).toMatchObject({ status: 'applying', lease, approvals: [{ by: bob }] })
  })

  test.each([
    ['asks for more approvals now', { people: [bob, carol], quorum: 2 }, [], '1 more must approve'],
    [
      'no longer names who approved',
      { people: [carol] },
      [{ by: bob, why: 'only the people its rule names may decide on it' }],
      '1 more must approve',
    ],
    [
      'names nobody now',
      { people: [], quorum: 2 },
      [{ by: bob, why: 'only the people its rule names may decide on it' }],
      '2 more must approve',
    ],
  ])('a change waits for approvals again when the policy %s', (_, named, lost, why) => {
    const event = startApply(approved, electorate(approved, {}, named), lease, at)
    expect(event).toEqual({ type: 'quorum_lost', at, lost, why: `${why} under the current policy` })
    expect(evolve(approved, event!)).toMatchObject({
      status: 'pending',
      approvals: [{ by: bob }],
      lost: { approvals: lost, why: `${why} under the current policy` },
    })
  })

  test('somebody who became a guest since does not count, and the card says why', () => {
    const all = electorate(both, { barred: { [bob]: 'guests may not use Countersign' } }, { quorum: 2 })
    expect(startApply(both, all, lease, at)).toEqual({
      type: 'quorum_lost',
      at,
      lost: [{ by: bob, why: 'guests may not use Countersign' }],
      why: '1 more must approve under the current policy',
    })
  })

  test('both the original rule and the current rule have to be met', () => {
    const [then] = electorate(approved).demands
    const today = { rule: 'stricter', parties: [{ people: [bob, carol], quorum: 2 }] }
    for (const demands of [
      [then!, today],
      [today, then!],
    ])
      expect(startApply(approved, { ...electorate(approved), demands }, lease, at)).toMatchObject({
        type: 'quorum_lost',
        lost: [],
        why: '1 more must approve under the current policy',
      })
    const demands = [then!, today]
    expect(startApply(both, { ...electorate(both), demands }, lease, at)?.type).toBe('apply_started')
  })

  test('a change that the current policy forbids is not applied, and the reason is kept', () => {
    const forbidden = electorate(approved, { forbidden: 'Not during the freeze.' })
    expect(startApply(approved, forbidden, lease, at)).toEqual({
      type: 'quorum_lost',
      at,
      lost: [],
      why: 'Not during the freeze.',
    })
  })

  test('without any demand there is no quorum', () => {
    expect(startApply(approved, { ...electorate(approved), demands: [] }, lease, at)?.type).toBe('quorum_lost')
  })

  test('an electorate that was looked up for something else opens nothing, and loses nothing', () => {
    expect(startApply(approved, electorate(null), lease, at)).toBeNull()
    expect(startApply(approved, electorate({ ...approved, revision: 2 }), lease, at)).toBeNull()
  })

  test('approvals by the requester, or by somebody who edited it, never open the door, however they came to be stored', () => {
    const named = { people: [alice, dave] }
    const byAlice = approvedBy([alice])
    expect(startApply(byAlice, electorate(byAlice, {}, named), lease, at)?.type).toBe('quorum_lost')
    const byDave = { ...approvedBy([dave]), amenders: [dave] }
    expect(startApply(byDave, electorate(byDave, {}, named), lease, at)).toMatchObject({
      type: 'quorum_lost',
      lost: [{ by: dave, why: 'whoever edits a change may not decide on it' }],
    })
  })

  test('one person stored twice is one approval', () => {
    const twice = approvedBy([bob, bob])
    expect(startApply(twice, electorate(twice, {}, { quorum: 2 }), lease, at)?.type).toBe('quorum_lost')
  })

  test('approvals of something else never open the door', () => {
    const other = changeAfter([approval(bob, { ...pending(), revision: 2 } as Change, { quorum: true })])
    expect(startApply(other, electorate(other), lease, at)).toMatchObject({
      type: 'quorum_lost',
      lost: [{ by: bob, why: 'approved something different from what it is now' }],
    })
  })

  test('a change whose time is over expires instead, even with a quorum', () => {
    const { expiresAt } = approved
    expect(startApply(approved, electorate(approved), lease, expiresAt)).toEqual({ type: 'expired', at: expiresAt })
  })
})

describe('in every status', () => {
  const act = (by: string) => ({ by, revision: 1, at: '2026-06-02T09:00:00.000Z', comment: '', reason: 'no' })
  const two = electorate(pending(), {}, { people: [bob, carol, dave], quorum: 2 })
  const revised = { ...proposal(), after: settings({ name: 'ci-next' }) }
  const verbs: [string, string[], (change: Change) => unknown][] = [
    ['approve', ['pending'], (change) => Deciding.approve(change, act(carol), two)],
    ['reject', ['pending'], (change) => Deciding.reject(change, act(carol), two)],
    ['edit', ['pending'], (change) => Revising.amend(change, act(alice), revised, { now: two, next: two })],
    ['say that you are looking at', ['pending'], (change) => Looking.claim(change, act(carol), two)],
    ['nudge about', ['pending'], (change) => Waiting.nudge(change, act(alice), 1)],
    ['rebase', ['drifted'], (change) => Revising.rebase(change, act(alice), revised, two)],
    ['cancel', ['pending', 'approved', 'drifted'], (change) => Cancelling.cancel(change, alice, at)],
    ['apply', ['approved'], (change) => startApply(change, electorate(change), lease, at)],
  ]

  test.each(verbs)('one can %s a change only while that makes sense', (verb, from, decide) => {
    for (const change of inEveryStatus()) {
      if (from.includes(change.status)) expect(decide(change)).toBeTruthy()
      else
        expect(refusalOf(() => decide(change))).toEqual({
          code: 'wrong_status',
          message: `You can't ${verb} change #42 now: it ${inWords(change)}. Nothing was done.`,
        })
    }
  })

  test('every status has words of its own', () => {
    expect(inEveryStatus().map((change) => inWords(change))).toEqual([
      'is waiting for approval',
      'is approved and about to be applied',
      'is being applied',
      'has been applied',
      'has failed',
      'is stopped, because the token was changed elsewhere',
      'was rejected',
      'was cancelled',
      'has expired',
    ])
  })

  test('a stop does not say who moved the token if a field that an update asked for became something else', () => {
    const sent = answeredWith({ kind: 'taken' }, { asked: { after: settings({ name: 'R&D' }) } })
    const stopped = (live: Settings) =>
      inWords(evolve(sent, { type: 'drift_found', at, live, ...movedBy(sent, live, []) }))
    expect(stopped(settings({ emailNotice: false }))).toMatch(/changed elsewhere$/)
    expect(stopped(settings({ name: 'by hand' }))).toMatch(/changed elsewhere$/)
    expect(stopped(settings({ name: 'R&amp;D' }))).toMatch(
      /elsewhere, or the stack took what was sent only in part or in its own way$/,
    )
  })

  test('a change has ended once it is applied, failed, rejected, cancelled or expired', () => {
    const ended = inEveryStatus().filter(hasEnded)
    expect(ended.map(({ status }) => status)).toEqual(['applied', 'failed', 'rejected', 'cancelled', 'expired'])
  })
})

describe('the outcome of an event', () => {
  test('a proposal opens revision 1, with nothing decided', () => {
    expect(pending()).toEqual({
      ...proposal(),
      ...asProposed,
      id: 42,
      proposedAt: at,
      revisedAt: at,
    })
  })

  test('its events from the proposal on lead to the same, whatever is held to begin with', () => {
    const events = [{ type: 'proposed', at, ...proposal() } as const, approval(bob, pending())]
    expect(events.reduce(evolve, applying({ reason: 'Another' }))).toEqual(changeAfter(events.slice(1)))
  })

  test('an interruption counts up while the change is applied again, and a new approval starts from none', () => {
    const interrupted = { type: 'apply_interrupted', at, why: 'timeout', retryAt: at } as const
    const restarted = { type: 'apply_started', at, lease, seal: '' } as const
    const twice = [interrupted, restarted, interrupted].reduce(evolve, applying())
    expect(twice).toMatchObject({ status: 'approved', interruptions: 2, interruption: { why: 'timeout', retryAt: at } })
    const lost = { type: 'quorum_lost', at, lost: [{ by: bob, why: 'left' }], why: '1 more' } as const
    const waiting = evolve(twice, lost)
    expect(waiting).not.toHaveProperty('interruption')
    const again = evolve(waiting, approval(carol, pending(), { quorum: true }))
    expect(again).toMatchObject({ status: 'approved', interruptions: 0, interruption: null, lost: null })
  })

  test('lost approvals stay on the card until there are enough again', () => {
    const lost = { type: 'quorum_lost', at, lost: [], why: '2 more' } as const
    const waiting = [lost, approval(carol, pending())].reduce(evolve, approved)
    expect(waiting).toMatchObject({ status: 'pending', lost: { approvals: [], why: '2 more' } })
  })

  test('people whose earlier approval is void are remembered, each once, until they approve again or others suffice', () => {
    const amended = (by: string) => ({ ...proposal(), type: 'amended', at, by, voids: [] }) as const
    const events = [approval(bob, pending()), approval(carol, pending()), amended(alice)]
    const first = changeAfter(events)
    expect(first.voided).toEqual([bob, carol])
    const again = evolve(evolve(first, approval(bob, first)), amended(dave))
    expect(again).toMatchObject({ voided: [carol, bob], amenders: [dave], revision: 3, approvals: [] })
    expect(evolve(again, approval(carol, again)).voided).toEqual([bob])
    expect(evolve(again, approval(carol, again, { quorum: true })).voided).toEqual([])
  })

  test('drift keeps what was found, and a rebase forgets it', () => {
    const live = settings({ description: 'by hand' })
    const drifted = evolve(applying(), { type: 'drift_found', at, live })
    expect(drifted).toMatchObject({ status: 'drifted', driftedAt: at, live })
    expect(drifted).not.toHaveProperty('lease')
    const rebased = evolve(drifted, { ...proposal({ before: live }), type: 'rebased', at, by: mallory, voids: [] })
    expect(rebased).toMatchObject({ status: 'pending', before: live, revision: 2, voided: [bob], amenders: [] })
    expect(rebased).not.toHaveProperty('live')
  })

  test('the requester and everybody who edited the change count as requesters', () => {
    expect(requestersOf({ requester: alice, amenders: [dave] })).toEqual([alice, dave])
  })
})
