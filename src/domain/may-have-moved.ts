import type { Change } from './change.ts'
import { same } from './diff.ts'
import { fateOf, movedIn, rewritten } from './in-force.ts'
import { asShown, isThere, isUnsure } from './left-by.ts'
import { isLikeText } from './own-writing.ts'
import { withoutTargets } from './targets.ts'
import type { Settings } from './token.ts'
import type { Send } from './write.ts'

/**
 * Which changes may have moved the token under this one, where nobody can tell: this one itself, and those of `others` of which
 * an update may have come since `at`, when the token was seen as this one is asked against. The stack may have taken one in
 * part, or have written it in its own way.
 */
export function mayHaveMoved(change: Change, live: Settings, others: readonly Change[], at: string): number[] {
  // Whoever sends something has looked first, and stops at what that look shows.
  const underWay = others.filter(isUnderWay)
  const mayHaveCome = others.filter(mayHaveComeSince(at))
  const own = change.sends?.length ? [change] : []
  const isNews = (shown: typeof isThere) => (other: Change) => shown(other, live) && !shown(other, change.before)
  const news = others.filter((other) => isNews(isThere)(other) || (isUnsure(other) && isNews(isAsLeft)(other)))
  const all = new Set([...own, ...underWay, ...mayHaveCome, ...news])
  return [...all].filter((one) => mayHaveMadeSome(one, live)).map(({ id }) => id)
}

/** What no answer told of was seen where somebody may have made it by hand: it may come yet. */
function mayHaveComeSince(at: string): (change: Change) => boolean {
  const last = ({ answer, seenAt, watchUntil, until }: Send) =>
    (answer === 'taken' ? seenAt : undefined) ?? watchUntil ?? until
  return ({ sends = [] }) => sends.some((send) => last(send) >= at)
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

/** Some of what an update of it carried is on the token and was not, or something else that was not either. */
function mayHaveMadeSome(change: Change, live: Settings): boolean {
  const { taken, neither } = fateOf(change, live, isLikeText)
  const carried = rewritten(change.after, live, isLikeText)
  return neither.length > 0 || [...taken, ...carried].some(movedIn(change, live))
}
