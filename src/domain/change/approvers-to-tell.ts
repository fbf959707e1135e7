import type { Change } from './change.ts'
import type { ChangeEvent } from './event.ts'
import { evolve, open } from './evolve.ts'

/** The reason an approval no longer counts, as its approver is told. */
const sincePutBack =
  'a backup of the database was put back, and nothing more is written on an approval from before that'

/** An approval that an event voids; `why` is null if that is because the change asks for something else. */
type Voided = { readonly person: string; readonly approvedAt: string; readonly why: string | null }

/**
 * The approvals of `change` that no longer count after `event`, as `evolve.ts` has it, except those of whoever made it ask for
 * something else, who knows: the last of each person.
 */
export function approvalsVoidedBy(change: Change, event: ChangeEvent): Voided[] {
  if (event.type === 'amended' || event.type === 'rebased' || event.type === 'taken_over')
    return lastOfEach(change).flatMap(([person, approvedAt]) =>
      person === event.by ? [] : [{ person, approvedAt, why: null }],
    )
  if (event.type === 'put_back')
    return lastOfEach(change).map(([person, approvedAt]) => ({ person, approvedAt, why: sincePutBack }))
  if (event.type !== 'quorum_lost' && event.type !== 'approved') return []
  const reasons = new Map(event.lost?.map(({ by, why }) => [by, why]))
  return lastOfEach(change).flatMap(([person, approvedAt]) => {
    const why = reasons.get(person)
    return why === undefined ? [] : [{ person, approvedAt, why }]
  })
}

/** True if one of these events, the history of a change from its proposal on, has voided that approval. */
export function wasVoidedBy(
  [first, ...rest]: readonly ChangeEvent[],
  { person, approvedAt }: Pick<Voided, 'person' | 'approvedAt'>,
): boolean {
  if (first?.type !== 'proposed') return false
  let change = open(0, first)
  return rest.some((event) => {
    const voided = approvalsVoidedBy(change, event)
    change = evolve(change, event)
    return voided.some((one) => one.person === person && one.approvedAt === approvedAt)
  })
}

/** How a change came to differ from what was approved then: the last rebase or take-over, otherwise an edit. */
export function revisedSince(change: Change, approvedAt: string): 'edited' | 'rebased' | 'taken over' {
  const { revision, rebased, takenOver = [] } = change
  if (rebased !== undefined && (rebased.revision === revision || rebased.at > approvedAt)) return 'rebased'
  return takenOver.some(({ at }) => at > approvedAt) ? 'taken over' : 'edited'
}

/** True if this person has approved again since: then there is nothing left to tell them. */
export function hasApprovedSince(change: Change, { person, approvedAt }: Voided): boolean {
  return change.approvals.some(({ by, at }) => by === person && at > approvedAt)
}

function lastOfEach({ approvals }: Change): [person: string, approvedAt: string][] {
  return [...new Map(approvals.map(({ by, at }) => [by, at]))]
}
