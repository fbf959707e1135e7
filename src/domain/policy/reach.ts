import { covers, verdictsOf, type When } from './when.ts'

/** True if no change can fit, since its other conditions rule out every verdict that it asks for. */
export function fitsNothing(when: When): boolean {
  return verdictsOf(when).length === 0
}

/**
 * The earlier rules that leave nothing for this one, as far as their conditions alone show; none if some change can get past
 * them.
 */
export function shadowedBy<T extends { readonly when: When }>(when: When, earlier: readonly T[]): T[] {
  const first = verdictsOf(when).map((verdict) =>
    earlier.find((rule) => covers(rule.when, { ...when, verdict: [verdict] })),
  )
  return first.includes(undefined) ? [] : earlier.filter((rule) => first.includes(rule))
}
