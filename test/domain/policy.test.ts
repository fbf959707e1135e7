import { expect, test } from 'vitest'
import { approvalsThatCount, deciders, mayDecide, type Policy, policy, quorumMet } from '../../src/domain/policy.ts'
import { alice, bob, carol, mallory, policyOfTwo } from '../support/world.ts'

function asked(...people: string[]) {
  return { requester: alice, approvals: people.map((by) => ({ by, at: '2026-06-01T09:00:00.000Z', revision: 1 })) }
}

const listsAlice: Policy = { approvers: [alice, bob], approvals: 1 }

test('only those on the list decide', () => {
  expect(mayDecide(policyOfTwo, bob, asked())).toBe(true)
  expect(mayDecide(policyOfTwo, mallory, asked())).toBe(false)
})

test('nobody decides on a change of their own, even when the list names them', () => {
  expect(mayDecide(listsAlice, alice, asked())).toBe(false)
  expect(deciders(listsAlice, alice)).toEqual([bob])
})

test('a person listed twice is one person', () => {
  expect(deciders({ approvers: [bob, bob, carol], approvals: 2 }, alice)).toEqual([bob, carol])
})

test('an approval counts once a person, and only while the person is on the list', () => {
  expect(approvalsThatCount(policyOfTwo, asked(bob, bob))).toEqual([bob])
  expect(approvalsThatCount(policyOfTwo, asked(bob, mallory, alice))).toEqual([bob])
  expect(quorumMet(policyOfTwo, asked(bob, bob, mallory, alice))).toBe(false)
  expect(quorumMet(policyOfTwo, asked(bob, carol))).toBe(true)
})

test('an empty list of approvers is no quorum', () => {
  expect(quorumMet({ approvers: [], approvals: 1 }, asked(bob))).toBe(false)
})

test.each([0, -1, 1.5])('a policy that asks for %s approvals is none', (approvals) => {
  expect(policy.safeParse({ approvers: [bob], approvals }).success).toBe(false)
})
