import type { Party } from './policy.ts'

/** A party with its user groups looked up: the people who can approve for it now. */
export type Seats = { readonly people: readonly string[]; readonly quorum: number }

/**
 * Counts how many more people have to approve. Each person fills one seat only, in any party they belong to, so that
 * "one of security and one of the owners" always means two people. Zero if the quorum is met.
 */
export function seatsMissing(parties: readonly Seats[], approvers: readonly string[]): number {
  const seats = parties.flatMap((party) => Array.from({ length: party.quorum }, () => new Set(party.people)))
  const taken = new Map<number, string>()
  for (const person of new Set(approvers)) seat(person, seats, taken, new Set())
  return seats.length - taken.size
}

/** Finds a seat for one more person, and moves others to seats that they can also fill. */
function seat(person: string, seats: readonly Set<string>[], taken: Map<number, string>, tried: Set<number>): boolean {
  return seats.some((people, i) => {
    if (tried.has(i) || !people.has(person)) return false
    tried.add(i)
    const sitting = taken.get(i)
    if (sitting !== undefined && !seat(sitting, seats, taken, tried)) return false
    taken.set(i, person)
    return true
  })
}

/** True if the people in these parties, without those who may not decide, can fill all seats. */
export function canBeMet(parties: readonly Seats[], barred: readonly string[]): boolean {
  const people = new Set(parties.flatMap((party) => party.people).filter((person) => !barred.includes(person)))
  return seatsMissing(parties, [...people]) === 0
}

/** Each id in these parties, once. */
export function idsOf(parties: readonly Party[]): string[] {
  return [...new Set(parties.flatMap((party) => party.from))]
}
