import type { Change } from './change.ts'
import { diff, type FieldKey, same } from './diff.ts'
import { fateOf, isInForce, madeOf, rewritten } from './in-force.ts'
import { leftBy } from './moved-by.ts'
import { alikeFor } from './own-writing.ts'
import { withFields } from './rebase.ts'
import { oldestShown } from './stale-look.ts'
import { storedMeanwhile } from './stored-meanwhile.ts'
import type { Settings } from './token.ts'
import { mayStillArrive } from './write.ts'

/** Two looks at a token, one after the other: `since` is when the first of them was over. */
type Looks = {
  readonly before: Settings
  readonly live: Settings
  readonly since: string
  /** When the token had been edited last by the later look, where the stack says so. */
  readonly editedAt?: string | null
}

/**
 * What somebody else has edited between two looks: the token as the app's own updates alone would have left it, and as it is.
 * Null when those explain all that moved. Of an update that was taken in part, or written otherwise, only that part is ours.
 */
export function outsideEdit(
  ofToken: readonly Change[],
  { before, live, since, editedAt = null }: Looks,
): { before: Settings; after: Settings } | null {
  const expected = [
    before,
    ...ofToken.filter((change) => mayHaveWritten(change, since)).map(oursIn({ before, live, editedAt })),
  ]
  const moved = expected.map((ours) => ({ ours, left: movedFields(ours, live).length }))
  const best = moved.reduce((one, other) => (other.left < one.left ? other : one))
  return best.left === 0 ? null : { before: best.ours, after: live }
}

type Seen = Pick<Looks, 'before' | 'live'> & { readonly editedAt: string | null }

/** An update that arrives late brings the whole token with it, so that it may undo what somebody has edited meanwhile. */
function oursIn({ before, live, editedAt }: Seen): (change: Change) => Settings {
  return (change) => {
    const alike = alikeFor(change)
    if (same(madeOf(change, live, alike), live)) return live
    if (isUnproven(change) && !isInForce(change, live, alike)) return before
    const ours = [
      ...fateOf(change, live, alike).taken,
      ...asStored(change, { before, live }),
      ...rewritten(before, live, alike),
      ...storedMeanwhile(change, { settings: live, editedAt }),
    ]
    return withFields(before, live, new Set(ours))
  }
}

/** Ended, and no answer and no look tells that an update came: then part of what it asked for may be anybody's. */
function isUnproven({ status, sends = [] }: Change): boolean {
  return (
    ['cancelled', 'rejected', 'expired'].includes(status) && !sends.some((one) => one.answer === 'taken' || one.seenAt)
  )
}

/** Fields that are as the stack answered that it stored them: an update carries them all. */
function asStored(change: Change, { before, live }: Pick<Looks, 'before' | 'live'>): FieldKey[] {
  const answer = change.status === 'applying' ? change.write?.answer : undefined
  const stored =
    answer?.kind === 'taken' ? (answer.stored ?? null) : change.status === 'applied' ? leftBy(change) : null
  if (stored === null) return []
  const otherwise = new Set(diff(stored, live).map(({ key }) => key))
  return diff(before, live)
    .map(({ key }) => key)
    .filter((key) => !otherwise.has(key))
}

/** Rate limits whose fields were not configured at one of the looks say nothing about what happened in between. */
export function movedFields(before: Settings, live: Settings): FieldKey[] {
  const governed = before.rateLimits.kind !== 'ungoverned' && live.rateLimits.kind !== 'ungoverned'
  return diff(before, live)
    .map(({ key }) => key)
    .filter((key) => key !== 'rateLimits' || governed)
}

/** What was sent and not seen may have arrived before the earlier look, which may have shown what was there before that. */
function mayHaveWritten(change: Change, since: string): boolean {
  if (mayStillArrive(change, oldestShown(since))) return true
  switch (change.status) {
    case 'applying':
      return true
    case 'approved':
      return change.sends === undefined && change.interruptions > 0
    case 'applied':
    case 'failed':
      return change.endedAt >= since
    case 'drifted':
      return change.driftedAt >= since
    default:
      return false
  }
}
