import type { Seats } from '../../domain/policy/quorum.ts'
import type { People } from '../../ports/people.ts'

/**
 * People of each party who may decide and are not among `askers`; no more than all parties want together, since more
 * could not change if a quorum can be met.
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
