import type { Change } from './change.ts'
import { same } from './diff.ts'
import { askedBy, fateOf, isArrived, isInForce, madeOf, showsSomeOf } from './in-force.ts'
import { isLikeText } from './own-writing.ts'
import { withFields } from './rebase.ts'
import { withoutTargets } from './targets.ts'
import type { Settings } from './token.ts'
import { isOfNow, type Send } from './write.ts'

type Moved = Pick<Change, 'id' | 'revisedAt' | 'before' | 'after' | 'sends'>

/**
 * Which changes moved the token under this one since it came to ask for what it does, the first of them first, and whether
 * anybody did besides, as far as `others` of the token can tell. This one is among them where an update that an earlier revision
 * of it asked for is on the token. Empty when none of them did.
 */
export function movedBy(
  change: Moved,
  live: Settings,
  others: readonly Change[],
): { by?: readonly number[]; unproven?: readonly number[]; elsewhere?: boolean } {
  const { id, revisedAt } = change
  const known = others.filter((other) => other.id !== id && movedAt(other) >= revisedAt).sort(byWhenMoved)
  const now = others.find((other) => other.id !== id && !known.includes(other) && isShownMeanwhile(other, live))
  const ours = now ? [...known, now] : known
  const own = earlierUpdate(change, live)
  const last = ours.at(-1)
  const left = own
    ? madeOf({ before: change.before, after: own.after! }, live, isLikeText)
    : last && asShown(last, live)
  if (left === undefined) return {}
  const unproven = [...ours.filter(isUnproven), ...(own && own.answer !== 'taken' ? [change] : [])]
  return {
    by: [...ours.map((other) => other.id), ...(own ? [id] : [])],
    ...(unproven.length > 0 && { unproven: unproven.map((one) => one.id) }),
    elsewhere: !same(withoutTargets(left), withoutTargets(live)),
  }
}

/** No answer tells that its update came: somebody may have made the same edit. The first releases kept no answers. */
function isUnproven({ status, sends }: Change): boolean {
  return sends?.every(({ answer }) => answer !== 'taken') ?? status === 'applying'
}

/** Another look may see what an update has made before the one who sent it knows. */
function isShownMeanwhile(change: Change, live: Settings): boolean {
  if (change.status !== 'applying') return false
  const kind = change.write?.answer.kind
  if (kind === 'taken') return showsSomeOf(change, live, isLikeText)
  return kind !== 'refused' && kind !== 'busy' && askedBy(change).size > 0 && isInForce(change, live, isLikeText)
}

/** The token as this change has made it: while it is being applied, as the look shows that it did. */
function asShown(change: Change, live: Settings): Settings {
  if (!isShownMeanwhile(change, live)) return leftBy(change)
  const { kept } = fateOf(change, live, isLikeText)
  return withFields(madeOf(change, live, isLikeText), withoutTargets(live), new Set(kept))
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

function earlierUpdate(change: Moved, live: Settings): Send | undefined {
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
  const applied = change.status === 'applied' && change.written ? change.endedAt : ''
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
