import type { Seats } from '../domain/policy/quorum.ts'
import type { People } from '../ports/people.ts'

/**
 * Of each party, people who may decide and are none of `askers`; no more than all parties want together, since more could
 * not make the difference between a quorum that can be met and one that can't.
 */
export async function enoughOf(
  parties: readonly Seats[],
  askers: readonly string[],
  people: Pick<People, 'obstacle'>,
): Promise<Seats[]> {
  const wanted = parties.reduce((sum, { quorum }) => sum + quorum, 0)
  return Promise.all(parties.map(ableOf))

  async function ableOf(party: Seats): Promise<Seats> {
    const able: string[] = []
    for (const person of new Set(party.people)) {
      if (able.length === wanted) break
      if (!askers.includes(person) && (await people.obstacle(person)) === null) able.push(person)
    }
    return { ...party, people: able }
  }
}
