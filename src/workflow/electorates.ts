import type { Change } from '../domain/change.ts'
import { type Electorate, whoCanStillDecide } from '../domain/electorate.ts'
import { isProtected, type Party, type Policy, type Requirement, type Ruling, ruleFor } from '../domain/policy.ts'
import { policyDigest } from '../domain/policy-digest.ts'
import { idsOf, type Seats } from '../domain/quorum.ts'
import { Refusal } from '../domain/refusal.ts'
import { sealOf } from '../domain/seal.ts'
import type { Settings } from '../domain/token.ts'
import type { People } from '../ports.ts'
import { enoughOf } from './enough.ts'
import { refusingOutages } from './outages.ts'

type Deps = { people: People; policyFor: (stack: string) => Policy; now: () => Date }

/** An edit that somebody asks for, before it is a change. */
export type Edit = {
  readonly stack: string
  readonly tokenUid: string
  readonly requester: string
  /** The operator who types it in for the requester. */
  readonly enteredBy?: string | undefined
  readonly before: Settings
  readonly after: Settings
}

export type Electorates = ReturnType<typeof createElectorates>

/** Looks up, live, which rule an edit meets and who may decide on it. Whatever can't be looked up means no. */
export function createElectorates({ people: directory, policyFor, now }: Deps) {
  const people = refusingOutages(directory)
  return { requireMember, requirementFor, rulingOfNow, forEdit, forChange, toRemind }

  /** Throws a Refusal for whoever may do nothing here, and what the look-up throws when it fails. */
  async function requireMember(person: string): Promise<void> {
    const obstacle = await directory.obstacle(person)
    if (obstacle !== null) throw new Refusal('not_allowed', `This is not for you: ${obstacle}. Nothing was done.`)
  }

  /** The rule that an edit meets today. Throws a Refusal when it may not be asked for. */
  async function requirementFor(edit: Edit): Promise<Requirement> {
    const policy = policyFor(edit.stack)
    await requireAsker(policy, edit)
    const ruling = await rulingOn(edit)
    if ('forbidden' in ruling) throw new Refusal('not_allowed', `${ruling.forbidden} Nothing was sent.`)
    return ruling
  }

  /** What the policy of now says of a change; null when it is the very policy that it was asked under. */
  async function rulingOfNow(change: Change): Promise<Ruling | null> {
    const isTheSame = change.requirement.policy === policyDigest(policyFor(change.stack))
    return isTheSame ? null : rulingOn(change)
  }

  /** Who could decide on an edit of these askers under `requirement`: enough of them to tell whether it can be met. */
  async function forEdit(requirement: Requirement, askers: readonly string[]): Promise<Electorate> {
    const { rule, parties } = await demandOf(requirement)
    const demands = [{ rule, parties: await enoughOf(parties, askers, people) }]
    return { seal: null, demands, barred: {}, forbidden: null }
  }

  /** Who may decide on a change now: under the rule that it was asked under, and under the one it would meet today. */
  async function forChange(change: Change, actor?: string): Promise<Electorate> {
    const today = await rulingOn(change)
    const rules = 'forbidden' in today || sameParties(today, change.requirement) ? [] : [today]
    const demands = await Promise.all([change.requirement, ...rules].map(demandOf))
    const concerned = new Set([...change.approvals.map(({ by }) => by), ...(actor ? [actor] : [])])
    const forbidden = 'forbidden' in today ? today.forbidden : null
    return { seal: sealOf(change), demands, barred: await barred([...concerned]), forbidden }
  }

  /**
   * Whom a reminder of this change calls: those who can decide on it now and have not. A user group is called as such when
   * that goes for everybody in it, and else those of it for whom it does.
   */
  async function toRemind(change: Change): Promise<string[]> {
    const electorate = await forChange(change)
    const named = electorate.demands.flatMap(({ parties }) => parties.flatMap(({ people }) => people))
    const able = whoCanStillDecide(change, { ...electorate, barred: await barred([...new Set(named)]) })
    const today = await rulingOn(change)
    const parties = [...change.requirement.parties, ...('forbidden' in today ? [] : today.parties)]
    const groups = await groupsOf(able, idsOf(parties).filter(isGroup))
    const called = new Set(groups.flatMap(({ people }) => people))
    return [...groups.map(({ id }) => id), ...able.filter((person) => !called.has(person))]
  }

  /** The groups that have people, and only of these. */
  async function groupsOf(able: readonly string[], ids: readonly string[]) {
    const groups = await Promise.all(ids.map(async (id) => ({ id, people: await people.members(id) })))
    return groups.filter(({ people }) => people.length > 0 && people.every((person) => able.includes(person)))
  }

  async function requireAsker(policy: Policy, { requester }: Edit): Promise<void> {
    if (policy.mayAsk !== null && !(await idsAmong(requester, policy.mayAsk)).length)
      throw new Refusal(
        'not_allowed',
        'You are not among those who may ask for changes on this stack. Nothing was sent; ask whoever runs Countersign who may.',
      )
  }

  async function rulingOn(edit: Edit): Promise<Ruling> {
    const policy = policyFor(edit.stack)
    if (isProtected(policy, edit.tokenUid, edit.before))
      return { forbidden: 'This token is protected: nobody can change it here.' }
    const named = policy.rules.flatMap((rule) => rule.when.requester ?? [])
    const empty = await emptyGroup(named)
    if (empty)
      return {
        forbidden: `The policy asks who is in the user group ${empty}, which is empty or disabled, so nobody can say which rule fits: ask whoever runs Countersign.`,
      }
    const requesterIs = await idsAmong(edit.requester, named)
    const rule = ruleFor(policy, { ...edit, requesterIs, now: now() })
    if (!rule)
      return {
        forbidden: 'No rule of the policy fits this change, so nobody may approve it: ask whoever runs Countersign.',
      }
    const { name, outcome } = rule
    if (outcome.kind === 'refuse') return { forbidden: `The policy forbids it (${name}): ${outcome.because}` }
    return { rule: name, parties: outcome.parties, confirm: outcome.confirm, policy: policyDigest(policy) }
  }

  /** A rule about the people of a group would silently stop to fit once the group has none. */
  async function emptyGroup(ids: readonly string[]): Promise<string | undefined> {
    const groups = [...new Set(ids)].filter(isGroup)
    const sizes = await Promise.all(groups.map(async (id) => (await people.members(id)).length))
    return groups.find((_, i) => sizes[i] === 0)
  }

  /** Which of these ids a person is: their own, and those of the user groups they are in. */
  async function idsAmong(person: string, ids: readonly string[]): Promise<string[]> {
    const found = await Promise.all(
      [...new Set(ids)].map(async (id) =>
        id === person || (isGroup(id) && (await people.members(id)).includes(person)) ? [id] : [],
      ),
    )
    return found.flat()
  }

  async function demandOf({ rule, parties }: Requirement): Promise<Electorate['demands'][number]> {
    return { rule, parties: await Promise.all(parties.map(seatsOf)) }
  }

  async function seatsOf({ from, quorum }: Party): Promise<Seats> {
    const found = await Promise.all(from.map(async (id) => (isGroup(id) ? people.members(id) : [id])))
    return { people: [...new Set(found.flat())], quorum }
  }

  async function barred(persons: readonly string[]): Promise<Record<string, string>> {
    const found = await Promise.all(persons.map(async (person) => [person, await people.obstacle(person)] as const))
    return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== null))
  }
}

function isGroup(id: string): boolean {
  return id.startsWith('S')
}

function sameParties(a: Requirement, b: Requirement): boolean {
  return JSON.stringify(a.parties) === JSON.stringify(b.parties)
}
