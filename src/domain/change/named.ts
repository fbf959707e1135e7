import { isGroup, type Party, type Requirement } from '../policy/policy.ts'
import { canBeMet, idsOf, type Seats } from '../policy/quorum.ts'
import { isHeirless, isOrphaned } from './askers.ts'
import { type Change, requestersOf } from './change.ts'
import type { Lost } from './parts.ts'

/** The people (not groups) named by the rules that an open change waits under, and those who have approved it. */
export function personsNamed(change: Change): string[] {
  if (change.status !== 'pending') return []
  return [...new Set([...personsIn(change), ...change.approvals.map(({ by }) => by)])]
}

/** The people (not groups) that these rules name. */
export function personsIn(asked: Rules): string[] {
  return idsOf(partiesOf(asked)).filter((id) => !isGroup(id))
}

/** The user groups that they name. */
export function groupsNamed(change: Change): string[] {
  return change.status === 'pending' ? idsOf(partiesOf(change)).filter(isGroup) : []
}

function partiesOf(asked: Rules): Party[] {
  return rulesShown(asked).flatMap(({ parties }) => parties)
}

/** The rules that a change waits under, or an edit would. */
export type Rules = Pick<Change, 'requirement' | 'today'>

/** The rule that it was asked under, and the current policy's if that asks for more. */
export function rulesShown({ requirement, today }: Rules): Requirement[] {
  return today === null || 'forbidden' in today ? [requirement] : [requirement, today]
}

/**
 * The change as it is shown once too few people are left in the groups of its rules: `able` are the people of each
 * party of `rulesShown` who could approve it; they replace a group that can't fill its party.
 */
export function withTooFew<C extends Change>(change: C, able: readonly (readonly Seats[])[]): C {
  return { ...withWhoIsLeft(change, able), tooFew: true }
}

/**
 * True for rules, as they are shown, with too few people left: by the names in them, if they name only people, or by a
 * look-up of their groups.
 */
export function hasTooFew({ requirement: { parties }, tooFew, ...change }: Waiting): boolean {
  const seats = parties.map(({ from, quorum }) => ({ people: from, quorum }))
  return tooFew === true || !(idsOf(parties).some(isGroup) || canBeMet(seats, requestersOf(change)))
}

type Waiting = Pick<Change, 'requirement' | 'requester' | 'amenders' | 'tooFew'>

/** True for an open change, as it is shown, that waits for people when nobody, or too few of them, are left. */
export function isShortOfPeople(change: Change): boolean {
  return isHeirless(change) || (change.status === 'pending' && !isOrphaned(change) && hasTooFew(change))
}

/** The same rules, with these people in place of each party that they can't fill. */
export function withWhoIsLeft<R extends Rules>(asked: R, able: readonly (readonly Seats[])[]): R {
  const rules = rulesShown(asked).map(
    (rule, i): Requirement => ({ ...rule, parties: rule.parties.map((party, j) => whoIsLeft(party, able[i]![j]!)) }),
  )
  return { ...asked, requirement: rules[0]!, today: rules[1] ?? asked.today }
}

function whoIsLeft(party: Party, { people, quorum }: Seats): Party {
  return people.length >= quorum ? party : { ...party, from: [...people] }
}

/** The change as it is shown: without the names and approvals of people who have left. Decides nothing. */
export function withoutThem<C extends Change>(change: C, gone: readonly Lost[]): C {
  if (gone.length === 0) return change
  return { ...rulesWithoutThem(change, gone), lost: withTheirs(change, gone) }
}

/** The same rules, without their names. */
export function rulesWithoutThem<R extends Rules>(asked: R, gone: readonly Lost[]): R {
  const left = gone.map(({ by }) => by)
  const of = (rule: Requirement): Requirement => ({ ...rule, parties: rule.parties.map(still) })
  const still = ({ from, quorum }: Party): Party => ({ from: from.filter((id) => !left.includes(id)), quorum })
  const { requirement, today } = asked
  return { ...asked, requirement: of(requirement), today: today && !('forbidden' in today) ? of(today) : today }
}

function withTheirs({ approvals, lost }: Change, gone: readonly Lost[]): Change['lost'] {
  const known = lost?.approvals ?? []
  const theirs = gone.filter(
    ({ by }) => approvals.some((approval) => approval.by === by) && known.every((other) => other.by !== by),
  )
  return theirs.length === 0 ? lost : { approvals: [...known, ...theirs], why: lost?.why ?? null }
}
