import type { Change } from '../change/change.ts'
import type { Send } from '../change/write.ts'
import { same } from '../token/diff.ts'
import type { FieldKey } from '../token/field.ts'
import { withoutTargets } from '../token/targets.ts'
import type { Settings } from '../token/token.ts'
import { asShown, isThere, isUnsure } from './left-by.ts'
import { mayBeLeftBy } from './may-be-left-by.ts'

/**
 * The changes that may have moved the token under this one, if nobody can tell: this one itself, and those of `others`
 * whose update may have come since the token was seen as this one is asked against. The stack may have taken only part
 * of one, or changed its form; one that could have left none of the fields like this is not named.
 */
export function mayHaveMoved(change: Change, moved: Moved, others: readonly Change[]): number[] {
  const { live, otherwise, since, isLater } = moved
  const mayCome = (one: Change) => (send: Send) => mayComeSince(send, since) || isLater(one)
  // Whoever sends something has looked first, and would have stopped at what that look shows.
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

/** Its current edit, and the edits of earlier revisions whose update may have come since. */
function editsOf({ before, after: now, sends = [] }: Change, mayCome: (send: Send) => boolean): Edit[] {
  const earlier = sends.filter(mayCome).flatMap(({ after }) => after ?? [])
  return [now, ...earlier].map((after) => ({ before, after }))
}

/**
 * `otherwise`: the fields that nobody known can have left like this. `since`: when the token was seen as the change is
 * asked against. `isLater`: whatever the clock showed, an update of this change may have come since.
 */
type Moved = {
  readonly live: Settings
  readonly otherwise: readonly FieldKey[]
  readonly since: string
  readonly isLater: (other: Change) => boolean
}

/** An update without an answer was seen, but somebody may have made it by hand: it may still come. */
function mayComeSince({ answer, seenAt, watchUntil, until }: Send, since: string): boolean {
  return ((answer === 'taken' ? seenAt : undefined) ?? watchUntil ?? until) >= since
}

function isUnderWay(change: Change): boolean {
  if (change.status !== 'applying') return false
  const kind = change.write?.answer.kind
  return kind !== 'refused' && kind !== 'busy'
}

/** Compares the whole token, as an update of the change carries it. */
function isAsLeft(change: Change, settings: Settings): boolean {
  return asShown(change, settings).some((made) => same(made, withoutTargets(settings)))
}
