import type { Approval, Change, ChangeEvent, Lease, Proposal, Proposed } from './change.ts'
import { same } from './diff.ts'
import { deciders, mayDecide, type Policy, quorumMet } from './policy.ts'
import { Refusal } from './refusal.ts'
import { inWords } from './status.ts'

/** A decision is a pure function from the stored change to an event, or a refusal. */

export function propose(proposal: Proposal, policy: Policy, at: string): Proposed {
  if (same(proposal.before, proposal.after))
    throw new Refusal('no_changes', 'Nothing would change: the token is already as the form says. Nothing was sent.')
  if (proposal.reason.trim() === '') throw new Refusal('invalid', 'A change needs a reason. Nothing was sent.')
  requireEnoughDeciders(proposal, policy)
  return { type: 'proposed', at, ...proposal }
}

export function approve(change: Change, by: string, policy: Policy, revision: number, at: string): ChangeEvent {
  requireOpen(change, 'approve', revision)
  requireDecider(change, by, policy, 'approve')
  // A policy that asks for less by now can be met by those who have approved: one of them says so again.
  const again = change.approvals.some((approval) => approval.by === by)
  if (again && !quorumMet(policy, change))
    throw new Refusal('wrong_status', `You have approved change #${change.id} already. Your approval stands.`)
  const approvals: Approval[] = [...change.approvals, { by, at, revision }]
  return { type: 'approved', at, by, revision, quorum: quorumMet(policy, { ...change, approvals }) }
}

export type Rejection = { by: string; reason: string; revision: number }

export function reject(change: Change, { by, reason, revision }: Rejection, policy: Policy, at: string): ChangeEvent {
  requireOpen(change, 'reject', revision)
  requireDecider(change, by, policy, 'reject')
  if (reason.trim() === '') throw new Refusal('invalid', 'Say why you reject it: the requester is told.')
  return { type: 'rejected', at, by, reason }
}

export function cancel(change: Change, by: string, at: string): ChangeEvent {
  if (by !== change.requester)
    throw new Refusal('not_allowed', `Only the person who asked for change #${change.id} can cancel it.`)
  if (change.status !== 'pending' && change.status !== 'approved') throw tooLate(change, 'cancel')
  return { type: 'cancelled', at, by }
}

/**
 * The one door to the stack's update. It opens only to a quorum of distinct people who may decide under the policy as it
 * is now, none of them the requester; if they are no longer enough, the change waits for approvals again.
 */
export function startApply(change: Change, policy: Policy, lease: Lease, at: string): ChangeEvent {
  if (change.status !== 'approved') throw tooLate(change, 'apply')
  if (!quorumMet(policy, change)) return { type: 'quorum_lost', at }
  return { type: 'apply_started', at, lease }
}

function requireEnoughDeciders({ requester, stack }: Proposal, policy: Policy): void {
  const others = deciders(policy, requester).length
  if (others < policy.approvals)
    throw new Refusal(
      'not_allowed',
      `A change on ${stack} needs ${policy.approvals} approvals, and besides you only ${others} may give one, so ` +
        'nobody could ever approve it. Nothing was sent; ask whoever runs Countersign to add approvers.',
    )
}

function requireOpen(change: Change, attempted: string, revision: number): void {
  if (change.status !== 'pending') throw tooLate(change, attempted)
  if (change.revision !== revision)
    throw new Refusal(
      'wrong_status',
      `Change #${change.id} has been edited since this card was drawn: read it again first.`,
    )
}

function requireDecider(change: Change, person: string, policy: Policy, attempted: string): void {
  if (person === change.requester)
    throw new Refusal(
      'not_allowed',
      `You asked for change #${change.id} yourself, so somebody else must ${attempted} it.`,
    )
  if (!mayDecide(policy, person, change))
    throw new Refusal(
      'not_allowed',
      `You are not on the list of people who may ${attempted} changes on ${change.stack}.`,
    )
}

function tooLate(change: Change, attempted: string): Refusal {
  return new Refusal(
    'wrong_status',
    `You can't ${attempted} change #${change.id} now: it ${inWords(change)}. Nothing was done.`,
  )
}
