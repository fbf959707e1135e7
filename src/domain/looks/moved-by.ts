import { type Change, hasEnded } from '../change/change.ts'
import { isOfNow, type Send } from '../change/write.ts'
import { diff, same } from '../token/diff.ts'
import { withoutTargets } from '../token/targets.ts'
import type { Settings } from '../token/token.ts'
import { isArrived, madeOf, showsSomeOf } from './in-force.ts'
import { asShown, isShownNow, isTakenInPart, isThere, lastSeen } from './left-by.ts'
import { mayHaveMoved } from './may-have-moved.ts'
import { isLikeText } from './own-writing.ts'

/**
 * Tells by the order of the log if there was news of another change's update after this one was asked for against the
 * token as it was seen.
 */
export type IsToldSince = (other: Change) => boolean

/**
 * `at`: when the look was judged, an ISO instant. It shows, and so does the log, that somebody has set the clock back.
 */
type Told = { readonly at?: string; readonly isToldSince?: IsToldSince | undefined }

type Movers = Readonly<{
  by?: readonly number[]
  unproven?: readonly number[]
  elsewhere?: boolean
  perhaps?: readonly number[]
}>

/**
 * The changes that moved the token under this one since it was seen as this one is asked against, earliest first, and
 * whether anybody else did, as far as the token's `others` can tell (ended ones: latest end first). This one is among
 * them if an update of one of its earlier revisions is on the token. Empty if none of them did. `perhaps`: the changes,
 * possibly this one too, whose update may have made the other differences: the stack may have taken only part of it, or
 * changed its form.
 */
export function movedBy(
  change: Change,
  live: Settings,
  others: readonly Change[],
  { at = sinceOf(change), isToldSince = () => false }: Told = {},
): Movers {
  const { left, ...movers } = surelyMovedBy(change, live, others, isToldSince)
  if (movers.elsewhere === false) return movers
  const unclear = others.filter(({ id }) => id !== change.id && !movers.by?.includes(id))
  const otherwise = new Set(left.flatMap((made) => diff(withoutTargets(made), live)).map(({ key }) => key))
  const since = sinceOf(change)
  const isLater = (other: Change) => at < since || isToldSince(other)
  const perhaps = mayHaveMoved(change, { live, otherwise: [...otherwise], since, isLater }, unclear)
  return { ...movers, ...(perhaps.length > 0 && { perhaps }) }
}

/** `left`: the token as these alone would have left it, or as it was before. */
type Sure = Movers & { readonly left: readonly Settings[] }

function surelyMovedBy(change: Change, live: Settings, others: readonly Change[], isToldSince: IsToldSince): Sure {
  const { id } = change
  const hasMovedSince = (other: Change) =>
    movedAt(other) >= sinceOf(change) || (movedAt(other) !== '' && isToldSince(other))
  const known = others
    .filter((other) => other.id !== id && hasMovedSince(other))
    .filter((other) => !isThere(other, change.before) && !isTurnedBack(other, live))
    .sort(byWhenMoved)
  const now = others.find((other) => other.id !== id && !known.includes(other) && isShownNow(other, live))
  const ours = now ? [...known, now] : known
  const own = earlierUpdate(change, live)
  // By the clock, and by the log, in which the latest end comes first: the clock may have been set back between two.
  const last = new Set([ours.at(-1), others.find((other) => hasEnded(other) && ours.includes(other))])
  const left = own
    ? [madeOf({ before: change.before, after: own.after! }, live, isLikeText)]
    : [...last].flatMap((one) => (one ? asShown(one, live) : []))
  if (left.length === 0) return { left: [change.before] }
  const unproven = [...ours.filter(isUnproven), ...(own && own.answer !== 'taken' ? [change] : [])]
  return {
    left,
    by: [...ours.map((other) => other.id), ...(own ? [id] : [])],
    ...(unproven.length > 0 && { unproven: unproven.map((one) => one.id) }),
    elsewhere: !left.some((made) => same(withoutTargets(made), withoutTargets(live))),
  }
}

/** When the token was seen as this change is asked against. */
export function sinceOf({ shownAt, revisedAt }: Change): string {
  return shownAt ?? revisedAt
}

/** No answer says that its update came: somebody may have made the same edit. The first releases kept no answers. */
function isUnproven({ status, sends }: Change): boolean {
  return sends?.every(({ answer }) => answer !== 'taken') ?? status === 'applying'
}

/** Nothing of the part that the stack took is on the token, and none of its updates was found. */
function isTurnedBack(change: Change, live: Settings): boolean {
  return isTakenInPart(change) && lastSeen(change) === undefined && !showsSomeOf(change, live, isLikeText)
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

/** Empty if it is not known to have moved the token. */
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
