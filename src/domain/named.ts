import type { Change } from './change.ts'
import { isGroup, type Party, type Requirement } from './policy.ts'
import { idsOf } from './quorum.ts'

/** The people, no groups, whom the rules name that an open change waits under. */
export function personsNamed({ status, requirement, today }: Change): string[] {
  if (status !== 'pending') return []
  const besides = today !== null && !('forbidden' in today) ? today.parties : []
  return idsOf([...requirement.parties, ...besides]).filter((id) => !isGroup(id))
}

/** The change as it is shown: its rules name nobody of `left`. Nothing is decided from this. */
export function withoutThem<C extends Change>(change: C, left: readonly string[]): C {
  if (left.length === 0) return change
  const of = (rule: Requirement): Requirement => ({ ...rule, parties: rule.parties.map(still) })
  const still = ({ from, quorum }: Party): Party => ({ from: from.filter((id) => !left.includes(id)), quorum })
  const { requirement, today } = change
  return { ...change, requirement: of(requirement), today: today && !('forbidden' in today) ? of(today) : today }
}
