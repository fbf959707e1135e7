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

/** Tells by the order of the log, whatever the clock showed, if `other` ended after the apply of `change` began. */
type IsLater = (other: Change, change: Change) => boolean

/**
 * Somebody else's edit between two looks: the token as the app's own updates alone would have left it, and as it is.
 * Null if those explain every difference. If an update was taken in part, or in another form, only that part is ours.
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

/**
 * Starts with the update that explains most of the differences, then takes the one that explains most of the rest: one
 * may have come late.
 */
function asOursLeft(before: Settings, live: Settings, updates: readonly Update[]): Settings {
  const expected = updates.map(oursIn(before, live))
  const lefts = expected.map((ours) => movedFields(ours, live).length)
  const least = Math.min(...lefts)
  if (updates.length === 0 || least >= movedFields(before, live).length) return before
  const best = lefts.indexOf(least)
  return asOursLeft(expected[best]!, live, updates.toSpliced(best, 1))
}

/**
 * Nothing is written while an update may come. If another change was written over one, and seen, that update is no
 * longer waited for: if it still comes, it undoes the other change, and that has to be reported.
 */
function withoutWrittenOver(change: Change, ended: readonly Change[], isLater: IsLater): Change {
  if (!change.sends) return change
  const others = ended.filter((other) => other.id !== change.id && isLater(other, change))
  return { ...change, sends: change.sends.filter((send) => !others.some(isWrittenOver(send))) }
}

function isSeenBefore(since: string): (change: Change) => boolean {
  return (change) => hasEnded(change) && change.endedAt <= since
}

/** True once it was seen, or could no longer come. */
function isWrittenOver({ until, seenAt = until }: Send): (other: Change) => boolean {
  return ({ sends = [] }) => sends.some((send) => send.sentAt >= seenAt && isKnownToHaveCome(send))
}

/** All of it, or the part that the stack took. */
function isKnownToHaveCome({ answer, seenAt, watchUntil }: Send): boolean {
  return seenAt !== undefined || (answer === 'taken' && watchUntil === undefined)
}

/**
 * An update carries the whole token, so it may undo somebody's edit made meanwhile. It has come if all of it is there,
 * or, if one is known to have come, if part of it is there that was not there before.
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

/** Fields that changed and are as the update carries them beside those it asks for. */
function carried(sent: Settings, before: Settings, live: Settings, alike: Alike): FieldKey[] {
  const otherwise = new Set(diff(sent, live).map(({ key }) => key))
  const alikeNow = new Set(rewritten(sent, live, alike))
  return movedFields(before, live).filter((key) => !otherwise.has(key) || alikeNow.has(key))
}

function movedFields(before: Settings, live: Settings): FieldKey[] {
  return diff(before, live).map(({ key }) => key)
}
