import { describe, expect, test } from 'vitest'
import { evolve } from '../../src/domain/change.ts'
import { approve, cancel, reject, startApply } from '../../src/domain/decide.ts'
import { inWords } from '../../src/domain/status.ts'
import { applying, approvedBy, proposedAt as at, inEveryStatus, lease, pending } from '../support/changes.ts'
import { refusalOf } from '../support/refusal.ts'
import { alice, bob, carol, policy, policyOfTwo } from '../support/world.ts'

describe('starting to apply', () => {
  test('an approved change is applied under the lease', () => {
    expect(startApply(approvedBy([bob]), policy, lease, at)).toEqual({ type: 'apply_started', at, lease })
  })

  test.each([
    ['asks for more approvals now', { approvers: [bob, carol], approvals: 2 }],
    ['no longer lists who approved', { approvers: [carol], approvals: 1 }],
    ['lists nobody now', { approvers: [], approvals: 1 }],
  ])('a change waits for approvals again when the policy %s', (_, stricter) => {
    const event = startApply(approvedBy([bob]), stricter, lease, at)
    expect(event).toEqual({ type: 'quorum_lost', at })
    expect(evolve(approvedBy([bob]), event)).toMatchObject({ status: 'pending', approvals: [{ by: bob }] })
  })

  test('approvals by the requester never open the door, however they came to be stored', () => {
    const listed = { approvers: [alice, bob], approvals: 1 }
    expect(startApply(approvedBy([alice]), listed, lease, at).type).toBe('quorum_lost')
  })

  test('one person stored twice is one approval', () => {
    expect(startApply(approvedBy([bob, bob]), policyOfTwo, lease, at).type).toBe('quorum_lost')
  })
})

describe('in every status', () => {
  const verbs = {
    approve: {
      from: ['pending'],
      decide: (change: ReturnType<typeof pending>) => approve(change, carol, policy, 1, at),
    },
    reject: {
      from: ['pending'],
      decide: (change: ReturnType<typeof pending>) =>
        reject(change, { by: carol, reason: 'no', revision: 1 }, policy, at),
    },
    cancel: {
      from: ['pending', 'approved'],
      decide: (change: ReturnType<typeof pending>) => cancel(change, alice, at),
    },
    apply: {
      from: ['approved'],
      decide: (change: ReturnType<typeof pending>) => startApply(change, policy, lease, at),
    },
  }

  test.each(Object.entries(verbs))('a change can be %s-ed only while that makes sense', (verb, { from, decide }) => {
    for (const change of inEveryStatus()) {
      if (from.includes(change.status)) expect(decide(change).type).toBeTruthy()
      else
        expect(refusalOf(() => decide(change))).toEqual({
          code: 'wrong_status',
          message: `You can't ${verb} change #42 now: it ${inWords(change)}. Nothing was done.`,
        })
    }
  })

  test('every status has words of its own', () => {
    expect(inEveryStatus().map(inWords)).toEqual([
      'is waiting for approval',
      'is approved and about to be applied',
      'is being applied',
      'has been applied',
      'has failed',
      'was stopped, because the token had been changed elsewhere',
      'was rejected',
      'was cancelled',
    ])
  })
})

test('an interruption counts up while the change is applied again, and a new approval starts from none', () => {
  const interrupted = { type: 'apply_interrupted', at, why: 'timeout', retryAt: at } as const
  const twice = [interrupted, { type: 'apply_started', at, lease } as const, interrupted].reduce(evolve, applying())
  expect(twice).toMatchObject({ status: 'approved', interruptions: 2, interruption: { why: 'timeout', retryAt: at } })
  const again = [{ type: 'quorum_lost', at } as const, approve(pending(), carol, policy, 1, at)].reduce(evolve, twice)
  expect(again).toMatchObject({ status: 'approved', interruptions: 0, interruption: null })
})
