import { describe, expect, test } from 'vitest'
import { evolve } from '../../src/domain/change.ts'
import { approve, cancel, propose, reject } from '../../src/domain/decide.ts'
import { approvedBy, proposedAt as at, pending } from '../support/changes.ts'
import { refusalOf } from '../support/refusal.ts'
import { alice, bob, carol, mallory, policy, policyOfTwo, proposal, settings } from '../support/world.ts'

describe('proposing', () => {
  test('a proposal is kept as it was asked, with its time', () => {
    expect(propose(proposal(), policy, at)).toEqual({ type: 'proposed', at, ...proposal() })
  })

  test('a proposal that changes nothing, by meaning, is refused', () => {
    const after = settings({ branches: ['development', 'main'] })
    expect(refusalOf(() => propose(proposal({ after }), policy, at)).code).toBe('no_changes')
  })

  test('a proposal without a reason is refused', () => {
    expect(refusalOf(() => propose(proposal({ reason: ' \n ' }), policy, at)).code).toBe('invalid')
  })

  test('a proposal that nobody could ever approve is refused, with the numbers', () => {
    const lonely = { approvers: [alice, bob, bob], approvals: 2 }
    expect(refusalOf(() => propose(proposal(), lonely, at))).toEqual({
      code: 'not_allowed',
      message: expect.stringContaining('needs 2 approvals, and besides you only 1 '),
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
    expect(refusalOf(() => approve(pending(), alice, listed, 1, at))).toEqual({
      code: 'not_allowed',
      message: 'You asked for change #42 yourself, so somebody else must approve it.',
    })
  })

  test('somebody who is not on the list may not approve', () => {
    expect(refusalOf(() => approve(pending(), mallory, policy, 1, at))).toEqual({
      code: 'not_allowed',
      message: 'You are not on the list of people who may approve changes on website.',
    })
  })

  test('nobody approves twice', () => {
    const once = evolve(pending(), approve(pending(), bob, policyOfTwo, 1, at))
    expect(refusalOf(() => approve(once, bob, policyOfTwo, 1, at)).code).toBe('wrong_status')
  })

  test.each([0, 2])('revision %i is not the one that stands, so its approval is refused', (revision) => {
    expect(refusalOf(() => approve(pending(), bob, policy, revision, at))).toEqual({
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
    expect(refusalOf(() => reject(pending(), { ...rejection, reason: ' ' }, policy, at)).code).toBe('invalid')
  })

  test('neither the requester nor somebody who is not on the list may reject', () => {
    for (const by of [alice, mallory])
      expect(refusalOf(() => reject(pending(), { ...rejection, by }, policy, at)).code).toBe('not_allowed')
  })

  test('an older revision can not be rejected', () => {
    expect(refusalOf(() => reject(pending(), { ...rejection, revision: 2 }, policy, at)).code).toBe('wrong_status')
  })
})

describe('cancelling', () => {
  test.each([pending(), approvedBy([bob])])('the requester may cancel a change that $status', (change) => {
    expect(evolve(change, cancel(change, alice, at))).toMatchObject({ status: 'cancelled', cancelledBy: alice })
  })

  test('nobody else may cancel, approvers included', () => {
    for (const by of [bob, mallory]) expect(refusalOf(() => cancel(pending(), by, at)).code).toBe('not_allowed')
  })
})

test('when the policy asks for less by now, somebody who approved can say so again, and the change goes on', () => {
  const before = approve(pending(), bob, policyOfTwo, 1, at)
  const once = evolve(pending(), before)
  expect(refusalOf(() => approve(once, bob, policyOfTwo, 1, at)).code).toBe('wrong_status')
  expect(approve(once, bob, policy, 1, at)).toMatchObject({ type: 'approved', quorum: true })
})
