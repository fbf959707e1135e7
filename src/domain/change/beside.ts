import { asideBecause, type Change } from './change.ts'
import { watchedUntil } from './write.ts'

/** The columns stored beside the state of a change, to find it by: all of it follows from the state. */
export type Beside = Pick<Change, 'stack' | 'tokenUid' | 'requester' | 'revision'> & {
  readonly status: string
  /** When its status calls for something; null once nothing does. */
  readonly dueAt: string | null
  /** Until when an update that was sent for it may still be seen to arrive; null if none is out. */
  readonly watchUntil: string | null
}

export function besideOf(change: Change): Beside {
  const { stack, tokenUid, requester, status, revision } = change
  return { stack, tokenUid, requester, status, revision, dueAt: dueAtOf(change), watchUntil: watchedUntil(change) }
}

/** How the columns stored beside a change differ from what follows from it; null if they don't. */
export function misfit(stored: Beside, change: Change): string | null {
  const expected = besideOf(change)
  const differs = (Object.keys(words) as (keyof Beside)[]).find((name) => stored[name] !== expected[name])
  return differs === undefined ? null : words[differs]
}

const words: Record<keyof Beside, string> = {
  stack: 'with another stack',
  tokenUid: 'with another tokenUid',
  requester: 'with another requester',
  status: 'with another status',
  revision: 'with another revision',
  dueAt: 'to be continued at another time',
  watchUntil: 'to be looked for until another time',
}

/**
 * When time alone will call for something: a try to apply, the end of a lease, a reminder, the end of waiting. Changes
 * left waiting by the first release have no end, and were never due.
 */
function dueAtOf(change: Change): string | null {
  if (asideBecause(change) !== null && change.status !== 'applying') return change.expiresAt
  switch (change.status) {
    case 'pending':
      return earliest(change.remindAt, change.expiresAt)
    case 'approved':
      return earliest(change.interruption?.retryAt ?? change.proposedAt, change.expiresAt)
    case 'applying':
      return change.unseen?.lookAt ?? change.lease.until
    case 'drifted':
      return change.expiresAt
    default:
      return null
  }
}

function earliest(...instants: string[]): string | null {
  return instants.sort()[0] ?? null
}
