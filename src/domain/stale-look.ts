import { minutesToMilliseconds } from 'date-fns/minutesToMilliseconds'
import type { Change } from './change.ts'
import { same } from './diff.ts'
import { leftBy } from './moved-by.ts'
import type { Settings } from './token.ts'

type Shown = { readonly settings: Settings; readonly editedAt: string | null }

/** What is known of a token, and when the look was over that it is known from. */
type Known = Shown & { readonly seenAt: string }

/** No replica or cache is behind for longer: from then on what a stack shows is what it has. */
const longestLagMs = minutesToMilliseconds(15)

/** The oldest that a look at `at`, an ISO instant, may show; `at` itself when it is none. */
export function oldestShown(at: string): string {
  const time = Date.parse(at)
  return Number.isNaN(time) ? at : new Date(time - longestLagMs).toISOString()
}

/**
 * Whether a look shows a token as it was before what is known of it, as a cache or a replica may. By when the stack says that it
 * was edited last; where it does not say, by whether the app's own updates, one after the other, have replaced exactly this a moment ago. `recent`: the
 * changes of the token that ended of late, or are being applied.
 */
export function isStale(seen: Shown, known: Known, { recent, at }: { recent: readonly Change[]; at: Date }): boolean {
  if (at.getTime() - Date.parse(known.seenAt) > longestLagMs) return false
  const [then, now] = [Date.parse(known.editedAt ?? ''), Date.parse(seen.editedAt ?? '')]
  if (!Number.isNaN(then) && !Number.isNaN(now) && then !== now) return now < then
  if (same(known.settings, seen.settings)) return false
  return wroteOver(recent.filter(tookSince(at.toISOString())), seen.settings, known.settings)
}

/** Whether what is known came of what was seen by these changes alone, back from the one that left it. */
function wroteOver(changes: readonly Change[], seen: Settings, known: Settings): boolean {
  const last = changes.find((change) => same(leftBy(change), known))
  if (last === undefined) return false
  const earlier = changes.filter((change) => change !== last)
  return same(last.before, seen) || wroteOver(earlier, seen, last.before)
}

function tookSince(at: string): (change: Change) => boolean {
  return ({ sends = [] }) => sends.some(({ answer, until, seenAt }) => (answer === 'taken' || seenAt) && at < until)
}
