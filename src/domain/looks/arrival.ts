import type { Change } from '../change/change.ts'
import type { ChangeEvent } from '../change/event.ts'
import { endOf, isOfNow, type Send } from '../change/write.ts'
import { same } from '../token/diff.ts'
import type { Settings } from '../token/token.ts'
import { isArrived, isInForce, madeOf } from './in-force.ts'
import { isLikeText } from './own-writing.ts'
import { oldestShown } from './stale-look.ts'

type Applied = Extract<Change, { status: 'applied' }>

/** The token's last edit that is recorded as made elsewhere: when, and how it left the token. */
export type Edited = { readonly at: string; readonly after: Settings }

/** `others`: other changes to the same token. `oldest`: the earliest time that the shown state may be from. */
type Around = { readonly edited?: Edited | null; readonly oldest?: string; readonly others?: readonly Change[] }

/**
 * Reports that an update was found on the token although nobody knew that it had arrived; null if `live` shows none. A
 * change that is being applied or about to be is judged by its own looks. An update that came at the last moment may be
 * shown only later. If another change has written since, the token shows that one's update: nothing else was written
 * while this one could still come.
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

/** Also true if it may be doing so right now. */
function hasWrittenSince({ sentAt }: Send): (other: Change) => boolean {
  return (other) =>
    (other.status === 'applying' && (other.startedAt ?? '') > sentAt) ||
    (other.sends ?? []).some((send) => send.sentAt > sentAt && (send.answer === 'taken' || send.seenAt !== undefined))
}

/**
 * An applied change's settings are on the token in any case. Another update of it shows in settings that only that one
 * asked for, or in having undone what somebody edited since.
 */
function isNews(change: Applied, send: Send, { live, edited }: { live: Settings; edited: Edited | null }): boolean {
  if (send.watchUntil !== undefined) return true
  if (!isOfNow(change)(send)) return !isInForce(change, live)
  const undone = editedSince(change, edited)
  if (undone === null || wasSeenSince(change, undone.at)) return false
  return (isAsLeft(change, live) && !isAsLeft(change, undone.after)) || !isInForce(change, undone.after)
}

/** Somebody's edit of the token from when the change was found applied, or since then. */
function editedSince({ endedAt, live }: Applied, edited: Edited | null): Edited | null {
  if (edited !== null && edited.at > endedAt) return edited
  return live === undefined ? null : { at: endedAt, after: live }
}

function wasSeenSince({ sends = [], endedAt }: Applied, at: string): boolean {
  return sends.some(({ seenAt }) => seenAt !== undefined && seenAt !== endedAt && seenAt >= at)
}

/** Compares the whole token, as an update carries all of it. */
function isAsLeft(change: Applied, live: Settings): boolean {
  return same(madeOf(change, live), live) || (change.stored !== undefined && same(change.stored, live))
}
