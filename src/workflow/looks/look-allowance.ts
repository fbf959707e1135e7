import { Refusal } from '../../domain/refusal.ts'

/** How many looks at Contentstack one person may cause within a minute. Nobody who reads what they see comes close. */
export const mostLooks = 30
const minuteMs = 60_000

/**
 * Counts the looks that people cause; a look at every stack counts once, however many stacks there are. `spend` throws
 * a Refusal for one too many; then the last look has to do. `monotonic`: milliseconds that pass, whatever is done to
 * the clock.
 */
export function createLookAllowance(monotonic: () => number) {
  const spent = new Map<string, readonly number[]>()

  return function spend(person: string): void {
    const at = monotonic()
    const lately = (spent.get(person) ?? []).filter((time) => time > at - minuteMs)
    if (lately.length >= mostLooks)
      throw new Refusal(
        'unavailable',
        `You had Countersign look at Contentstack ${mostLooks} times within a minute, so it did not look again. Try again in a minute.`,
      )
    spent.set(person, [...lately, at])
  }
}
