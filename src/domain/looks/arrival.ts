import type { Change, ChangeEvent } from '../change/change.ts'
import { endOf, isOfNow, type Send } from '../change/write.ts'
import { same } from '../token/diff.ts'
import type { Settings } from '../token/token.ts'
import { isArrived, isInForce, madeOf } from './in-force.ts'
import { isLikeText } from './own-writing.ts'
import { oldestShown } from './stale-look.ts'

type Applied = Extract<Change, { status: 'applied' }>

/** The last edit of the token that was made elsewhere and is noted: when that was, and how it left the token. */
export type Edited = { readonly at: string; readonly after: Settings }

/** `others`: of the same token. `oldest`: when what is shown may be from, at the earliest. */
type Around = { readonly edited?: Edited | null; readonly oldest?: string; readonly others?: readonly Change[] }

/**
 * That an update was found on the token which nobody knew to have arrived: null when `live` shows none. What is being applied or
 * about to be is judged by its own looks. One that came in the last moment may be shown only later. What another change has
 * written since is on the token by that: nothing else was written while this one could still come.
 */
export function arrivalIn(
  change: Change,
  live: Settings,
  at: string,
  { edited = null, oldest = oldestShown(at), others = [] }: Around = {},
): ChangeEvent | null {
  if (change.status === 'applying' || change.status === 'approved') return null
  const arrived = (change.sends ?? []).findLast(
    (send) =>
      send.seenAt === undefined &&
      oldest < endOf(send) &&
      isArrived(change, send, live, isLikeText) &&
      !others.some(hasWrittenSince(send)) &&
      (change.status !== 'applied' || isNews(change, send, { live, edited })),
  )
  return arrived ? { type: 'write_arrived', at, sentAt: arrived.sentAt } : null
}

/** Or may just be doing so. */
function hasWrittenSince({ sentAt }: Send): (other: Change) => boolean {
  return (other) =>
    (other.status === 'applying' && (other.startedAt ?? '') > sentAt) ||
    (other.sends ?? []).some((send) => send.sentAt > sentAt && (send.answer === 'taken' || send.seenAt !== undefined))
}

/**
 * What an applied change asks for is on the token in any case. That another update of it came is told by what that one alone
 * asked for, or by its having undone what somebody had edited since.
 */
function isNews(change: Applied, send: Send, { live, edited }: { live: Settings; edited: Edited | null }): boolean {
  if (send.watchUntil !== undefined) return true
  if (!isOfNow(change)(send)) return !isInForce(change, live)
  const undone = editedSince(change, edited)
  if (undone === null || wasSeenSince(change, undone.at)) return false
  return (isAsLeft(change, live) && !isAsLeft(change, undone.after)) || !isInForce(change, undone.after)
}

/** What somebody had made of the token when the change was found applied, or has since. */
function editedSince({ endedAt, live }: Applied, edited: Edited | null): Edited | null {
  if (edited !== null && edited.at > endedAt) return edited
  return live === undefined ? null : { at: endedAt, after: live }
}

function wasSeenSince({ sends = [], endedAt }: Applied, at: string): boolean {
  return sends.some(({ seenAt }) => seenAt !== undefined && seenAt !== endedAt && seenAt >= at)
}

/** The whole token, as an update carries it. */
function isAsLeft(change: Applied, live: Settings): boolean {
  return same(madeOf(change, live), live) || (change.stored !== undefined && same(change.stored, live))
}
