import { isGroup, type Party } from '../policy/policy.ts'
import { seatsMissing } from '../policy/quorum.ts'
import type { Change } from './change.ts'
import { requestersOf } from './change.ts'
import type { ChangeEvent } from './event.ts'
import { sealOf } from './seal.ts'

/**
 * The reason the log does not show that `change` was applied as it was approved, if `event` is an apply or the end of
 * one; null if it does. The log does not say who was in a user group at the time: if a party names one, any approver
 * may have been in it, and only their number can be checked.
 */
export function unapproved(change: Change, event: ChangeEvent): string | null {
  if (event.type === 'applied' && change.status !== 'applying') return 'ends an apply that never began'
  if (event.type !== 'apply_started') return null
  if (change.status !== 'approved') return 'begins an apply, though the change was not approved'
  const seal = sealOf(change)
  if (event.seal !== seal) return 'begins an apply of something other than what the change was'
  const missing = seatsMissing(seatsOf(change, seal), approversOf(change, seal))
  if (missing === 0) return null
  return `begins an apply, though ${missing} more had to approve exactly this`
}

/** The people whose approval was of exactly this, and who had no hand in asking for it. */
function approversOf(change: Change, seal: string): string[] {
  const asked = requestersOf(change)
  return change.approvals.filter((one) => one.seal === seal && !asked.includes(one.by)).map(({ by }) => by)
}

function seatsOf(change: Change, seal: string) {
  const approvers = approversOf(change, seal)
  return change.requirement.parties.map(({ from, quorum }: Party) => ({
    people: from.some(isGroup) ? approvers : from,
    quorum,
  }))
}
