import { askersOf, type Change, requestersOf } from '../../domain/change/change.ts'
import type { Edit } from '../../domain/change/edit.ts'
import { type Electorate, whoCanStillDecide } from '../../domain/change/electorate.ts'
import type { Lost } from '../../domain/change/parts.ts'
import { sealOf } from '../../domain/change/seal.ts'
import { policyDigest } from '../../domain/policy/digest.ts'
import {
  asksTheSame,
  isGroup,
  type Party,
  type Policy,
  type Requirement,
  type Ruling,
} from '../../domain/policy/policy.ts'
import { idsOf, type Seats } from '../../domain/policy/quorum.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Called } from '../../ports/chat.ts'
import type { People } from '../../ports/people.ts'
import { enoughOf } from './enough.ts'
import { refusingOutages } from './outages.ts'
import { createRulings } from './rulings.ts'

type Deps = {
  people: People
  policyFor: (stack: string) => Policy
  /** The configuration's name for a stack; the log's name unless given. */
  nameFor?: (stack: string) => string
  /** The same edit, with where its aliases are known to point, if it does not say so itself. */
  pointing?: (edit: Edit) => Promise<Edit>
  now: () => Date
}

/** An edit, with its requesters and the rule it was asked under. */
type Asked = Edit & Pick<Change, 'requirement' | 'amenders'>

export type Electorates = ReturnType<typeof createElectorates>

/** Looks up, live, which rule an edit meets and who may decide on it. Whatever can't be looked up means no. */
export function createElectorates({
  people: directory,
  policyFor,
  nameFor = (stack) => stack,
  pointing = async (edit) => edit,
  now,
}: Deps) {
  const people = refusingOutages(directory)
  const {
    requireAsker,
    mayAsk,
    mayEdit,
    isApprover,
    refusing,
    rulingOn: rulingOnAsIs,
  } = createRulings({ people, policyFor, nameFor, now })
  return {
    requireMember,
    requireAsker,
    mayAsk,
    isApprover,
    refusing,
    canonical: people.canonical,
    askerAs,
    askedBy,
    requirementFor,
    rulingOfNow,
    forEdit,
    forChange,
    inFull,
    toRemind,
  }

  /** Throws a Refusal for people who may do nothing here, and the look-up's error if it fails. */
  async function requireMember(person: string): Promise<void> {
    const obstacle = await directory.obstacle(person)
    if (obstacle !== null) throw new Refusal('not_allowed', `This is not for you: ${obstacle}. Nothing was done.`)
  }

  /**
   * The id by which a change knows one of its requesters, perhaps from before Slack gave them another; or their own.
   */
  async function askerAs(change: Change, person: string): Promise<string> {
    const askers = askersOf(change)
    if (askers.includes(person)) return person
    const known = await people.canonical(person)
    const ids = await otherIds(askers)
    return askers.find((asker) => ids[asker] === known) ?? person
  }

  /** The changes that somebody asks for, under any of their ids. */
  async function askedBy<T extends { readonly change: Change }>(person: string, of: readonly T[]): Promise<T[]> {
    const others = of.map(({ change }) => change.requester).filter((requester) => requester !== person)
    const [known, ids] = await Promise.all([people.canonical(person), otherIds(others)])
    return of.filter(({ change: { requester } }) => requester === person || (ids[requester] ?? requester) === known)
  }

  /** Where an alias points may have become known since, and a rule may ask about that. */
  async function rulingOn(edit: Edit): Promise<Ruling> {
    return rulingOnAsIs(await pointing(edit))
  }

  /** The rule that an edit meets today. Throws a Refusal if it may not be asked for, which says what is `undone`. */
  async function requirementFor(edit: Edit, undone: string = nothingSent): Promise<Requirement> {
    await requireAsker(edit, undone)
    const ruling = await rulingOn(edit)
    if ('forbidden' in ruling) throw new Refusal('not_allowed', `${ruling.forbidden} ${undone}.`)
    return ruling
  }

  /**
   * The current policy's demand on top of the rule that a change was asked under; null if none. The policy can be a
   * different one by now, and whoever edited the change counts as a requester too, whom another rule may fit first.
   */
  async function rulingOfNow(asked: Asked): Promise<Ruling | null> {
    const isTheSame = asked.requirement.policy === policyDigest(policyFor(asked.stack))
    const rulings = await rulingsFor(isTheSame ? asked.amenders : askersOf(asked), asked)
    const others = rulings.filter((ruling) => !asksTheSame(ruling, asked.requirement))
    return others.find((ruling) => 'forbidden' in ruling) ?? others[0] ?? null
  }

  /**
   * Who could decide on an edit of these askers under all of `rules`: enough people to tell if the rules can be met.
   */
  async function forEdit(rules: readonly Requirement[], askers: readonly string[]): Promise<Electorate> {
    const demands = rules.map(async (requirement) => {
      const { rule, parties } = await demandOf(requirement)
      return { rule, parties: await enoughOf(parties, askers, people) }
    })
    return { seal: null, demands: await Promise.all(demands), barred: {}, ...nothingElse }
  }

  /**
   * Who may decide on a change now: under the rule that it was asked under, and under those it would meet today. What
   * is surely needed is looked up at once, since whoever acts waits for each answer of Slack's.
   */
  async function forChange(change: Change, actor?: string): Promise<Electorate> {
    const demand = demandOf(change.requirement)
    const [{ rules, forbidden }, barredAskers] = await Promise.all([rulesOn(change), askersBarred(change), demand])
    const demands = await Promise.all(rules.map((rule) => (rule === change.requirement ? demand : demandOf(rule))))
    const concerned = new Set([...change.approvals.map(({ by }) => by), ...(actor ? [actor] : [])])
    const confirm = rules.some((rule) => rule.confirm)
    const ids = await otherIds([...requestersOf(change), ...concerned, ...idsOf(change.requirement.parties)])
    return {
      ids,
      seal: sealOf(change),
      demands,
      barred: await barred([...concerned]),
      confirm,
      barredAskers,
      forbidden,
    }
  }

  /** Like `forChange`, with what stops each person who is named: more to look up. */
  async function inFull(change: Change): Promise<Electorate> {
    const electorate = await forChange(change)
    const named = electorate.demands.flatMap(({ parties }) => parties.flatMap(({ people }) => people))
    return { ...electorate, barred: await barred([...new Set(named)]) }
  }

  /**
   * The people a reminder of this change calls: those who can decide on it now and have not. A user group is called as
   * a whole if everybody in it can, otherwise those in it who can.
   */
  async function toRemind(change: Change): Promise<Called> {
    const able = whoCanStillDecide(change, await inFull(change))
    const { rules } = await rulesOn(change)
    const parties = rules.flatMap(({ parties }) => parties)
    const all = await groupsOf([...new Set(idsOf(parties).filter(isGroup))])
    const groups = all.filter(({ people }) => people.length > 0 && people.every((person) => able.includes(person)))
    const called = new Set(groups.flatMap(({ people }) => people))
    const others = all.filter((group) => !groups.includes(group))
    return {
      ids: [...groups.map(({ id }) => id), ...able.filter((person) => !called.has(person))],
      inGroups: Object.fromEntries(others.map(({ id, people }) => [id, people.filter((one) => able.includes(one))])),
    }
  }

  async function otherIds(persons: readonly string[]): Promise<Record<string, string>> {
    const each = [...new Set(persons)].filter((id) => !isGroup(id))
    const found = await Promise.all(each.map(async (person) => [person, await people.canonical(person)] as const))
    return Object.fromEntries(found.filter(([person, known]) => person !== known))
  }

  /**
   * Those who ask for it and may no longer ask. Whoever edited it did so as one who may ask, or who may decide on
   * changes of this stack, and must still be one of them.
   */
  async function askersBarred({ requester, amenders, stack }: Change): Promise<Lost[]> {
    const found = await Promise.all([
      whyNot(requester, () => mayAsk(stack, requester)),
      ...amenders.map((person) => whyNot(person, () => mayEdit(stack, person))),
    ])
    return found.flat()
  }

  async function whyNot(by: string, may: () => Promise<boolean>): Promise<Lost[]> {
    const why = (await people.obstacle(by)) ?? ((await may()) ? null : notAmongAskers)
    return why === null ? [] : [{ by, why }]
  }

  async function groupsOf(ids: readonly string[]) {
    return Promise.all(ids.map(async (id) => ({ id, people: await people.members(id) })))
  }

  /** The rule that it was asked under, and each other that it would meet today, for any of its askers. */
  async function rulesOn(change: Change): Promise<{ rules: Requirement[]; forbidden: string | null }> {
    const rules = [change.requirement]
    let forbidden: string | null = null
    for (const ruling of await rulingsFor(askersOf(change), change))
      if ('forbidden' in ruling) forbidden ??= ruling.forbidden
      else if (!rules.some((rule) => asksTheSame(rule, ruling))) rules.push(ruling)
    return { rules, forbidden }
  }

  function rulingsFor(askers: readonly string[], edit: Omit<Edit, 'requester'>): Promise<Ruling[]> {
    return Promise.all(askers.map((requester) => rulingOn({ ...edit, requester })))
  }

  async function demandOf({ rule, parties }: Requirement): Promise<Electorate['demands'][number]> {
    return { rule, parties: await Promise.all(parties.map(seatsOf)) }
  }

  async function seatsOf({ from, quorum }: Party): Promise<Seats> {
    const found = await Promise.all(
      from.map(async (id) => (isGroup(id) ? people.members(id) : [await people.canonical(id)])),
    )
    return { people: [...new Set(found.flat())], quorum }
  }

  async function barred(persons: readonly string[]): Promise<Record<string, string>> {
    const found = await Promise.all(persons.map(async (person) => [person, await people.obstacle(person)] as const))
    return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== null))
  }
}

export const nothingSent = 'Nothing was sent'

/** Stops nobody while an edit is not a change yet. */
const nothingElse = { confirm: false, barredAskers: [], forbidden: null } as const

const notAmongAskers = 'they are not among those who may ask for changes on this stack'
