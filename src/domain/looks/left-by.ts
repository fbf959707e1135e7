import type { Change } from '../change/change.ts'
import type { Send } from '../change/write.ts'
import { withFields } from '../token/rebase.ts'
import { withoutTargets } from '../token/targets.ts'
import type { Settings } from '../token/token.ts'
import { askedBy, fateOf, isInForce, madeOf, showsSomeOf } from './in-force.ts'
import { alikeFor, isLikeText } from './own-writing.ts'

/** The token as a change left it, as far as that was seen, or as the stack answered. */
export function leftBy(change: Change): Settings {
  const seen = lastSeen(change)
  if (change.status === 'applied')
    return seen !== undefined && seen.seenAt! > change.endedAt
      ? (seen.after ?? change.stored ?? change.after)
      : (change.live ?? change.stored ?? change.after)
  const answer = change.status === 'applying' ? change.write?.answer : undefined
  return (answer?.kind === 'taken' ? answer.stored : undefined) ?? seen?.after ?? change.after
}

/**
 * The token as this change may have made it, as far as the look shows: a stack may have kept some old values, or use
 * its own form, and another update than the one an answer reported may have brought more of it.
 */
export function asShown(change: Change, live: Settings): Settings[] {
  const isPartial = isShownNow(change, live) || isTakenInPart(change)
  const alike = isPartial || isUnsure(change) ? isLikeText : alikeFor(change)
  const made = (after: Settings) => madeOf({ before: change.before, after }, live, alike)
  if (!isPartial) return [made(leftBy(change))]
  const kept = new Set(fateOf(change, live, alike).kept)
  return [leftBy(change), change.after].map((after) => withFields(made(after), withoutTargets(live), kept))
}

/** Another process's look may show an update before the sender knows about it. */
export function isShownNow(change: Change, live: Settings): boolean {
  if (change.status !== 'applying') return false
  const kind = change.write?.answer.kind
  if (kind === 'taken') return showsSomeOf(change, live, isLikeText)
  return kind !== 'refused' && kind !== 'busy' && askedBy(change).size > 0 && isInForce(change, live, isLikeText)
}

/** The stack took it, but a look has shown that it kept the old value of some of it. */
export function isTakenInPart({ status, sends = [] }: Change): boolean {
  return status === 'failed' && sends.some(({ answer, watchUntil }) => answer === 'taken' && watchUntil === undefined)
}

/** No answer reports one of its updates: it may still come, or come a second time. */
export function isUnsure({ sends = [] }: Change): boolean {
  return sends.some(({ answer }) => answer !== 'taken')
}

export function lastSeen({ sends = [] }: Pick<Change, 'sends'>): Send | undefined {
  const seen = sends.filter(({ seenAt }) => seenAt !== undefined)
  return seen.reduce<Send | undefined>((last, one) => (last && last.seenAt! > one.seenAt! ? last : one), undefined)
}

/**
 * True if everything it asks for is there, or what the stack made of that, whenever it came: the clock may have been
 * set since.
 */
export function isThere(change: Change, settings: Settings): boolean {
  const made = { before: change.before, after: leftBy(change) }
  return askedBy(made).size > 0 && isInForce(made, settings, alikeFor(change))
}
