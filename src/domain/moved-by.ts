import { type Change, hasEnded } from './change.ts'
import { same } from './diff.ts'
import { withoutTargets } from './targets.ts'
import type { Settings } from './token.ts'

/**
 * Which other changes moved the token under this one since it came to ask for what it does, and whether anybody did besides,
 * as far as `recent`, the newest first, can tell. Empty when none of them did.
 */
export function movedBy(
  { id, revisedAt }: Pick<Change, 'id' | 'revisedAt'>,
  live: Settings,
  recent: readonly Change[],
): { by?: readonly number[]; elsewhere?: boolean } {
  const ours = recent.filter((other) => other.id !== id && movedSince(other, revisedAt))
  const [newest] = ours
  if (!newest) return {}
  return {
    by: ours.map((other) => other.id).toReversed(),
    elsewhere: !same(withoutTargets(leftBy(newest)), withoutTargets(live)),
  }
}

/** The token as a change left it, as far as it was seen, or as the stack answered. */
export function leftBy(change: Change): Settings {
  if (change.status === 'applied') return change.live ?? change.stored ?? change.after
  const answer = change.status === 'applying' ? change.write?.answer : undefined
  return (answer?.kind === 'taken' ? answer.stored : undefined) ?? change.after
}

function movedSince(change: Change, since: string): boolean {
  if (change.status === 'applied') return change.written && change.endedAt >= since
  return hasEnded(change) && (change.sends ?? []).some(({ seenAt }) => seenAt !== undefined && seenAt >= since)
}
