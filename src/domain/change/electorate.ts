import { canBeMet, idsOf, type Seats, seatsMissing } from '../policy/quorum.ts'
import type { Change } from './change.ts'
import { amendersWith, askersOf, isConfirmed, requestersOf } from './change.ts'
import type { Approval, Lost } from './parts.ts'
import { sealOf } from './seal.ts'

/**
 * Who may decide on one change right now, looked up live. There is one demand for the rule that the change was asked
 * under, and one for each other rule that it would meet today, for any of its askers: all of them have to be met.
 */
export type Electorate = {
  /** The seal of what it was looked up for; null for an edit that is not a change yet. */
  readonly seal: string | null
  readonly demands: readonly { readonly rule: string; readonly parties: readonly Seats[] }[]
  /** People who may not decide although a party names them, and why: "guests may not decide". */
  readonly barred: Readonly<Record<string, string>>
  /** The one id of each person who asked or approved under another of theirs; people with one id are left out. */
  readonly ids?: Readonly<Record<string, string>>
  /** True if one of the demands asks the approver to type the token's name. */
  readonly confirm: boolean
  /** The askers who may no longer ask for it, and why. */
  readonly barredAskers: readonly Lost[]
  /** The reason the current policy allows nobody to approve it; null if it does. */
  readonly forbidden: string | null
}

/**
 * The reason this person may not decide on this change, as a clause that fits anybody in their place; null if they may.
 */
export function obstacle(change: Change, person: string, electorate: Electorate): string | null {
  const { barred, demands } = electorate
  const known = idIn(electorate)
  const isThem = (other: string) => known(other) === known(person)
  if (isThem(change.requester)) return 'whoever asks for a change may not decide on it'
  if (change.amenders.some(isThem)) return 'whoever edits a change may not decide on it'
  if (requestersOf(change).some(isThem)) return 'whoever had a hand in a change may not decide on it'
  if (barred[person] !== undefined) return barred[person]
  const named = demands.some(({ parties }) => parties.some(({ people }) => people.includes(known(person))))
  return named ? null : notNamed
}

export const notNamed = 'only the people its rule names may decide on it'

/** The one id by which each person is known. */
export function idIn({ ids = {} }: Electorate): (person: string) => string {
  return (person) => ids[person] ?? person
}

/**
 * The id by which the rule that a change was asked under names this person. In what was kept before people were known
 * by one id, it can be a different one, and a log is verified without asking Slack.
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

/** Approvals by people who have none that counts. `approvals`: those that it has, or would have with one more. */
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
    : 'approved something different from what it is now'
}

/** How many more people have to approve, under the strictest of the demands. */
export function approvalsMissing(change: Change, electorate: Electorate, approvals = change.approvals): number {
  const approvers = approvalsThatCount(change, electorate, approvals).map(({ by }) => idIn(electorate)(by))
  return Math.max(...electorate.demands.map(({ parties }) => seatsMissing(parties, approvers)))
}

/**
 * True if this person may approve and has not, and as many people would have to approve after them as before, since
 * others in their place have.
 */
export function bringsNoNearer(change: Change, person: string, electorate: Electorate): boolean {
  if (change.status !== 'pending' || obstacle(change, person, electorate) !== null) return false
  const known = idIn(electorate)
  const approvers = approvalsThatCount(change, electorate).map(({ by }) => known(by))
  if (approvers.includes(known(person))) return false
  return electorate.demands.every(({ parties }) => {
    const missing = seatsMissing(parties, approvers)
    return missing > 0 && seatsMissing(parties, [...approvers, known(person)]) === missing
  })
}

/** `approvals`: those that it has, or would have with one more. */
export function quorumMet(change: Change, electorate: Electorate, approvals = change.approvals): boolean {
  const { forbidden, demands } = electorate
  return forbidden === null && demands.length > 0 && approvalsMissing(change, electorate, approvals) === 0
}

/**
 * The reason this person may not take over, or cancel, a change with an asker who may no longer ask; null if they may.
 */
export function obstacleToTakeOver(change: Change, person: string, electorate: Electorate): string | null {
  if (electorate.barredAskers.some(({ by }) => by === person)) return 'you may no longer ask for it yourself'
  return askersOf(change).includes(person) ? null : obstacle(change, person, electorate)
}

/** Those who may still decide on it or take it over: a reminder calls nobody else. `barred` must cover all named. */
export function whoCanStillDecide(change: Change, electorate: Electorate): string[] {
  const isOrphaned = electorate.barredAskers.length > 0
  if (electorate.forbidden !== null && !isOrphaned) return []
  const named = electorate.demands.flatMap(({ parties }) => parties.flatMap(({ people }) => people))
  if (isOrphaned)
    return [...new Set([...askersOf(change), ...named])].filter(
      (person) => obstacleToTakeOver(change, person, electorate) === null,
    )
  const counted = approvalsThatCount(change, electorate).map(({ by }) => idIn(electorate)(by))
  return [...new Set(named)].filter(
    (person) => obstacle(change, person, electorate) === null && !counted.includes(person),
  )
}

/** True if enough people could approve it, but too few once this person has a hand in it. */
export function needsVoteOf(change: Change, person: string, electorate: Electorate): boolean {
  const edited = { ...change, amenders: amendersWith(change, person) }
  return canEverBeMet(change, electorate) && !canEverBeMet(edited, electorate)
}

/** True if there are enough people who could approve it. */
export function canEverBeMet(
  change: Pick<Change, 'requester' | 'amenders' | 'takenOver'>,
  electorate: Electorate,
): boolean {
  const out = [...requestersOf(change), ...Object.keys(electorate.barred)]
  return electorate.demands.length > 0 && electorate.demands.every(({ parties }) => canBeMet(parties, out))
}
