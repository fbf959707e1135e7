import { describe, expect, test } from 'vitest'
import { evolve } from '../../src/domain/change.ts'
import { approve, cancel, propose, reject, startApply } from '../../src/domain/decide.ts'
import { Refusal } from '../../src/domain/refusal.ts'
import { inWords } from '../../src/domain/status.ts'
import { applying, approvedBy, proposedAt as at, inEveryStatus, lease, pending } from '../support/changes.ts'
import { alice, bob, carol, mallory, policy, policyOfTwo, proposal, settings } from '../support/world.ts'

function refusal(decision: () => unknown): { code: string; message: string } {
  try {
    decision()
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, message: error.message }
    throw error
  }
  throw new Error('expected a refusal')
}

describe('proposing', () => {
  test('a proposal is kept as it was asked, with its time', () => {
    expect(propose(proposal(), policy, at)).toEqual({ type: 'proposed', at, ...proposal() })
  })

  test('a proposal that changes nothing, by meaning, is refused', () => {
    const after = settings({ branches: ['development', 'main'] })
    expect(refusal(() => propose(proposal({ after }), policy, at)).code).toBe('no_changes')
  })

  test('a proposal without a reason is refused', () => {
    expect(refusal(() => propose(proposal({ reason: ' \n ' }), policy, at)).code).toBe('invalid')
  })

  test('a proposal that nobody could ever approve is refused, with the numbers', () => {
    const lonely = { approvers: [alice, bob, bob], approvals: 2 }
    expect(refusal(() => propose(proposal(), lonely, at))).toEqual({
      code: 'not_allowed',
      message: expect.stringContaining('needs 2 approvals, and only 1 '),
    })
    expect(propose(proposal(), { approvers: [alice, bob, carol], approvals: 2 }, at).type).toBe('proposed')
  })
})

describe('approving', () => {
  test('one approval of two is no quorum, and the second is', () => {
    const first = approve(pending(), bob, policyOfTwo, 1, at)
    expect(first).toEqual({ type: 'approved', at, by: bob, revision: 1, quorum: false })
    const second = approve(evolve(pending(), first), carol, policyOfTwo, 1, at)
    expect(second).toMatchObject({ by: carol, quorum: true })
    expect(evolve(evolve(pending(), first), second).status).toBe('approved')
  })

  test('an approval by somebody who has left the list no longer counts towards the quorum', () => {
    const change = evolve(pending(), approve(pending(), bob, policyOfTwo, 1, at))
    expect(approve(change, carol, { approvers: [carol, mallory], approvals: 2 }, 1, at)).toMatchObject({
      quorum: false,
    })
  })

  test('the requester may not approve, even when the list names them', () => {
    const listed = { approvers: [alice, bob], approvals: 1 }
    expect(refusal(() => approve(pending(), alice, listed, 1, at))).toEqual({
      code: 'not_allowed',
      message: 'You asked for change #42 yourself, so somebody else must approve it.',
    })
  })

  test('somebody who is not on the list may not approve', () => {
    expect(refusal(() => approve(pending(), mallory, policy, 1, at))).toEqual({
      code: 'not_allowed',
      message: 'You are not on the list of people who may approve changes on website.',
    })
  })

  test('nobody approves twice', () => {
    const once = evolve(pending(), approve(pending(), bob, policyOfTwo, 1, at))
    expect(refusal(() => approve(once, bob, policyOfTwo, 1, at)).code).toBe('wrong_status')
  })

  test.each([0, 2])('revision %i is not the one that stands, so its approval is refused', (revision) => {
    expect(refusal(() => approve(pending(), bob, policy, revision, at))).toEqual({
      code: 'wrong_status',
      message: 'Change #42 has been edited since this card was drawn: read it again first.',
    })
  })
})

describe('rejecting', () => {
  const rejection = { by: bob, reason: 'not before the launch', revision: 1 }

  test('a rejection ends the change and keeps its reason', () => {
    const event = reject(pending(), rejection, policy, at)
    expect(evolve(pending(), event)).toMatchObject({
      status: 'rejected',
      endedAt: at,
      rejectedBy: bob,
      rejection: 'not before the launch',
    })
  })

  test('a rejection needs a reason', () => {
    expect(refusal(() => reject(pending(), { ...rejection, reason: ' ' }, policy, at)).code).toBe('invalid')
  })

  test('neither the requester nor somebody who is not on the list may reject', () => {
    for (const by of [alice, mallory])
      expect(refusal(() => reject(pending(), { ...rejection, by }, policy, at)).code).toBe('not_allowed')
  })

  test('an older revision can not be rejected', () => {
    expect(refusal(() => reject(pending(), { ...rejection, revision: 2 }, policy, at)).code).toBe('wrong_status')
  })
})

describe('cancelling', () => {
  test.each([pending(), approvedBy([bob])])('the requester may cancel a change that $status', (change) => {
    expect(evolve(change, cancel(change, alice, at))).toMatchObject({ status: 'cancelled', cancelledBy: alice })
  })

  test('nobody else may cancel, approvers included', () => {
    for (const by of [bob, mallory]) expect(refusal(() => cancel(pending(), by, at)).code).toBe('not_allowed')
  })
})

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
        expect(refusal(() => decide(change))).toEqual({
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
