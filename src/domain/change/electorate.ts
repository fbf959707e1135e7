import { canBeMet, idsOf, type Seats, seatsMissing } from '../policy/quorum.ts'
import type { Change } from './change.ts'
import { askersOf, isConfirmed, requestersOf } from './change.ts'
import type { Approval, Lost } from './parts.ts'
import { sealOf } from './seal.ts'

/**
 * Who may decide on one change right now, looked up live. There is one demand for the rule that the change was asked
 * under, and one for each other rule that it would meet today, for whoever asks for it: all of them have to be met.
 */
export type Electorate = {
  /** The seal of what it was looked up for; null for an edit that is no change yet. */
  readonly seal: string | null
  readonly demands: readonly { readonly rule: string; readonly parties: readonly Seats[] }[]
  /** People who may not decide although a party names them, and why: "guests may not decide". */
  readonly barred: Readonly<Record<string, string>>
  /** The one id of somebody who asked or approved under another that they have; who is known by one only is not here. */
  readonly ids?: Readonly<Record<string, string>>
  /** Whether one of the demands asks whoever approves to type the token's name. */
  readonly confirm: boolean
  /** Those of the askers who may not ask for it any more, and why. */
  readonly barredAskers: readonly Lost[]
  /** Why the policy of today allows nobody to approve it; null when it does. */
  readonly forbidden: string | null
}

/** Why this person may not decide on this change, as a clause that goes for anybody in their place; null when they may. */
export function obstacle(change: Change, person: string, electorate: Electorate): string | null {
  const { barred, demands } = electorate
  const known = idIn(electorate)
  const isThem = (other: string) => known(other) === known(person)
  if (isThem(change.requester)) return 'whoever asks for a change may not decide on it'
  if (change.amenders.some(isThem)) return 'whoever edits a change may not decide on it'
  if (requestersOf(change).some(isThem)) return 'whoever had a hand in a change may not decide on it'
  if (barred[person] !== undefined) return barred[person]
  const named = demands.some(({ parties }) => parties.some(({ people }) => people.includes(known(person))))
  return named ? null : 'only those whom its rule names may decide on it'
}

function idIn({ ids = {} }: Electorate): (person: string) => string {
  return (person) => ids[person] ?? person
}

/**
 * The id by which the rule that a change was asked under names this person: in what was kept before people were known by
 * one id it can be another than theirs, and a log is verified without asking Slack.
 */
export function namedIn({ requirement }: Change, person: string, electorate: Electorate): string {
  const known = idIn(electorate)
  return idsOf(requirement.parties).find((id) => known(id) === known(person)) ?? person
}

/** Approvals of what the change is now, by people who may decide on it now. */
export function approvalsThatCount(change: Change, electorate: Electorate, approvals = change.approvals): Approval[] {
  const seal = sealOf(change)
  return approvals.filter(
    (approval) =>
      approval.seal === seal &&
      (!electorate.confirm || isConfirmed(change, approval)) &&
      obstacle(change, approval.by, electorate) === null,
  )
}

/** Of people who have no other that counts. `approvals`: those that it has, or would have with one more. */
export function approvalsThatDoNot(change: Change, electorate: Electorate, approvals = change.approvals): Lost[] {
  const counting = approvalsThatCount(change, electorate, approvals).map(({ by }) => by)
  return change.approvals
    .filter(({ by }) => !counting.includes(by))
    .map((approval) => ({ by: approval.by, why: whyNotCounted(change, approval, electorate) }))
}

function whyNotCounted(change: Change, approval: Approval, electorate: Electorate): string {
  const why = obstacle(change, approval.by, electorate)
  if (why !== null) return why
  return approval.seal === sealOf(change)
    ? 'the current policy asks whoever approves it to type the name of the token'
    : 'approved something else than what it is now'
}

/** How many more people have to approve, under the strictest of the demands. */
export function approvalsMissing(change: Change, electorate: Electorate, approvals = change.approvals): number {
  const approvers = approvalsThatCount(change, electorate, approvals).map(({ by }) => idIn(electorate)(by))
  return Math.max(...electorate.demands.map(({ parties }) => seatsMissing(parties, approvers)))
}

/** `approvals`: those that it has, or would have with one more. */
export function quorumMet(change: Change, electorate: Electorate, approvals = change.approvals): boolean {
  const { forbidden, demands } = electorate
  return forbidden === null && demands.length > 0 && approvalsMissing(change, electorate, approvals) === 0
}

/** Why this person may not take a change over, or cancel it, that somebody who asks for it may not ask for any more; null when they may. */
export function obstacleToTakeOver(change: Change, person: string, electorate: Electorate): string | null {
  if (electorate.barredAskers.some(({ by }) => by === person)) return 'you may not ask for it yourself any more'
  return askersOf(change).includes(person) ? null : obstacle(change, person, electorate)
}

/**
 * Those who may decide on it now and have not, or who may take it over: a reminder calls nobody else. `barred` has to be
 * known of everybody named.
 */
export function whoCanStillDecide(change: Change, electorate: Electorate): string[] {
  const isOrphaned = electorate.barredAskers.length > 0
  if (electorate.forbidden !== null && !isOrphaned) return []
  const named = electorate.demands.flatMap(({ parties }) => parties.flatMap(({ people }) => people))
  const counted = isOrphaned ? [] : approvalsThatCount(change, electorate).map(({ by }) => idIn(electorate)(by))
  return [...new Set(named)].filter(
    (person) => obstacle(change, person, electorate) === null && !counted.includes(person),
  )
}

/** Whether enough people exist who could approve it. */
export function canEverBeMet(
  change: Pick<Change, 'requester' | 'amenders' | 'takenOver'>,
  electorate: Electorate,
): boolean {
  const out = [...requestersOf(change), ...Object.keys(electorate.barred)]
  return electorate.demands.length > 0 && electorate.demands.every(({ parties }) => canBeMet(parties, out))
}
