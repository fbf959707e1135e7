import type { Change } from '../change/change.ts'
import { endOf, isOfNow, type Send } from '../change/write.ts'
import { diff } from '../token/diff.ts'
import type { Alike, FieldKey } from '../token/field.ts'
import type { Settings } from '../token/token.ts'
import { leftBy } from './left-by.ts'
import { alikeFor, isLikeText } from './own-writing.ts'
import { storedMeanwhile } from './stored-meanwhile.ts'

type Edit = Pick<Change, 'before' | 'after'>

/** Two looks at a token, one after the other: `since` is when the first was over. */
export type Looks = {
  readonly before: Settings
  readonly live: Settings
  readonly since: string
  /** An update may arrive until then or later; different from `since` if somebody has set the clock forward. */
  readonly oldest?: string
  /** When the token was last edited before the later look, if the stack says so. */
  readonly editedAt?: string | null
}

/**
 * An update that may have come between them. `isProven`: one is known to have come, so part of it may have been taken.
 */
export type Update = {
  readonly edit: Edit
  readonly alike: Alike
  /** Fields that are certainly its result. */
  readonly ours: readonly FieldKey[]
  readonly isProven: boolean
}

/** The updates that a change now asks for, and those of its earlier revisions: each may have come as long as it can. */
export function updatesBetween(change: Change, looks: Required<Looks>): Update[] {
  const { live, editedAt } = looks
  const isNow = isOfNow(change)
  const sends = change.sends ?? []
  const earlier = [
    ...sends.filter((send) => !isNow(send) && mayBeNew(send, looks)).map(updateOf(change, isKnown)),
    ...sends.filter((send) => mayComeYet(send, looks)).map(updateOf(change, () => false)),
  ]
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

function updateOf({ before, after: now }: Edit, isProven: (send: Send) => boolean): (send: Send) => Update {
  return (send) => {
    const { after = now } = send
    return { edit: { before, after }, alike: isLikeText, ours: [], isProven: isProven(send) }
  }
}

/** No answer says what a stack made of the update, perhaps because the app died before it recorded one. */
function mayComeUnanswered(change: Change, looks: Instants): boolean {
  const mayHaveLeft = change.status === 'applying' && change.write === undefined
  const unanswered = (change.sends ?? []).filter(({ answer, seenAt }) => answer !== 'taken' && seenAt === undefined)
  return mayHaveLeft || unanswered.some((send) => isOfNow(change)(send) && mayBeNew(send, looks))
}

/**
 * False if the change ended in another way, and neither an answer nor a look shows that an update came: then part of
 * what it asked for may be anybody's doing.
 */
function isProven(change: Change): boolean {
  const { status, sends = [] } = change
  return !['cancelled', 'rejected', 'expired'].includes(status) || sends.filter(isOfNow(change)).some(isKnown)
}

function isKnown({ answer, seenAt }: Send): boolean {
  return answer === 'taken' || seenAt !== undefined
}

/** Fields that are as the stack's answer said it stored them: an update carries them all. */
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

/**
 * An update that was sent and not seen may have arrived before the earlier look, which may have shown the state before
 * it.
 */
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
    default:
      return false
  }
}

type Instants = Pick<Required<Looks>, 'since' | 'oldest'>

/**
 * Found on the token, but somebody else may have made the same edit: no answer says that it was this update, so it may
 * still come.
 */
function mayComeYet(send: Send, { oldest }: Instants): boolean {
  return send.answer !== 'taken' && send.seenAt !== undefined && oldest < endOf(send)
}

function mayBeNew(send: Send, { since, oldest }: Instants): boolean {
  return (send.seenAt === undefined || send.seenAt >= since) && oldest < endOf(send)
}
