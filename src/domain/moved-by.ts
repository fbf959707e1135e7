import { type Change, hasEnded } from './change.ts'
import { same } from './diff.ts'
import { askedBy, fateOf, isArrived, isInForce, madeOf, movedIn, rewritten, showsSomeOf } from './in-force.ts'
import { alikeFor, isLikeText } from './own-writing.ts'
import { withFields } from './rebase.ts'
import { withoutTargets } from './targets.ts'
import type { Settings } from './token.ts'
import { isOfNow, type Send } from './write.ts'

type Movers = Readonly<{
  by?: readonly number[]
  unproven?: readonly number[]
  elsewhere?: boolean
  perhaps?: readonly number[]
}>

/**
 * Which changes moved the token under this one since it was seen as this one is asked against, the first of them first, and
 * whether anybody did besides, as far as `others` of the token can tell (those that have ended: the newest end first). This one
 * is among them where an update that an earlier revision of it asked for is on the token. Nobody where none of them did.
 * `perhaps`: those, this one among them, of which an update may have made what differs besides: the stack may have taken it in
 * part, or have written it in its own way.
 */
export function movedBy(change: Change, live: Settings, others: readonly Change[]): Movers {
  const movers = surelyMovedBy(change, live, others)
  if (movers.elsewhere === false) return movers
  const unclear = others.filter(({ id }) => id !== change.id && !movers.by?.includes(id))
  // Whoever sends something has looked first, and stops at what that look shows.
  const underWay = unclear.filter(isUnderWay)
  const mayHaveCome = unclear.filter(mayHaveComeSince(sinceOf(change)))
  const own = change.sends?.length ? [change] : []
  const isNews = (shown: typeof isThere) => (other: Change) => shown(other, live) && !shown(other, change.before)
  const news = unclear.filter((other) => isNews(isThere)(other) || (isUnsure(other) && isNews(isAsLeft)(other)))
  const perhaps = new Set(
    [...own, ...underWay, ...mayHaveCome, ...news].filter((one) => mayHaveMadeSome(one, live)).map(({ id }) => id),
  )
  return { ...movers, ...(perhaps.size > 0 && { perhaps: [...perhaps] }) }
}

function surelyMovedBy(change: Change, live: Settings, others: readonly Change[]): Movers {
  const { id } = change
  const known = others
    .filter((other) => other.id !== id && movedAt(other) >= sinceOf(change))
    .filter((other) => !isThere(other, change.before) && !isTurnedBack(other, live))
    .sort(byWhenMoved)
  const now = others.find((other) => other.id !== id && !known.includes(other) && isShownNow(other, live))
  const ours = now ? [...known, now] : known
  const own = earlierUpdate(change, live)
  // By the clock, and by the log, whose newest end comes first: the clock may have been set back between two.
  const last = new Set([ours.at(-1), others.find((other) => hasEnded(other) && ours.includes(other))])
  const left = own
    ? [madeOf({ before: change.before, after: own.after! }, live, isLikeText)]
    : [...last].flatMap((one) => (one ? asShown(one, live) : []))
  if (left.length === 0) return {}
  const unproven = [...ours.filter(isUnproven), ...(own && own.answer !== 'taken' ? [change] : [])]
  return {
    by: [...ours.map((other) => other.id), ...(own ? [id] : [])],
    ...(unproven.length > 0 && { unproven: unproven.map((one) => one.id) }),
    elsewhere: !left.some((made) => same(withoutTargets(made), withoutTargets(live))),
  }
}

function sinceOf({ shownAt, revisedAt }: Change): string {
  return shownAt ?? revisedAt
}

/** No answer tells that its update came: somebody may have made the same edit. The first releases kept no answers. */
function isUnproven({ status, sends }: Change): boolean {
  return sends?.every(({ answer }) => answer !== 'taken') ?? status === 'applying'
}

/** What no answer told of was seen where somebody may have made it by hand: it may come yet. */
function mayHaveComeSince(at: string): (change: Change) => boolean {
  const last = ({ answer, seenAt, watchUntil, until }: Send) =>
    (answer === 'taken' ? seenAt : undefined) ?? watchUntil ?? until
  return ({ sends = [] }) => sends.some((send) => last(send) >= at)
}

/** All that it asks for, or what the stack made of that, whenever it came: the clock may have been set since. */
function isThere(change: Change, settings: Settings): boolean {
  const made = { before: change.before, after: leftBy(change) }
  return askedBy(made).size > 0 && isInForce(made, settings, alikeFor(change))
}

function isUnderWay(change: Change): boolean {
  if (change.status !== 'applying') return false
  const kind = change.write?.answer.kind
  return kind !== 'refused' && kind !== 'busy'
}

/** No answer tells of one of its updates: it may come yet, or a second time. */
function isUnsure({ sends = [] }: Change): boolean {
  return sends.some(({ answer }) => answer !== 'taken')
}

/** The whole token, as an update of it carries that. */
function isAsLeft(change: Change, settings: Settings): boolean {
  return asShown(change, settings).some((made) => same(made, withoutTargets(settings)))
}

/** Some of what an update of it carried is on the token and was not, or something else that was not either. */
function mayHaveMadeSome(change: Change, live: Settings): boolean {
  const { taken, neither } = fateOf(change, live, isLikeText)
  const carried = rewritten(change.after, live, isLikeText)
  return neither.length > 0 || [...taken, ...carried].some(movedIn(change, live))
}

/** The stack took it, and a look has shown that it kept the old value of some of it. */
function isTakenInPart({ status, sends = [] }: Change): boolean {
  return status === 'failed' && sends.some(({ answer, watchUntil }) => answer === 'taken' && watchUntil === undefined)
}

/** Nothing that it was taken for in part is on the token, nor was any of its updates found. */
function isTurnedBack(change: Change, live: Settings): boolean {
  return isTakenInPart(change) && lastSeen(change) === undefined && !showsSomeOf(change, live, isLikeText)
}

/** Another look may see what an update has made before the one who sent it knows. */
function isShownNow(change: Change, live: Settings): boolean {
  if (change.status !== 'applying') return false
  const kind = change.write?.answer.kind
  if (kind === 'taken') return showsSomeOf(change, live, isLikeText)
  return kind !== 'refused' && kind !== 'busy' && askedBy(change).size > 0 && isInForce(change, live, isLikeText)
}

/**
 * The token as this change may have made it, as far as the look shows: a stack may have kept some of it, or have its own way of
 * writing, and more of it may have come by another update than one answer told.
 */
function asShown(change: Change, live: Settings): Settings[] {
  const isPartial = isShownNow(change, live) || isTakenInPart(change)
  const alike = isPartial || isUnsure(change) ? isLikeText : alikeFor(change)
  const made = (after: Settings) => madeOf({ before: change.before, after }, live, alike)
  if (!isPartial) return [made(leftBy(change))]
  const kept = new Set(fateOf(change, live, alike).kept)
  return [leftBy(change), change.after].map((after) => withFields(made(after), withoutTargets(live), kept))
}

/** The token as a change left it, as far as it was seen, or as the stack answered. */
export function leftBy(change: Change): Settings {
  const seen = lastSeen(change)
  if (change.status === 'applied')
    return seen !== undefined && seen.seenAt! > change.endedAt
      ? (seen.after ?? change.stored ?? change.after)
      : (change.live ?? change.stored ?? change.after)
  const answer = change.status === 'applying' ? change.write?.answer : undefined
  return (answer?.kind === 'taken' ? answer.stored : undefined) ?? seen?.after ?? change.after
}

function earlierUpdate(change: Change, live: Settings): Send | undefined {
  const isNow = isOfNow(change)
  return (change.sends ?? []).findLast(
    (send) =>
      !isNow(send) &&
      (send.seenAt ?? change.revisedAt) >= change.revisedAt &&
      isArrived(change, send, live, isLikeText),
  )
}

/** The empty string when it is not known to have moved the token. */
function movedAt(change: Change): string {
  const isApplied = change.status === 'applied' && change.written
  const applied = isApplied || (change.status === 'failed' && isTakenInPart(change)) ? change.endedAt : ''
  return [applied, lastSeen(change)?.seenAt ?? ''].sort().at(-1)!
}

function byWhenMoved(one: Change, other: Change): number {
  const [a, b] = [movedAt(one), movedAt(other)]
  if (a !== b) return a < b ? -1 : 1
  return one.id - other.id
}

function lastSeen({ sends = [] }: Pick<Change, 'sends'>): Send | undefined {
  const seen = sends.filter(({ seenAt }) => seenAt !== undefined)
  return seen.reduce<Send | undefined>((last, one) => (last && last.seenAt! > one.seenAt! ? last : one), undefined)
}
