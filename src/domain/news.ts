import type { Change } from './change.ts'

/** What the requester is told of once: that the change was sent, that it was stopped, and how it ended. */
export function newsOf({ status, revision }: Pick<Change, 'status' | 'revision'>): string {
  const open = status === 'pending' || status === 'approved' || status === 'applying'
  return open ? 'sent' : `${status} ${revision}`
}
