import { type Change, hasEnded } from '../change/change.ts'
import type { Send } from '../change/write.ts'
import { diff, same } from '../token/diff.ts'
import type { Alike, FieldKey } from '../token/field.ts'
import { withFields } from '../token/rebase.ts'
import type { Settings } from '../token/token.ts'
import { type Looks, type Update, updatesBetween } from './between-looks.ts'
import { asFarAsKnown } from './governed.ts'
import { fateOf, isInForce, madeOf, rewritten } from './in-force.ts'
import { oldestShown } from './stale-look.ts'

/** Tells by the order of the log, whatever the clock showed, if `other` came to its end after `change` was begun to be applied. */
type IsLater = (other: Change, change: Change) => boolean

/**
 * What somebody else has edited between two looks: the token as the app's own updates alone would have left it, and as it is.
 * Null when those explain all that moved. Of an update that was taken in part, or written otherwise, only that part is ours.
 */
export function outsideEdit(
  ofToken: readonly Change[],
  { before, live: shown, since, oldest = oldestShown(since), editedAt = null }: Looks,
  isLater: IsLater = () => true,
): { before: Settings; after: Settings } | null {
  const live = asFarAsKnown(before, shown)
  const updates = ofToken
    .map((change) => withoutWrittenOver(change, ofToken.filter(isSeenBefore(since)), isLater))
    .flatMap((change) => updatesBetween(change, { before, live, since, oldest, editedAt }))
  const ours = asOursLeft(before, live, updates)
  return movedFields(ours, live).length === 0 ? null : { before: ours, after: live }
}

/** By the update that explains most of what moved; then by the one that explains most of the rest: one may have come late. */
function asOursLeft(before: Settings, live: Settings, updates: readonly Update[]): Settings {
  const expected = updates.map(oursIn(before, live))
  const lefts = expected.map((ours) => movedFields(ours, live).length)
  const least = Math.min(...lefts)
  if (updates.length === 0 || least >= movedFields(before, live).length) return before
  const best = lefts.indexOf(least)
  return asOursLeft(expected[best]!, live, updates.toSpliced(best, 1))
}

/**
 * Nothing is written while an update may come. One over which another change was written, and seen, is waited for no longer: if
 * it comes all the same, it undoes the other, and that has to be told.
 */
function withoutWrittenOver(change: Change, ended: readonly Change[], isLater: IsLater): Change {
  if (!change.sends) return change
  const others = ended.filter((other) => other.id !== change.id && isLater(other, change))
  return { ...change, sends: change.sends.filter((send) => !others.some(isWrittenOver(send))) }
}

function isSeenBefore(since: string): (change: Change) => boolean {
  return (change) => hasEnded(change) && change.endedAt <= since
}

/** Once it was seen, or could not come any more. */
function isWrittenOver({ until, seenAt = until }: Send): (other: Change) => boolean {
  return ({ sends = [] }) => sends.some((send) => send.sentAt >= seenAt && isKnownToHaveCome(send))
}

/** All of it, or the part that the stack did take. */
function isKnownToHaveCome({ answer, seenAt, watchUntil }: Send): boolean {
  return seenAt !== undefined || (answer === 'taken' && watchUntil === undefined)
}

/**
 * An update brings the whole token with it, so that it may undo what somebody has edited meanwhile. That all of it is there shows
 * that it came, or of one that did, that a part of it is and was not before.
 */
function oursIn(before: Settings, live: Settings): (update: Update) => Settings {
  return ({ edit, alike, ours, isProven }) => {
    if (same(madeOf(edit, live, alike), live)) return live
    const isAllThere = isInForce(edit, live, alike)
    if (!isProven && !isAllThere) return before
    const { taken } = fateOf(edit, live, alike)
    const hasCome = isAllThere || movedFields(before, live).some((key) => taken.includes(key))
    const came = [...taken, ...rewritten(before, live, alike), ...ours]
    return withFields(before, live, new Set([...came, ...(hasCome ? carried(edit.after, before, live, alike) : [])]))
  }
}

/** Fields that moved, and are as an update carries them along with those that it asks for. */
function carried(sent: Settings, before: Settings, live: Settings, alike: Alike): FieldKey[] {
  const otherwise = new Set(diff(sent, live).map(({ key }) => key))
  const alikeNow = new Set(rewritten(sent, live, alike))
  return movedFields(before, live).filter((key) => !otherwise.has(key) || alikeNow.has(key))
}

function movedFields(before: Settings, live: Settings): FieldKey[] {
  return diff(before, live).map(({ key }) => key)
}
