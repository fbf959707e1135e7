import type { Change } from './change.ts'
import { diff, type FieldKey, same } from './diff.ts'
import { fateOf, isInForce, madeOf, rewritten } from './in-force.ts'
import { leftBy } from './moved-by.ts'
import { type Alike, alikeFor, isLikeText } from './own-writing.ts'
import { withFields } from './rebase.ts'
import { oldestShown } from './stale-look.ts'
import { storedMeanwhile } from './stored-meanwhile.ts'
import type { Settings } from './token.ts'
import { endOf, isOfNow, type Send } from './write.ts'

type Edit = Pick<Change, 'before' | 'after'>

/** Two looks at a token, one after the other: `since` is when the first of them was over. */
type Looks = {
  readonly before: Settings
  readonly live: Settings
  readonly since: string
  /** What was sent may arrive until then or later; of its own where somebody has set the clock forward. */
  readonly oldest?: string
  /** When the token had been edited last by the later look, where the stack says so. */
  readonly editedAt?: string | null
}

/** An update that may have come between them. `isProven`: that one did is known, so that part of it may have been taken. */
type Update = {
  readonly edit: Edit
  readonly alike: Alike
  /** Fields that came of it in any case. */
  readonly ours: readonly FieldKey[]
  readonly isProven: boolean
}

/**
 * What somebody else has edited between two looks: the token as the app's own updates alone would have left it, and as it is.
 * Null when those explain all that moved. Of an update that was taken in part, or written otherwise, only that part is ours.
 */
export function outsideEdit(
  ofToken: readonly Change[],
  { before, live, since, oldest = oldestShown(since), editedAt = null }: Looks,
): { before: Settings; after: Settings } | null {
  const updates = ofToken.flatMap((change) => updatesOf(change, { before, live, since, oldest, editedAt }))
  const expected = [before, ...updates.map(oursIn(before, live))]
  const moved = expected.map((ours) => ({ ours, left: movedFields(ours, live).length }))
  const best = moved.reduce((one, other) => (other.left < one.left ? other : one))
  return best.left === 0 ? null : { before: best.ours, after: live }
}

/** An update that arrives late brings the whole token with it, so that it may undo what somebody has edited meanwhile. */
function oursIn(before: Settings, live: Settings): (update: Update) => Settings {
  return ({ edit, alike, ours, isProven }) => {
    if (same(madeOf(edit, live, alike), live)) return live
    if (!isProven && !isInForce(edit, live, alike)) return before
    return withFields(
      before,
      live,
      new Set([...fateOf(edit, live, alike).taken, ...rewritten(before, live, alike), ...ours]),
    )
  }
}

/** What a change asks for by now, and what earlier revisions of it did: each may have come as long as it can. */
function updatesOf(change: Change, looks: Required<Looks>): Update[] {
  const { live, editedAt } = looks
  const isNow = isOfNow(change)
  const { before } = change
  const earlier = (change.sends ?? [])
    .filter((send) => !isNow(send) && mayBeNew(send, looks))
    .map((send) => ({
      edit: { before, after: send.after! },
      alike: isLikeText,
      ours: [],
      isProven: isKnown(send),
    }))
  if (!mayHaveWritten(change, looks)) return earlier
  const ours = [...asStored(change, looks), ...storedMeanwhile(change, { settings: live, editedAt })]
  return [
    {
      edit: change,
      alike: mayComeUnanswered(change, looks) ? isLikeText : alikeFor(change),
      ours,
      isProven: isProven(change),
    },
    ...earlier,
  ]
}

/** Of what a stack makes of it no answer has told, perhaps since the app died before it wrote one down. */
function mayComeUnanswered(change: Change, looks: Instants): boolean {
  const mayHaveLeft = change.status === 'applying' && change.write === undefined
  const unanswered = (change.sends ?? []).filter(({ answer, seenAt }) => answer !== 'taken' && seenAt === undefined)
  return mayHaveLeft || unanswered.some((send) => isOfNow(change)(send) && mayBeNew(send, looks))
}

/** Not when it has ended otherwise, and no answer and no look tells that an update came: then part of what it asked for may be anybody's. */
function isProven(change: Change): boolean {
  const { status, sends = [] } = change
  return !['cancelled', 'rejected', 'expired'].includes(status) || sends.filter(isOfNow(change)).some(isKnown)
}

function isKnown({ answer, seenAt }: Send): boolean {
  return answer === 'taken' || seenAt !== undefined
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
function mayHaveWritten(change: Change, looks: Instants): boolean {
  const { since } = looks
  const unseen = ({ answer, seenAt, watchUntil }: Send) =>
    seenAt === undefined && (answer !== 'taken' || watchUntil !== undefined)
  if ((change.sends ?? []).some((send) => isOfNow(change)(send) && unseen(send) && mayBeNew(send, looks))) return true
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

type Instants = Pick<Required<Looks>, 'since' | 'oldest'>

function mayBeNew(send: Send, { since, oldest }: Instants): boolean {
  return (send.seenAt === undefined || send.seenAt >= since) && oldest < endOf(send)
}
