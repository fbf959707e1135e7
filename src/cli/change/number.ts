import { Refusal } from '../../domain/refusal.ts'

/** The number of a change as typed, with or without `#`. Throws a Refusal for anything else. */
export function numberOf(typed: string): number {
  const [, digits] = /^#?(\d{1,15})$/.exec(typed) ?? []
  if (digits) return Number(digits)
  throw new Refusal('invalid', `"${typed}" is not the number of a change: give one such as 42.`)
}
