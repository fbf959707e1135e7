/**
 * The instant at which a token stops working, in milliseconds; null is never, and NaN a text that is no date.
 * A bare date is midnight UTC at the start of that day: the docs say midnight UTC without saying which end of the day,
 * and the earlier one is the safe reading. Source: contentstack.md §4.
 */
export function instantOf(expiresOn: string | null): number | null {
  return expiresOn === null ? null : Date.parse(expiresOn)
}
