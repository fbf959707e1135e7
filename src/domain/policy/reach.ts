import { covers, verdictsOf, type When } from './when.ts'

/** Whether no change can fit, since none of the verdict that it asks for does what else it asks for. */
export function fitsNothing(when: When): boolean {
  return verdictsOf(when).length === 0
}

/**
 * The earlier rules that leave nothing for this one to fit, as far as their conditions alone tell; none when a change may get
 * past them.
 */
export function shadowedBy<T extends { readonly when: When }>(when: When, earlier: readonly T[]): T[] {
  const first = verdictsOf(when).map((verdict) =>
    earlier.find((rule) => covers(rule.when, { ...when, verdict: [verdict] })),
  )
  return first.includes(undefined) ? [] : earlier.filter((rule) => first.includes(rule))
}
