import { addDays } from 'date-fns/addDays'
import type { Change } from '../change/change.ts'
import type { ChangeEvent } from '../change/event.ts'
import { sameLease } from '../change/lease.ts'
import type { Lease } from '../change/parts.ts'
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

/** `lease`: the one in force when the look began; a newer one means that this look is out of date. */
type Under = { readonly lease: Lease; readonly at: Date }

/** `look` is null if the stack showed something older than what is known. */
type Before = Under & Among & { readonly look: Look | null }

/**
 * `isOver`: the lease is over. `isLate`: by now every look shows an update that was taken. Both go by time that passes,
 * since the clock may have been set.
 */
type Seen = Before & {
  readonly isOver: boolean
  readonly isLate?: boolean
}

/** Records the stack's answer to the update sent at `sentAt`, before anybody judges by it. */
export function noteAnswer(
  change: Change,
  { lease, at, ...write }: Under & { answer: Answer; sentAt: string; over: string | null },
): ChangeEvent | null {
  if (!isUnder(change, lease) || change.write) return null
  const { answer, sentAt, over } = write
  return { type: 'write_answered', at: at.toISOString(), sentAt, answer, ...(over !== null && { over }) }
}

/**
 * Null if the token is still as the requester saw it, so it may be written; otherwise the event that the look leads to.
 */
export function beforeWriting(change: Change, { look, lease, at, ...among }: Before): ChangeEvent | null {
  if (!isUnder(change, lease)) return null
  if (look === null) return interrupted(change, olderState, at)
  const unseen = unseenOf(change, look.settings)
  if (unseen !== undefined) return interrupted(change, notRead(unseen), at)
  const seen = asKnown(change, look)
  return same(seen.settings, change.before) ? null : found(change, seen, { at, ...among })
}

/** The change asks for it, and the look does not show it: then nobody knows its value, nor what became of it. */
function notRead(label: string): string {
  return `Countersign could no longer read the token's ${label.toLowerCase()}, which this change would edit`
}

function asKnown(change: Change, look: Look): Look {
  return { ...look, settings: asChangeKnows(change, look.settings) }
}

const olderState = 'the stack showed an older state of the token than is already known'

/**
 * Judges an apply by the token as it is now, since an answer proves nothing by itself. Returns null while that is
 * impossible: the write may still be on its way, and a look may be older than it.
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

/** Refused: somebody else may have moved the token anyway, but that does not make the stack's no a drift. */
function settleMoved(change: Applying, look: Look, seen: Seen): ChangeEvent {
  const { write } = change
  return write?.answer.kind === 'refused' && !isInForce(change, look.settings, alikeFor(change))
    ? turnedDown(change, seen.at)
    : found(change, look, seen)
}

/**
 * An update that the stack did not even try can be put off without a look, and there may be none if the stack is out of
 * reach: the next try begins with one. The stack's own no needs none either, unless an earlier update may have brought
 * the same. Null for any other answer.
 */
export function turnDownUnlooked(change: Change, { lease, at }: Under): ChangeEvent | null {
  if (!isUnder(change, lease)) return null
  const kind = change.write?.answer.kind
  const isTurnedDown = kind === 'busy' || (kind === 'refused' && broughtBy(change) === null)
  return isTurnedDown ? turnedDown(change, at) : null
}

/**
 * While the token can't be looked at, for the reason in `why`, nothing shows what became of the update: it is looked at
 * again later.
 */
export function unlooked(change: Change, { why, lease, at }: Under & { why: string }): ChangeEvent | null {
  return isUnder(change, lease) ? lookAgain(change, why, at) : null
}

function turnedDown(change: Applying, at: Date): ChangeEvent {
  const answer = change.write!.answer as Extract<Answer, { why: string }>
  if (answer.kind === 'busy') return interrupted(change, answer.why, at)
  return { type: 'apply_refused', at: at.toISOString(), why: answer.why }
}

/**
 * The token has moved: either it has everything that was asked for, or something else. An update nobody sent can't be
 * this change's doing, so in that case only exactly what was asked for counts as applied.
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

/**
 * Something in between may have sent an update twice, and the stack took the first: so its no does not prove that
 * nobody wrote.
 */
function turnedDownOf({ write }: Applying): Pick<Extract<ChangeEvent, { type: 'applied' }>, 'turnedDown'> {
  if (write?.answer.kind !== 'refused' && write?.answer.kind !== 'busy') return {}
  return { turnedDown: { sentAt: write.sentAt, why: write.answer.why } }
}

/** Nobody recorded the stack's answer to an apply that began before answers were kept. */
function isOfEarlierRelease({ interruptions, lease }: Applying): boolean {
  return interruptions > 0 || lease.arrival === undefined
}

type Applied = { written: boolean; stored: Settings; live: Settings; at: Date; isShown?: boolean; by?: Send | null }

/** `isShown`: false if only the stack's answer has shown it, and no look. `by`: the update that brought it. */
function appliedAs(
  change: Applying,
  { written, stored, live, at, isShown = true, by = broughtBy(change) }: Applied,
): ChangeEvent {
  const differences = { ...unlessSame('stored', stored, change.after), ...unlessSame('live', live, stored) }
  const sentAt = (isShown && by?.sentAt) || null
  const found = change.sends?.length ? { sentAt } : {}
  return { type: 'applied', at: at.toISOString(), written, ...differences, ...found, ...(!isShown && watchedFrom(at)) }
}

/** An update that was taken but not shown by then is looked for long after anybody would think it merely late. */
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

/**
 * If the stack took this update but kept old values, an earlier update with the same content may have brought them
 * since.
 */
function broughtByAnother(change: Applying, live: Settings, at: Date): ChangeEvent | null {
  const by = unansweredOf(change)
  const alike = alikeFor(change)
  if (by === null || !isInForce(change, live, alike)) return null
  return appliedAs(change, { written: true, stored: madeOf(change, live, alike), live, at, by })
}

/** Looked at again until it is clear, or until nobody would believe that the look is still that old. */
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

/**
 * Nobody can tell by then: the stack may not have taken it after all, may show it even later, or somebody has undone
 * it.
 */
function neverShown(change: Applying, { look, isOlder }: Shown, { at, ...among }: Seen): ChangeEvent {
  const { settings: live } = look
  const ended = { at: at.toISOString(), ...watchedFrom(at) }
  if (!isOlder && !same(live, change.before)) return { ...driftTo(change, look, { ...among, at: ended.at }), ...ended }
  const kept = stillInWords(change, live, fateOf(change, live).kept)
  const why = 'the stack said that it took the update, but no look has shown it since'
  return { type: 'apply_refused', why: kept === '' ? why : `${why}: looks show ${kept}`, ...ended }
}

/** Requested fields that still have their old value, each with that value. */
function stillInWords(change: Change, live: Settings, kept: readonly FieldKey[]): string {
  const still = diff(live, change.after)
    .filter(({ key }) => kept.includes(key))
    .map(({ key, label, before }) => {
      const { whyKept } = fields[partOf(key).setting]
      return `${label} (still ${before}${whyKept === undefined ? '' : `: ${whyKept}`})`
    })
  return still.join(', ')
}

/** Sooner if it was sent a moment ago. */
function lookAgain(change: Applying, why: string, at: Date): ChangeEvent {
  const since = at.getTime() - Date.parse(change.write?.sentAt ?? change.lease.until)
  const wait = Math.min(Math.max(since, shortestWaitMs), longestWaitMs)
  return { type: 'apply_unseen', at: at.toISOString(), why, lookAt: new Date(at.getTime() + wait).toISOString() }
}

export const shortestWaitMs = 10_000
export const longestWaitMs = 300_000

const backoffSeconds = [10, 30, 60, 300]

type Interruption = Under & { readonly why: string; readonly untilKey?: string | undefined }

/**
 * The apply ended before anything was sent, for a reason that may pass: it is tried again later, or once the app is
 * started with `untilKey`.
 */
export function interrupt(change: Change, { why, lease, at, untilKey }: Interruption): ChangeEvent | null {
  if (!isUnder(change, lease)) return null
  return { ...interrupted(change, why, at), ...(untilKey !== undefined && { untilKey }) }
}

/** The stack's no is final before anything was sent, or there is no token left to judge by. */
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
