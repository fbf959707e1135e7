import type { Change } from './change.ts'
import { askedBy } from './in-force.ts'
import type { Settings } from './token.ts'

/**
 * What a look shows, to be held against what is `known`. Which fields hold rate limits is set by whoever runs the app: where they
 * were not at one of the two times, nothing is known of them, and they count as unmoved.
 */
export function asFarAsKnown(known: Settings, shown: Settings): Settings {
  const isSilent = known.rateLimits.kind === 'ungoverned' || shown.rateLimits.kind === 'ungoverned'
  return isSilent ? { ...shown, rateLimits: known.rateLimits } : shown
}

/** The same against what a change was asked over. Where it asks for limits, what can't be read is never taken for what was there. */
export function asChangeKnows(change: Pick<Change, 'before' | 'after'>, shown: Settings): Settings {
  return askedBy(change).has('rateLimits') ? shown : asFarAsKnown(change.before, shown)
}
