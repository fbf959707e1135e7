import type { StackConfig } from '../config/settings.ts'
import { isGroup, type Party, type Policy } from '../domain/policy/policy.ts'
import { canBeMet, idsOf, type Seats } from '../domain/policy/quorum.ts'
import { askersIn } from '../domain/policy/when.ts'
import { missingScope } from '../slack/calls/errors.ts'
import type { Closed } from '../slack/home/home-health.ts'
import type { Channels } from '../slack/people/channels.ts'
import type { SlackPeople } from '../slack/people/people.ts'
import { enoughOf } from '../workflow/changes/enough.ts'

export type Governed = Pick<StackConfig, 'name' | 'channel' | 'policy'>
type Known = Pick<SlackPeople, 'obstacle' | 'members' | 'canonical' | 'group' | 'isSomebody'>
export type SlackKnows = { people: Known; channels: Pick<Channels, 'problem' | 'isThere'> }

/**
 * One sentence about a part of the settings that can't work, and the part itself. `closes`: the file is fine, but
 * people have left, a group is empty or a channel is archived since, so the rest goes on. Otherwise the file itself is
 * wrong.
 */
export type PolicyProblem = {
  readonly of: Closed['of']
  readonly part: string
  readonly says: string
  readonly closes: boolean
  /** The same sentence around the names of the stacks that it is about. */
  readonly about?: { readonly before: string; readonly stacks: readonly string[]; readonly after: string }
}
type OfPolicy = Pick<PolicyProblem, 'part' | 'says' | 'closes'>

/**
 * Finds what Slack knows against these settings: channels that no card may go to, and rules that nobody could meet.
 * Throws if Slack can't be asked.
 */
export async function slackProblems(
  stacks: readonly Governed[],
  { people, channels }: SlackKnows,
): Promise<PolicyProblem[]> {
  try {
    const [ofChannels, ofPeople] = await Promise.all([
      channelProblems(stacks, channels),
      peopleProblems(stacks, people),
    ])
    return [...ofChannels, ...ofPeople]
  } catch (error) {
    const lacking = lackingScope(error)
    if (lacking === null) throw error
    return [{ of: 'policy', part: lacking, says: lacking, closes: false }]
  }
}

/** Problems that keep the app from starting, apart from those it starts with anyway. */
export function sorted(problems: readonly PolicyProblem[]) {
  const [closed, mistakes] = [problems.filter(({ closes }) => closes), problems.filter(({ closes }) => !closes)]
  return { closed, mistakes: mistakes.map(({ says }) => says) }
}

/** Says what to do when a call failed for want of a scope; null for any other error. */
export function lackingScope(error: unknown): string | null {
  const scope = missingScope(error)
  return scope && `The Slack app lacks the scope ${scope}: give it the scopes of manifest.yml, and install it again.`
}

/**
 * Channels that no card may go to: they close their stacks if Slack knows the channel and another stack's channel is
 * fine. Throws if Slack can't be asked, or a scope is missing.
 */
export async function channelProblems(
  stacks: readonly Governed[],
  channels: SlackKnows['channels'],
): Promise<PolicyProblem[]> {
  const byChannel = Map.groupBy(stacks, ({ channel }) => channel)
  const looks = [...byChannel].map(async ([channel, users]) => {
    const problem = await channels.problem(channel)
    const before = `The approvals channel ${channel} of `
    const about = { before, stacks: users.map(({ name }) => name), after: ` ${problem}.` }
    return { part: `${before}${namesOf(users)}`, about, problem, isThere: await channels.isThere(channel) }
  })
  const found = await Promise.all(looks)
  const othersGoOn = found.some(({ problem }) => problem === null)
  return found.flatMap(({ part, about, problem, isThere }) =>
    problem === null
      ? []
      : [{ of: 'channel', part, says: `${part} ${problem}.`, about, closes: isThere && othersGoOn }],
  )
}

/** Groups that can't be relied on and rules that nobody could meet. Throws as channelProblems does. */
export async function peopleProblems(stacks: readonly Governed[], people: Known): Promise<PolicyProblem[]> {
  const byPolicy = Map.groupBy(stacks, ({ policy }) => policy)
  const found = [...byPolicy].map(async ([policy, users]) => {
    const problems = await Promise.all([groupProblems, askerProblems, quorumProblems].map((of) => of(policy, people)))
    const before = 'The policy of '
    const policyOf = `${before}${namesOf(users)}`
    const stacks = users.map(({ name }) => name)
    return problems.flat().map(({ part, says, closes }) => ({
      of: 'policy' as const,
      part: `${policyOf}: ${part}`,
      says: `${policyOf}: ${says}.`,
      about: { before, stacks, after: `: ${says}.` },
      closes,
    }))
  })
  return (await Promise.all(found)).flat()
}

function namesOf(stacks: readonly Governed[]): string {
  return stacks.map(({ name }) => name).join(', ')
}

/** A group that can't be looked up counts as nobody, so a rule about requesters would silently match no one. */
async function groupProblems(policy: Policy, people: Known): Promise<OfPolicy[]> {
  const named = new Map<string, string[]>()
  const name = (where: string) => (id: string) => named.set(id, [...(named.get(id) ?? []), where])
  policy.mayAsk?.forEach(name('may_ask'))
  for (const { name: rule, when, outcome } of policy.rules) {
    const parties = outcome.kind === 'ask' ? outcome.parties : []
    new Set([...askersIn(when), ...idsOf(parties)]).forEach(name(`the rule "${rule}"`))
  }
  const found = [...named]
    .filter(([id]) => isGroup(id))
    .map(async ([id, where]) => {
      const problem = await groupProblem(id, people)
      const inPlace = (text: string) => `${where.join(', ')}: ${text}`
      return problem === null ? [] : [{ ...problem, part: inPlace(problem.part), says: inPlace(problem.says) }]
    })
  return (await Promise.all(found)).flat()
}

async function groupProblem(id: string, people: Known): Promise<OfPolicy | null> {
  const group = await people.group(id)
  if (!group) return { part: `the user group ${id}`, says: `Slack knows no user group ${id}`, closes: false }
  const part = `the user group @${group.handle} (${id})`
  if (group.disabled) return { part, says: `${part} is disabled`, closes: true }
  if ((await people.members(id)).length > 0) return null
  return { part, says: `${part} is empty`, closes: true }
}

/** A list that matches nobody is a mistake, like a mistyped id: such a rule would silently match no one. */
async function askerProblems({ mayAsk, rules }: Policy, people: Known): Promise<OfPolicy[]> {
  const lists = [
    ...(mayAsk ? [{ where: 'may_ask', from: mayAsk }] : []),
    ...rules
      .map(({ name, when }) => ({ where: `the rule "${name}"`, from: askersIn(when) }))
      .filter(({ from }) => from.length > 0),
  ]
  const found = lists.map(async ({ where, from }) => {
    const named = await seatsOf({ from, quorum: 1 }, people)
    const [able] = await enoughOf([named], [], people)
    if (named.people.length === 0 || able!.people.length > 0) return []
    const says = `${where}: none of ${from.join(', ')} may ask for anything${await whoMayNot(named.people, people)}`
    return [{ part: where, says, closes: await couldBeMet([{ from, quorum: 1 }], people) }]
  })
  return (await Promise.all(found)).flat()
}

/** The rest are counted. */
const mostNamed = 5

/** Names those who may not, and why, as the rest of a sentence. */
async function whoMayNot(of: readonly string[], people: Pick<Known, 'obstacle'>): Promise<string> {
  const found = await Promise.all([...new Set(of)].map(async (id) => ({ id, why: await people.obstacle(id) })))
  const reasons = Map.groupBy(found, ({ why }) => why)
  reasons.delete(null)
  return [...reasons].map(([why, those]) => `; ${namesIn(those)} may not, because ${why}`).join('')
}

function namesIn(those: readonly { readonly id: string }[]): string {
  const more = those.length - mostNamed
  const named = those.slice(0, mostNamed).map(({ id }) => id)
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ')
}

async function quorumProblems(policy: Policy, people: Known): Promise<OfPolicy[]> {
  const found = policy.rules.map(async ({ name, outcome }) => {
    if (outcome.kind !== 'ask') return []
    const wanted = outcome.parties.reduce((sum, { quorum }) => sum + quorum, 0)
    const named = await Promise.all(outcome.parties.map((party) => seatsOf(party, people)))
    const seats = await enoughOf(named, [], people)
    if (canBeMet(seats, [])) return []
    const able = new Set(seats.flatMap((party) => party.people)).size
    const approvals = wanted === 1 ? '1 approval' : `${wanted} approvals by different people`
    const part = `the rule "${name}"`
    const wants = `${part} wants ${approvals}, but`
    const closes = await couldBeMet(outcome.parties, people)
    const same = closes ? [] : await onePerson(idsOf(outcome.parties), people)
    const all = named.flatMap((party) => party.people)
    const why =
      same.length > 0 ? same.join('; ') : `only ${able} of those it names may give one${await whoMayNot(all, people)}`
    return [{ part, says: `${wants} ${why}`, closes }]
  })
  return (await Promise.all(found)).flat()
}

/** True if enough people are named, wherever they are now. The file never says who is in a group. */
async function couldBeMet(parties: readonly Party[], people: Known): Promise<boolean> {
  const ids = idsOf(parties)
  if (ids.some(isGroup)) return true
  const known = new Map(await Promise.all(ids.map(async (id) => [id, await people.canonical(id)] as const)))
  const nobody = await Promise.all(ids.map(async (id) => ((await people.isSomebody(id)) ? [] : [known.get(id)!])))
  return canBeMet(
    parties.map(({ from, quorum }) => ({ people: from.map((id) => known.get(id)!), quorum })),
    nobody.flat(),
  )
}

/** Says which of these ids belong to one person. */
async function onePerson(ids: readonly string[], people: Known): Promise<string[]> {
  const persons = ids.filter((id) => !isGroup(id))
  const known = await Promise.all(persons.map(async (id) => ({ id, person: await people.canonical(id) })))
  return [...Map.groupBy(known, ({ person }) => person).values()]
    .filter((same) => same.length > 1)
    .map((same) => `${same.map(({ id }) => id).join(' and ')} are one person`)
}

async function seatsOf({ from, quorum }: Party, people: Known): Promise<Seats> {
  const members = await Promise.all(
    from.map(async (id) => (isGroup(id) ? people.members(id) : [await people.canonical(id)])),
  )
  return { people: members.flat(), quorum }
}

/** Every person and group that a policy names, once. */
export function namedIn({ mayAsk, rules }: Policy): string[] {
  const ids = rules.flatMap(({ when, outcome }) => [
    ...askersIn(when),
    ...(outcome.kind === 'ask' ? idsOf(outcome.parties) : []),
  ])
  return [...new Set([...(mayAsk ?? []), ...ids])]
}

/**
 * People whom a policy names one by one and who may do nothing here, since they left, for example: worth a note, not an
 * error.
 */
export async function peopleNotes(policy: Policy, people: Known): Promise<string[]> {
  const persons = namedIn(policy).filter((id) => !isGroup(id))
  const found = persons.map(async (id) => {
    const obstacle = await people.obstacle(id)
    return obstacle === null ? [] : [`${id} is named but has no effect: ${obstacle}.`]
  })
  return (await Promise.all(found)).flat()
}
