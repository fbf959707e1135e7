import type { Change } from '../../domain/change.ts'
import { approvalsThatCount, deciders, mayDecide, type Policy } from '../../domain/policy.ts'
import { count } from './blocks.ts'
import { line, type Piece, quote } from './layout.ts'
import { people, type Words } from './words.ts'

/** Where a change stands, as the rest of a sentence that begins with its number. No full stop. */
export function standing(change: Change, policy: Policy): Words {
  switch (change.status) {
    case 'pending':
      return [
        `is waiting for ${count(missing(change, policy), change.approvals.length > 0 ? 'more approval' : 'approval')}`,
      ]
    case 'approved':
      return change.interruption === null
        ? ['is approved and about to be applied']
        : ['is approved but not applied yet; the next try is due ', { at: change.interruption.retryAt }]
    case 'applying':
      return ['is approved and being applied now']
    case 'applied':
      return change.written
        ? ['was applied ', { at: change.endedAt }]
        : ['ended ', { at: change.endedAt }, ': the token already was as asked for, so nothing was written']
    case 'failed':
      return ['failed ', { at: change.endedAt }, ': the stack did not take it as asked']
    case 'drifted':
      return [
        'was stopped ',
        { at: change.endedAt },
        ': the token had been changed elsewhere, and nothing was overwritten',
      ]
    case 'rejected':
      return ['was rejected by ', { person: change.rejectedBy }, ' ', { at: change.endedAt }]
    case 'cancelled':
      return ['was cancelled by ', { person: change.cancelledBy }, ' ', { at: change.endedAt }, '; nothing was written']
  }
}

/** Why a change stands where it stands, where somebody gave a reason. */
export function why(change: Change): Piece[] {
  switch (change.status) {
    case 'approved':
      return change.interruption === null ? [] : [line('What came in between:'), ...quote(change.interruption.why)]
    case 'failed':
      return [line('Why:'), ...quote(change.why), line('Look at the token in Contentstack before asking again.')]
    case 'rejected':
      return [line('The reason given:'), ...quote(change.rejection)]
    default:
      return []
  }
}

/** At least one while it waits: even a policy that now asks for fewer lets a change go only by a decision. */
export function missing(change: Change, policy: Policy): number {
  return Math.max(1, policy.approvals - approvalsThatCount(policy, change).length)
}

/** Who has agreed, when, and whether it still counts. */
export function decisions(change: Change, policy: Policy): Piece[] {
  return change.approvals.map(({ by, at }) =>
    line(
      'Approved by ',
      { person: by },
      ' ',
      { at },
      mayDecide(policy, by, change) ? '' : ' (no longer counts: not an approver now)',
    ),
  )
}

/** Who may still decide, and whether they are enough. */
export function asked(change: Change, policy: Policy): Piece[] {
  const agreed = new Set(change.approvals.map((approval) => approval.by))
  const left = deciders(policy, change.requester).filter((person) => !agreed.has(person))
  if (left.length >= missing(change, policy)) return [line('Asked: ', ...people(left))]
  const few =
    left.length === 0
      ? 'Nobody is left who may approve it'
      : `Only ${count(left.length, 'person', 'people')} may still approve it`
  return [line(`${few}, so it can't go on: ask whoever runs Countersign to add approvers.`)]
}
