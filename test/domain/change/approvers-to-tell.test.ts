import { describe, expect, test } from 'vitest'
import { approvalsVoidedBy, hasApprovedSince, revisedSince } from '../../../src/domain/change/approvers-to-tell.ts'
import { evolve } from '../../../src/domain/change/evolve.ts'
import { approval, halfApprovedBy, pending } from '../../support/changes.ts'
import { alice, bob, carol, dave, proposal } from '../../support/world.ts'

const at = '2026-06-02T09:00:00.000Z'
const { before, after, reason, requirement, expiresAt, remindAt } = proposal()
const revision = { at, by: alice, before, after, reason, requirement, expiresAt, remindAt, voids: [] }
const approved = halfApprovedBy([bob, carol])
const approvedAt = approved.approvals[0]!.at

describe('the people told that their approval no longer counts', () => {
  test.each(['amended', 'rebased'] as const)(
    'are all approvers, without a reason of their own, if it is %s',
    (type) => {
      expect(approvalsVoidedBy(approved, { type, ...revision })).toEqual([
        { person: bob, approvedAt, why: null },
        { person: carol, approvedAt, why: null },
      ])
      expect(approvalsVoidedBy(pending(), { type, ...revision })).toEqual([])
    },
  )

  test('are not those who edited it, rebased it or took it over themselves', () => {
    for (const type of ['amended', 'rebased'] as const)
      expect(approvalsVoidedBy(approved, { type, ...revision, by: carol })).toEqual([
        { person: bob, approvedAt, why: null },
      ])
    expect(approvalsVoidedBy(approved, { type: 'taken_over', ...revision, by: bob, from: [alice], tells: [] })).toEqual(
      [{ person: carol, approvedAt, why: null }],
    )
  })

  test('are those who lost the right to, each with the reason, and not those who never approved', () => {
    const lost = [
      { by: carol, why: 'she left the group' },
      { by: dave, why: 'he is deactivated' },
    ]
    expect(approvalsVoidedBy(approved, { type: 'quorum_lost', at, lost, missing: 1 } as never)).toEqual([
      { person: carol, approvedAt, why: 'she left the group' },
    ])
  })

  test('are those found to have lost it when somebody else approves', () => {
    const lost = [{ by: carol, why: 'she left the group' }]
    expect(approvalsVoidedBy(approved, approval(dave, approved, { lost }))).toEqual([
      { person: carol, approvedAt, why: 'she left the group' },
    ])
    expect(approvalsVoidedBy(approved, approval(dave, approved))).toEqual([])
  })

  test('are none if something else happens', () => {
    expect(approvalsVoidedBy(approved, { type: 'claimed', at, by: bob })).toEqual([])
    expect(approvalsVoidedBy(approved, { type: 'reminded', at, remindAt: at })).toEqual([])
  })

  test('are told about the last approval of each, once', () => {
    const twice = { ...approved, approvals: [...approved.approvals, { ...approved.approvals[0]!, at }] }
    expect(approvalsVoidedBy(twice, { type: 'amended', ...revision })).toEqual([
      { person: bob, approvedAt: at, why: null },
      { person: carol, approvedAt, why: null },
    ])
  })
})

test('somebody who has approved again since has nothing left to be told', () => {
  const change = { ...pending(), approvals: [{ ...approval(bob, pending()), at }] }
  const has = (person: string, then: string) => hasApprovedSince(change, { person, approvedAt: then, why: null })
  expect(has(bob, '2026-06-01T09:00:00.000Z')).toBe(true)
  expect(has(bob, at)).toBe(false)
  expect(has(carol, '2026-06-01T09:00:00.000Z')).toBe(false)
  const both = { ...change, approvals: [...approved.approvals, ...change.approvals] }
  expect(hasApprovedSince(both, { person: bob, approvedAt, why: null })).toBe(true)
})

test('a change that was rebased last is reported as rebased, even if a clock has the approval later; one edited since as edited', () => {
  const over = { elsewhere: true }
  const rebased = evolve(approved, { type: 'rebased', ...revision, over })
  const later = '2026-06-03T09:00:00.000Z'
  for (const time of [approvedAt, later]) expect(revisedSince(rebased, time)).toBe('rebased')
  const edited = evolve(rebased, { type: 'amended', ...revision, at: later })
  expect(revisedSince(edited, approvedAt)).toBe('rebased')
  expect(revisedSince(edited, later)).toBe('edited')
})
