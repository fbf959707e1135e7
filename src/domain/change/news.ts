import { isOrphaned } from './askers.ts'
import { type Change, isOnItsWay } from './change.ts'

/**
 * The news that is told once: that the change was sent, that it was stopped, and how it ended; and for an open change,
 * that somebody else has edited it. `unfinished` in storage/sqlite/unfinished.ts says the same in SQL.
 */
export function newsOf(change: Change): string {
  if (!isOnItsWay(change)) return `${change.status} ${change.revision}`
  if (isOrphaned(change)) return `stopped ${change.revision}`
  return change.edited ? `edited ${change.edited.revision}` : 'sent'
}

/** Part of the news: not told again once there are enough. `unfinished` in storage/sqlite/ knows it too. */
export const tooFew = ', too few are left'

/** The same news, with the fact that too few people are left for it. */
export function withTooFew(news: string): string {
  return `${news}${tooFew}`
}
