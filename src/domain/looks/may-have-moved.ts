import type { Change } from '../change/change.ts'
import type { Send } from '../change/write.ts'
import { same } from '../token/diff.ts'
import type { FieldKey } from '../token/field.ts'
import { withoutTargets } from '../token/targets.ts'
import type { Settings } from '../token/token.ts'
import { asShown, isThere, isUnsure } from './left-by.ts'
import { mayBeLeftBy } from './may-be-left-by.ts'

/**
 * Which changes may have moved the token under this one, where nobody can tell: this one itself, and those of `others` of which
 * an update may have come since the token was seen as this one is asked against. The stack may have taken one in part, or have
 * written it in its own way; one that could have left none of the fields as they are is not named.
 */
export function mayHaveMoved(change: Change, moved: Moved, others: readonly Change[]): number[] {
  const { live, otherwise, since, isLater } = moved
  const mayCome = (one: Change) => (send: Send) => mayComeSince(send, since) || isLater(one)
  // Whoever sends something has looked first, and stops at what that look shows.
  const underWay = others.filter(isUnderWay)
  const mayHaveCome = others.filter((other) => other.sends?.some(mayCome(other)))
  const own = change.sends?.length ? [change] : []
  const isNews = (shown: typeof isThere) => (other: Change) => shown(other, live) && !shown(other, change.before)
  const news = others.filter((other) => isNews(isThere)(other) || (isUnsure(other) && isNews(isAsLeft)(other)))
  const all = new Set([...own, ...underWay, ...mayHaveCome, ...news])
  const mayHaveMade = (edit: Edit) => otherwise.some(mayBeLeftBy(edit, live))
  return [...all].filter((one) => editsOf(one, mayCome(one)).some(mayHaveMade)).map(({ id }) => id)
}

type Edit = Pick<Change, 'before' | 'after'>

/** What it asks for by now, and what earlier revisions of it did whose update may have come since. */
function editsOf({ before, after: now, sends = [] }: Change, mayCome: (send: Send) => boolean): Edit[] {
  const earlier = sends.filter(mayCome).flatMap(({ after }) => after ?? [])
  return [now, ...earlier].map((after) => ({ before, after }))
}

/**
 * `otherwise`: the fields that are as nobody known has left them. `since`: when the token was seen as the change is asked
 * against. `isLater`: whatever the clock showed, an update of this one may have come since.
 */
type Moved = {
  readonly live: Settings
  readonly otherwise: readonly FieldKey[]
  readonly since: string
  readonly isLater: (other: Change) => boolean
}

/** What no answer told of was seen where somebody may have made it by hand: it may come yet. */
function mayComeSince({ answer, seenAt, watchUntil, until }: Send, since: string): boolean {
  return ((answer === 'taken' ? seenAt : undefined) ?? watchUntil ?? until) >= since
}

function isUnderWay(change: Change): boolean {
  if (change.status !== 'applying') return false
  const kind = change.write?.answer.kind
  return kind !== 'refused' && kind !== 'busy'
}

/** The whole token, as an update of it carries that. */
function isAsLeft(change: Change, settings: Settings): boolean {
  return asShown(change, settings).some((made) => same(made, withoutTargets(settings)))
}
