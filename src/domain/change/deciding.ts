import { Refusal } from '../refusal.ts'
import { isBlank } from '../text.ts'
import { dayOf, whyOver } from '../token/expiry.ts'
import { type Act, evidenceOf, requireDecider, requirePending } from './act.ts'
import { isOrphaned, requireAskers } from './askers.ts'
import type { Change } from './change.ts'
import { asideBecause } from './change.ts'
import { approvalsThatCount, approvalsThatDoNot, type Electorate, namedIn, quorumMet } from './electorate.ts'
import type { ChangeEvent } from './event.ts'
import { sealOf } from './seal.ts'
import { inWords } from './status.ts'

/** `confirmed`: true if the approver typed the token's name. Throws a Refusal if they have to, and did not. */
export function approve(
  change: Change,
  act: Act & { comment: string; confirmed?: boolean },
  electorate: Electorate,
): ChangeEvent {
  const { at, revision, comment, confirmed = false } = act
  const by = namedIn(change, act.by, electorate)
  requireNotYetApproved(change, { ...act, by })
  requirePending(change, 'approve', act)
  requireDecider(change, act.by, electorate, 'approve')
  requireAskers(change, electorate, 'approved')
  requireDayToCome(change, at)
  if (electorate.forbidden !== null)
    throw new Refusal(
      'not_allowed',
      `Nobody can approve change #${change.id} under the current policy: ${electorate.forbidden}`,
    )
  const again = approvalsThatCount(change, electorate).some((approval) => approval.by === by)
  if (again && !quorumMet(change, electorate))
    throw new Refusal('no_changes', `You have approved change #${change.id} already. Your approval stands.`)
  requireConfirmed(change, confirmed, electorate)
  const approval = { by, at, revision, seal: sealOf(change), comment, ...(confirmed && ({ confirmed } as const)) }
  const approvals = [...change.approvals, approval]
  const quorum = quorumMet(change, electorate, approvals)
  const lost = quorum ? [] : approvalsThatDoNot(change, electorate, approvals)
  const isNews = lost.length > 0 || (!quorum && change.lost !== null)
  return { type: 'approved', ...approval, quorum, ...(isNews && { lost }), ...evidenceOf(change, act) }
}

/** Slack may deliver a press again later: the approver is told that they approved, and not that they can't. */
function requireNotYetApproved(change: Change, { by, revision }: Act): void {
  const given = change.approvals.some((approval) => approval.by === by && approval.revision === revision)
  const isUndecided = change.status === 'pending' && asideBecause(change) === null && !isOrphaned(change)
  if (given && change.revision === revision && !isUndecided)
    throw new Refusal(
      'no_changes',
      `Change #${change.id} has your approval already, and it ${inWords(change)}. Nothing more was done.`,
    )
}

/**
 * An expiry may pass while it waits, and a token that has expired can't be used until somebody moves the expiry again.
 */
function requireDayToCome(change: Change, at: string): void {
  const over = whyOver(change, new Date(at))
  if (over === null) return
  throw new Refusal(
    'invalid',
    `You can no longer approve change #${change.id}: it asks for the expiry ${dayOf(change.after.expiresOn)}. ${over} Nothing was ` +
      'approved: edit the change to ask for a later day, or reject it.',
  )
}

function requireConfirmed(change: Change, confirmed: boolean, electorate: Electorate): void {
  if (electorate.confirm && !confirmed)
    throw new Refusal(
      'invalid',
      `Whoever approves change #${change.id} has to type the name of its token, under the current policy. Nothing was ` +
        'approved: press Approve again, and a form asks for it.',
    )
}

export function reject(change: Change, act: Act & { reason: string }, electorate: Electorate): ChangeEvent {
  const { by, at, reason } = act
  requirePending(change, 'reject', act)
  requireDecider(change, by, electorate, 'reject')
  if (isBlank(reason)) throw new Refusal('invalid', 'Say why you reject it: the requester is told.')
  return { type: 'rejected', at, by, reason, ...evidenceOf(change, act) }
}
