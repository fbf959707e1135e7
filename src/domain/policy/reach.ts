import { matches } from './glob.ts'
import type { Condition } from './policy.ts'
import type { Verdict } from './verdict.ts'

const every: readonly Verdict[] = ['widens', 'narrows', 'both', 'neutral']

/** Whether no change can fit, since none of the verdict that it asks for does what else it asks for. */
export function fitsNothing(when: Condition): boolean {
  return verdictsOf(when).length === 0
}

/**
 * The earlier rules that leave nothing for this one to fit, as far as their conditions alone tell; none when a change may get
 * past them.
 */
export function shadowedBy<T extends { readonly when: Condition }>(when: Condition, earlier: readonly T[]): T[] {
  const first = verdictsOf(when).map((verdict) =>
    earlier.find((rule) => covers(rule.when, { ...when, verdict: [verdict] })),
  )
  return first.includes(undefined) ? [] : earlier.filter((rule) => first.includes(rule))
}

/** The verdicts that a change may have which fits: what gains something widens, and what touches a branch is not neutral. */
function verdictsOf({ verdict, gains, touches, expiry, rateLimits }: Condition): Verdict[] {
  const widens = gains !== undefined || expiry === 'removed' || rateLimits !== undefined
  return (verdict ?? every).filter(
    (one) => (!widens || one === 'widens' || one === 'both') && (!touches || one !== 'neutral'),
  )
}

/** Whether whatever fits `narrow` fits `wide` as well. False where that can't be told. */
function covers(wide: Condition, narrow: Condition): boolean {
  return (
    within(narrow.verdict, wide.verdict) &&
    within(narrow.gains, wide.gains) &&
    within(narrow.touches, wide.touches, coversPattern) &&
    coversExpiry(wide.expiry, narrow.expiry) &&
    (wide.writes === undefined || wide.writes === narrow.writes) &&
    (wide.rateLimits === undefined || wide.rateLimits === narrow.rateLimits) &&
    within(narrow.token ?? ['*'], wide.token, coversPattern) &&
    within(narrow.stack ?? ['*'], wide.stack, coversPattern) &&
    within(narrow.requester, wide.requester)
  )
}

function within<T>(
  narrow: readonly T[] | undefined,
  wide: readonly T[] | undefined,
  holds: (wide: T, narrow: T) => boolean = Object.is,
): boolean {
  return wide === undefined || (narrow?.every((one) => wide.some((other) => holds(other, one))) ?? false)
}

/** A star takes in whatever the other pattern has in its place; that a `?` does too is not certain. */
function coversPattern(wide: string, narrow: string): boolean {
  return wide === narrow || (!wide.includes('?') && matches(wide, narrow))
}

/** A token that never expires lives longer than any number of days. */
function coversExpiry(wide: Condition['expiry'], narrow: Condition['expiry']): boolean {
  if (wide === undefined) return true
  if (wide === 'removed' || narrow === undefined) return wide === narrow
  return narrow === 'removed' || narrow.laterThanDays >= wide.laterThanDays
}
