import { expect, test } from 'vitest'
import { approvalsCounted, approvalsLeft } from '../../../src/domain/change/approvals.ts'
import { halfApprovedBy } from '../../support/changes.ts'
import { bob, carol, requirement } from '../../support/world.ts'

const half = halfApprovedBy([bob], { requirement: requirement([bob, carol], 2) })

test('an approval counts, and one more is missing', () => {
  expect(approvalsCounted(half).map(({ by }) => by)).toEqual([bob])
  expect(approvalsLeft(half)).toBe(1)
})

test('an approval that was lost is not counted', () => {
  const lost = { ...half.lost, approvals: [{ by: bob, why: 'has left' }] }
  expect(approvalsCounted({ ...half, lost } as typeof half)).toEqual([])
})

test('where the current policy asks for the name of the token, only an approval with the name is counted', () => {
  const today = { ...requirement([bob, carol], 2), confirm: true }
  expect(approvalsCounted({ ...half, today })).toEqual([])
  const confirmed = half.approvals.map((approval) => ({ ...approval, confirmed: true as const }))
  expect(approvalsCounted({ ...half, today, approvals: confirmed }).map(({ by }) => by)).toEqual([bob])
})
