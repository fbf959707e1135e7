import type { Change } from './change.ts'
import type { ChangeEvent } from './event.ts'
import { evolve, open } from './evolve.ts'

/** Why an approval no longer counts, as whoever gave it is told. */
const sincePutBack =
  'a backup of the database was put back, and nothing more is written on an approval from before that'

/** An approval that an event takes the force from; `why` is null when that is because the change asks for something else. */
type Voided = { readonly person: string; readonly approvedAt: string; readonly why: string | null }

/**
 * The approvals of `change` that count no more once `event` has happened to it, but for those of whoever made it ask for
 * something else, who knows: of each person the last.
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

/** True if one of these events, the history of a change from its proposal on, has taken the force from that approval. */
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

/** What became of a change that made it ask for something else than what was approved then: the last rebase or take-over, else an edit. */
export function revisedSince(change: Change, approvedAt: string): 'edited' | 'rebased' | 'taken over' {
  const { revision, rebased, takenOver = [] } = change
  if (rebased !== undefined && (rebased.revision === revision || rebased.at > approvedAt)) return 'rebased'
  return takenOver.some(({ at }) => at > approvedAt) ? 'taken over' : 'edited'
}

/** Whether this person has approved again since: then there is nothing left to tell them. */
export function hasApprovedSince(change: Change, { person, approvedAt }: Voided): boolean {
  return change.approvals.some(({ by, at }) => by === person && at > approvedAt)
}

function lastOfEach({ approvals }: Change): [person: string, approvedAt: string][] {
  return [...new Map(approvals.map(({ by, at }) => [by, at]))]
}
