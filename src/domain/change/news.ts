import { isOrphaned } from './askers.ts'
import { type Change, isOnItsWay } from './change.ts'

/**
 * What is told once: that the change was sent, that it was stopped, and how it ended; and of an open one that somebody else
 * has edited it. `unfinished` in storage/sqlite/unfinished.ts tells the same in SQL.
 */
export function newsOf(change: Change): string {
  if (!isOnItsWay(change)) return `${change.status} ${change.revision}`
  if (isOrphaned(change)) return `stopped ${change.revision}`
  return change.edited ? `edited ${change.edited.revision}` : 'sent'
}

/** Of what was told: not told again once enough are there. `unfinished` in storage/sqlite/ knows it as well. */
export const tooFew = ', too few are left'

/** The same news, with that too few people are left for it. */
export function withTooFew(news: string): string {
  return `${news}${tooFew}`
}
