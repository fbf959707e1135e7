import { Refusal } from '../refusal.ts'
import { type Act, evidenceOf, requireAsSeen, type Seen, tooLate } from './act.ts'
import type { Change } from './change.ts'
import { asideBecause } from './change.ts'
import { type Electorate, obstacle, obstacleToTakeOver } from './electorate.ts'
import type { ChangeEvent } from './event.ts'
import { isDue } from './lease.ts'
import { whoCanCancel } from './who-can.ts'

/**
 * `seen` is left out if nobody saw a card, as at a terminal. `electorate` is needed for everybody but the requester:
 * those who can take a change over can cancel it too.
 */
export function cancel(
  change: Change,
  by: string,
  at: string,
  seen: Seen = { revision: change.revision },
  electorate: Electorate | null = null,
): ChangeEvent {
  if (by !== change.requester && !(electorate && mayTakeOver(change, by, electorate)))
    throw new Refusal('not_allowed', `Only the person who asked for change #${change.id} can cancel it.`, {
      naming: whoCanCancel(change, electorate !== null && obstacle(change, by, electorate) === null),
    })
  requireCancellable(change, at)
  requireAsSeen(change, seen)
  return { type: 'cancelled', at, by, ...evidenceOf(change, seen) }
}

/** As much as a card has room for beside everything that was asked for. */
const longestCancellation = 1000

/** An operator at a terminal withdraws it, whoever asked. `reason` may be empty. */
export function cancelAsOperator(
  change: Change,
  { by, at, reason }: Omit<Act, 'revision'> & { reason: string },
): ChangeEvent {
  requireCancellable(change, at)
  if (reason.length > longestCancellation)
    throw new Refusal(
      'invalid',
      `The reason is too long for the card: at most ${longestCancellation} characters fit. Nothing was done.`,
    )
  const given = reason.trim()
  return { type: 'cancelled', at, by, ...(given !== '' && { reason: given }) }
}

/**
 * A change that is being applied only if its stack is no longer configured, so that nobody can find out the outcome.
 */
function requireCancellable(change: Change, at: string): void {
  const { status } = change
  if (status === 'pending' || status === 'approved' || status === 'drifted') return
  if (status !== 'applying' || asideBecause(change) === null) throw tooLate(change, 'cancel')
  if (!isDue(change.lease.until, new Date(at), leaseMs(change)))
    throw new Refusal(
      'wrong_status',
      `You can't cancel change #${change.id} yet: an update of it may be on its way at this moment. Nothing was done; try again in a few minutes.`,
    )
}

/** The length of a lease when it was taken; leases of the first releases don't say. */
function leaseMs({ lease, startedAt }: Extract<Change, { status: 'applying' }>): number {
  return startedAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(lease.until) - Date.parse(startedAt)
}

function mayTakeOver(change: Change, by: string, electorate: Electorate): boolean {
  return electorate.barredAskers.length > 0 && obstacleToTakeOver(change, by, electorate) === null
}
