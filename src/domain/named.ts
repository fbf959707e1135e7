import type { Change, Lost } from './change.ts'
import { isGroup, type Party, type Requirement } from './policy.ts'
import { idsOf } from './quorum.ts'

/** The people, no groups, whom the rules name that an open change waits under, and those who have approved it. */
export function personsNamed({ status, requirement, today, approvals }: Change): string[] {
  if (status !== 'pending') return []
  const besides = today !== null && !('forbidden' in today) ? today.parties : []
  const named = idsOf([...requirement.parties, ...besides]).filter((id) => !isGroup(id))
  return [...new Set([...named, ...approvals.map(({ by }) => by)])]
}

/** The change as it is shown: its rules name nobody who has left, and no approval of theirs counts. Nothing is decided from this. */
export function withoutThem<C extends Change>(change: C, gone: readonly Lost[]): C {
  if (gone.length === 0) return change
  const left = gone.map(({ by }) => by)
  const of = (rule: Requirement): Requirement => ({ ...rule, parties: rule.parties.map(still) })
  const still = ({ from, quorum }: Party): Party => ({ from: from.filter((id) => !left.includes(id)), quorum })
  const { requirement, today } = change
  return {
    ...change,
    requirement: of(requirement),
    today: today && !('forbidden' in today) ? of(today) : today,
    lost: withTheirs(change, gone),
  }
}

function withTheirs({ approvals, lost }: Change, gone: readonly Lost[]): Change['lost'] {
  const known = lost?.approvals ?? []
  const theirs = gone.filter(
    ({ by }) => approvals.some((approval) => approval.by === by) && known.every((other) => other.by !== by),
  )
  return theirs.length === 0 ? lost : { approvals: [...known, ...theirs], why: lost?.why ?? null }
}
