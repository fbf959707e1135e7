import { addDays } from 'date-fns/addDays'
import type { Change, ChangeEvent, Lease } from '../change/change.ts'
import { sameLease } from '../change/lease.ts'
import { type Answer, broughtBy, type Send, unansweredOf } from '../change/write.ts'
import { diff, same } from '../token/diff.ts'
import type { FieldKey } from '../token/field.ts'
import { fields, partOf } from '../token/fields.ts'
import type { Settings } from '../token/token.ts'
import { type Among, driftTo, type Look } from './drift.ts'
import { asChangeKnows, unseenOf } from './governed.ts'
import { fateOf, isInForce, madeOf, unlessSame } from './in-force.ts'
import { alikeFor } from './own-writing.ts'
import { isFromAfter, shownByAnswer, storedBy, tellsWhen } from './taken-update.ts'

type Applying = Extract<Change, { status: 'applying' }>

/** `lease` is the one that was in force when the look began: a newer one means that this look is out of date. */
type Under = { readonly lease: Lease; readonly at: Date }

/** `look` is null when what the stack showed is older than what is known. */
type Before = Under & Among & { readonly look: Look | null }

/**
 * `isOver`: true once the lease is. `isLate`: true once no look will show any more what was taken. Both by time that passes,
 * since the clock may have been set.
 */
type Seen = Before & {
  readonly isOver: boolean
  readonly isLate?: boolean
}

/** What the stack answered to the update that was sent at `sentAt`, to be kept before anybody judges by it. */
export function noteAnswer(
  change: Change,
  { lease, at, ...write }: Under & { answer: Answer; sentAt: string; over: string | null },
): ChangeEvent | null {
  if (!isUnder(change, lease) || change.write) return null
  const { answer, sentAt, over } = write
  return { type: 'write_answered', at: at.toISOString(), sentAt, answer, ...(over !== null && { over }) }
}

/** Null when the token is still as the requester saw it, so that it may be written; else what that look means. */
export function beforeWriting(change: Change, { look, lease, at, ...among }: Before): ChangeEvent | null {
  if (!isUnder(change, lease)) return null
  if (look === null) return interrupted(change, olderState, at)
  const unseen = unseenOf(change, look.settings)
  if (unseen !== undefined) return interrupted(change, notRead(unseen), at)
  const seen = asKnown(change, look)
  return same(seen.settings, change.before) ? null : found(change, seen, { at, ...among })
}

/** It is asked for, and the look says nothing of it: then nobody knows what it is, nor what became of it. */
function notRead(label: string): string {
  return `Countersign could not read the ${label.toLowerCase()} of the token any more, which this change would edit`
}

function asKnown(change: Change, look: Look): Look {
  return { ...look, settings: asChangeKnows(change, look.settings) }
}

const olderState = 'the stack showed the token as it was earlier, before what is known of it'

/**
 * Judges an apply by the token as it is now, since an answer proves nothing by itself. Returns null while that can't be
 * judged: the write may still be travelling, and a look may be older than it.
 */
export function settle(change: Change, given: Seen): ChangeEvent | null {
  const { lease, at } = given
  if (!isUnder(change, lease)) return null
  const look = given.look && asKnown(change, given.look)
  const seen = { ...given, look }
  const kind = change.write?.answer.kind
  if (kind === 'taken') return settleTaken(change, seen)
  if (look === null) return seen.isOver ? lookAgain(change, olderState, at) : null
  if (!same(look.settings, change.before)) return settleMoved(change, look, seen)
  if (kind === 'refused' || kind === 'busy') return turnedDown(change, at)
  return seen.isOver ? interrupted(change, 'no update was seen to arrive', at) : null
}

/** Refused: somebody else may have moved the token all the same, which is no reason to call that no a drift. */
function settleMoved(change: Applying, look: Look, seen: Seen): ChangeEvent {
  const { write } = change
  return write?.answer.kind === 'refused' && !isInForce(change, look.settings, alikeFor(change))
    ? turnedDown(change, seen.at)
    : found(change, look, seen)
}

/**
 * What the stack did not even try needs no look to be put off, and can have none where that is out of reach: the next try begins
 * with one. Nor does its own no need one, unless an update before may have brought the same. Null for any other answer.
 */
export function turnDownUnlooked(change: Change, { lease, at }: Under): ChangeEvent | null {
  if (!isUnder(change, lease)) return null
  const kind = change.write?.answer.kind
  const isTurnedDown = kind === 'busy' || (kind === 'refused' && broughtBy(change) === null)
  return isTurnedDown ? turnedDown(change, at) : null
}

/** Nothing tells what became of the update while the token can't be looked at, `why` says why: it is looked at again later. */
export function unlooked(change: Change, { why, lease, at }: Under & { why: string }): ChangeEvent | null {
  return isUnder(change, lease) ? lookAgain(change, why, at) : null
}

function turnedDown(change: Applying, at: Date): ChangeEvent {
  const answer = change.write!.answer as Extract<Answer, { why: string }>
  if (answer.kind === 'busy') return interrupted(change, answer.why, at)
  return { type: 'apply_refused', at: at.toISOString(), why: answer.why }
}

/**
 * The token is not as it was: all that was asked for is on it, or something else is. What nobody sent can't be this change's
 * doing, so then nothing but exactly what was asked for counts as applied.
 */
function found(change: Applying, look: Look, { at, ...among }: Among & Pick<Under, 'at'>): ChangeEvent {
  const live = look.settings
  const written = change.sends === undefined ? isOfEarlierRelease(change) : broughtBy(change) !== null
  const alike = alikeFor(change)
  const stored = madeOf(change, live, alike)
  const asAsked = isInForce(change, live, alike) && (written || same(stored, live))
  if (asAsked) return { ...appliedAs(change, { written, stored, live, at }), ...(!written && turnedDownOf(change)) }
  return driftTo(change, look, { ...among, at: at.toISOString() })
}

/** What stands between may have sent an update twice, of which the stack took the first: so its no is no proof that nobody wrote. */
function turnedDownOf({ write }: Applying): Pick<Extract<ChangeEvent, { type: 'applied' }>, 'turnedDown'> {
  if (write?.answer.kind !== 'refused' && write?.answer.kind !== 'busy') return {}
  return { turnedDown: { sentAt: write.sentAt, why: write.answer.why } }
}

/** Nobody wrote down what the stack answered to what was begun before this was kept. */
function isOfEarlierRelease({ interruptions, lease }: Applying): boolean {
  return interruptions > 0 || lease.arrival === undefined
}

type Applied = { written: boolean; stored: Settings; live: Settings; at: Date; isShown?: boolean; by?: Send | null }

/** `isShown`: false when only the stack's answer has shown it, and no look. `by`: the update that brought it. */
function appliedAs(
  change: Applying,
  { written, stored, live, at, isShown = true, by = broughtBy(change) }: Applied,
): ChangeEvent {
  const differences = { ...unlessSame('stored', stored, change.after), ...unlessSame('live', live, stored) }
  const sentAt = (isShown && by?.sentAt) || null
  const found = change.sends?.length ? { sentAt } : {}
  return { type: 'applied', at: at.toISOString(), written, ...differences, ...found, ...(!isShown && watchedFrom(at)) }
}

/** What was taken, and is not shown by then, is looked for long after anybody would think it only late. */
function watchedFrom(at: Date): { watchUntil: string } {
  return { watchUntil: addDays(at, 7).toISOString() }
}

/** A write that was taken is never judged by a look that may be from before it. */
function settleTaken(change: Applying, seen: Seen): ChangeEvent | null {
  const { look, at } = seen
  if (look === null || !isFromAfter(change, look)) return notSeenYet(change, seen)
  return judgedBy(change, { ...storedBy(change, look), live: look.settings, at })
}

type Judged = Omit<Applied, 'written'> & { isTold: boolean }

function judgedBy(change: Applying, { stored, isTold, at, ...found }: Judged): ChangeEvent {
  const { kept } = fateOf(change, stored, alikeFor(change))
  if (kept.length === 0) return appliedAs(change, { written: true, stored, at, ...found })
  const arrived = broughtByAnother(change, found.live, at)
  if (arrived !== null) return arrived
  const fields = stillInWords(change, stored, kept)
  const why = isTold
    ? `the stack kept the old value of ${fields}`
    : `a look shows the old value of ${fields}: the stack has kept it, or somebody has set it back`
  return { type: 'apply_refused', at: at.toISOString(), why }
}

/** What the stack kept of the update that it took, an earlier one with the same content may have brought since. */
function broughtByAnother(change: Applying, live: Settings, at: Date): ChangeEvent | null {
  const by = unansweredOf(change)
  const alike = alikeFor(change)
  if (by === null || !isInForce(change, live, alike)) return null
  return appliedAs(change, { written: true, stored: madeOf(change, live, alike), live, at, by })
}

/** Looked at again until it can be told, or until nobody would believe any more that the look is that old. */
function notSeenYet(change: Applying, seen: Seen): ChangeEvent | null {
  const { look, at, isLate = at.toISOString() >= (change.lease.arrival ?? change.lease.until) } = seen
  if (!seen.isOver) return null
  if (look === null || !isLate)
    return lookAgain(change, 'the stack said that it took the update, but has not shown it yet', at)
  const isOlder = look.editedAt !== null && tellsWhen(change) !== null
  const stored = isOlder ? null : shownByAnswer(change)
  if (stored !== null) return judgedBy(change, { stored, isTold: true, live: look.settings, at, isShown: false })
  return neverShown(change, { look, isOlder }, seen)
}

type Shown = { readonly look: Look; readonly isOlder: boolean }

/** Nobody can tell by then: the stack may not have taken it after all, may show it later still, or somebody has undone it. */
function neverShown(change: Applying, { look, isOlder }: Shown, { at, ...among }: Seen): ChangeEvent {
  const { settings: live } = look
  const ended = { at: at.toISOString(), ...watchedFrom(at) }
  if (!isOlder && !same(live, change.before)) return { ...driftTo(change, look, { ...among, at: ended.at }), ...ended }
  const kept = stillInWords(change, live, fateOf(change, live).kept)
  const why = 'the stack answered that it took the update, but no look has shown it since'
  return { type: 'apply_refused', why: kept === '' ? why : `${why}: what looks show is ${kept}`, ...ended }
}

/** Fields of what was asked for, each with the value that it still has. */
function stillInWords(change: Change, live: Settings, kept: readonly FieldKey[]): string {
  const still = diff(live, change.after)
    .filter(({ key }) => kept.includes(key))
    .map(({ key, label, before }) => {
      const { whyKept } = fields[partOf(key).setting]
      return `${label} (still ${before}${whyKept === undefined ? '' : `: ${whyKept}`})`
    })
  return still.join(', ')
}

/** Sooner for what was sent a moment ago. */
function lookAgain(change: Applying, why: string, at: Date): ChangeEvent {
  const since = at.getTime() - Date.parse(change.write?.sentAt ?? change.lease.until)
  const wait = Math.min(Math.max(since, shortestWaitMs), longestWaitMs)
  return { type: 'apply_unseen', at: at.toISOString(), why, lookAt: new Date(at.getTime() + wait).toISOString() }
}

export const shortestWaitMs = 10_000
export const longestWaitMs = 300_000

const backoffSeconds = [10, 30, 60, 300]

type Interruption = Under & { readonly why: string; readonly untilKey?: string | undefined }

/** The apply ended before anything was sent, for a reason that may pass: it is tried again later, or once the app is started with `untilKey`. */
export function interrupt(change: Change, { why, lease, at, untilKey }: Interruption): ChangeEvent | null {
  if (!isUnder(change, lease)) return null
  return { ...interrupted(change, why, at), ...(untilKey !== undefined && { untilKey }) }
}

/** The stack says no for good before anything was sent, or has no token left to judge by. */
export function refuse(change: Change, { why, lease, at }: Under & { why: string }): ChangeEvent | null {
  return isUnder(change, lease) ? { type: 'apply_refused', at: at.toISOString(), why } : null
}

export function isUnder(change: Change, lease: Lease): change is Applying {
  return change.status === 'applying' && sameLease(change.lease, lease)
}

function interrupted(change: Change, why: string, at: Date): Extract<ChangeEvent, { type: 'apply_interrupted' }> {
  const before = 'interruptions' in change ? change.interruptions : 0
  const wait = backoffSeconds[Math.min(before, backoffSeconds.length - 1)]!
  const retryAt = new Date(at.getTime() + wait * 1000).toISOString()
  return { type: 'apply_interrupted', at: at.toISOString(), why, retryAt }
}
