import { tooLate } from './act.ts'
import { barAskers } from './askers.ts'
import type { Change } from './change.ts'
import { asideBecause } from './change.ts'
import { approvalsMissing, approvalsThatDoNot, type Electorate, quorumMet } from './electorate.ts'
import type { ChangeEvent } from './event.ts'
import type { Lease } from './parts.ts'
import { expire } from './reminders.ts'
import { sealOf } from './seal.ts'
import { byTheClock } from './term.ts'

/**
 * The one door to the stack's update. It opens only to a quorum of distinct people who approved exactly this, may
 * decide now, and had no hand in asking. If there are no longer enough, the change waits for approvals again; if
 * somebody who asks for it may no longer ask, it waits to be taken over. Null while it is set aside, and if the
 * electorate was looked up for something other than what the change is now: look again.
 */
export function startApply(
  change: Change,
  electorate: Electorate,
  lease: Lease,
  at: string,
  msLeft = byTheClock(at),
): ChangeEvent | null {
  if (change.status !== 'approved') throw tooLate(change, 'apply')
  const over = expire(change, at, msLeft)
  if (over) return over
  if (electorate.seal !== sealOf(change) || asideBecause(change) !== null) return null
  const orphaned = barAskers(change, electorate, at)
  if (orphaned) return orphaned
  if (quorumMet(change, electorate)) return { type: 'apply_started', at, lease, seal: sealOf(change) }
  const why =
    electorate.forbidden ?? `${approvalsMissing(change, electorate)} more must approve under the current policy`
  return { type: 'quorum_lost', at, lost: approvalsThatDoNot(change, electorate), why }
}

/** True if a change that went through the door still would. A look may take long, and people leave meanwhile. */
export function isAllowedStill(change: Change, electorate: Electorate): boolean {
  return electorate.seal === sealOf(change) && electorate.barredAskers.length === 0 && quorumMet(change, electorate)
}
