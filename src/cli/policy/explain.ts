import { canEverBeMet } from '../../domain/change/electorate.ts'
import { isGroup, type Party, type Policy, type Requirement } from '../../domain/policy/policy.ts'
import { reasonsOf } from '../../domain/policy/reasons.ts'
import { askersIn } from '../../domain/policy/when.ts'
import { effectsOf, verdictOf } from '../../domain/policy/widening.ts'
import { Refusal } from '../../domain/refusal.ts'
import { same } from '../../domain/token/diff.ts'
import { type Pointing, pointing } from '../../domain/token/targets.ts'
import type { Token } from '../../domain/token/token.ts'
import type { SlackPeople } from '../../slack/people/people.ts'
import { createElectorates } from '../../workflow/changes/electorates.ts'
import { edited, type TypedEdit } from '../typed-edit.ts'

type Known = Pick<SlackPeople, 'obstacle' | 'members' | 'canonical' | 'group' | 'nameOf'>
type Asked = {
  token: Token
  /** The branches that the stack's aliases point to. */
  facts: Pointing
  policy: Policy
  edit: TypedEdit
  /** The requester's member id; null for somebody the policy does not name. */
  requester: string | null
  /** Null if Slack can't be asked. */
  people: Known | null
  now: () => Date
}

/**
 * Explains which rule an edit would meet, and who could decide, in lines of text. Throws a Refusal for an edit that
 * can't be read.
 */
export async function explain(asked: Asked): Promise<string[]> {
  const { token, facts, edit, requester, people } = asked
  const { before, after } = pointing({ before: token.settings, after: edited(token.settings, edit) }, facts)
  if (same(before, after)) return ['Nothing would change: say what to edit, as with --grant entry=write.']
  const effects = effectsOf(before, after, asked.now().toISOString())
  const why = reasonsOf(effects).join('; ')
  const asker = requester === null ? 'somebody the policy does not name' : await nameOf(requester, people)
  return [
    `${token.stack}/${token.settings.name}, asked for by ${asker}`,
    `  Verdict: ${verdictOf(effects)}${why && `: ${why}`}.`,
    ...(await ruling(asked, { before, after })).map((line) => `  ${line}`),
  ]
}

type Sides = { before: Token['settings']; after: Token['settings'] }

async function ruling({ token, policy, requester, people, now }: Asked, sides: Sides): Promise<string[]> {
  const unknown = people || requester === null ? [] : groupsAround(policy, requester)
  if (unknown.length > 0)
    return [`Which rule it meets depends on who is in ${unknown.join(', ')}: set SLACK_BOT_TOKEN to look that up.`]
  const judged = requester === null ? { ...policy, mayAsk: null } : policy
  const electorates = createElectorates({ people: people ?? strangers, policyFor: () => judged, now })
  try {
    if (requester !== null) await electorates.requireMember(requester)
    const requirement = await electorates.requirementFor({
      stack: token.stack,
      tokenUid: token.uid,
      requester: requester ?? '',
      ...sides,
    })
    const words = await inWords(requirement, requester, people)
    if (!people) return words
    const electorate = await electorates.forEdit([requirement], requester === null ? [] : [requester])
    return canEverBeMet({ requester: requester ?? '', amenders: [] }, electorate) ? words : [...words, tooFew]
  } catch (error) {
    if (error instanceof Refusal) return [`Refused: ${error.message}`]
    throw error
  }
}

const tooFew = "Too few of them may decide, so it can't be sent for approval."

/** The user groups whose members matter when this person asks: those in the rules, and those that may ask. */
function groupsAround({ mayAsk, rules }: Policy, requester: string): string[] {
  const named = rules.flatMap(({ when }) => askersIn(when))
  const asking = mayAsk === null || mayAsk.includes(requester) ? [] : mayAsk
  return [...new Set([...asking, ...named])].filter(isGroup)
}

/** Without Slack, every group counts as having one member, who is not the requester. */
const strangers = {
  obstacle: async () => null,
  members: async () => ['somebody'],
  canonical: async (id: string) => id,
}

async function inWords(requirement: Requirement, requester: string | null, people: Known | null): Promise<string[]> {
  const { rule, parties, confirm } = requirement
  const wanted = parties.reduce((sum, { quorum }) => sum + quorum, 0)
  const lines = await Promise.all(parties.map((party) => partyInWords(party, requester, people)))
  return [
    `Rule: ${rule}`,
    `Needs ${wanted} approval${wanted === 1 ? '' : 's by different people'}, not counting whoever asks:`,
    ...lines.map((line) => `  - ${line}`),
    ...(confirm ? ["Whoever approves is asked to type the token's name."] : []),
  ]
}

async function partyInWords({ from, quorum }: Party, requester: string | null, people: Known | null): Promise<string> {
  const named = await Promise.all(from.map((id) => idInWords(id, requester, people)))
  return `${quorum} of ${named.join(' or ')}`
}

async function idInWords(id: string, requester: string | null, people: Known | null): Promise<string> {
  if (!people) return id
  if (!isGroup(id)) return deciderInWords(id, requester, people)
  const [group, members] = await Promise.all([people.group(id), people.members(id)])
  const deciders = await Promise.all(members.map((person) => deciderInWords(person, requester, people)))
  return `@${group?.handle ?? id} (${deciders.join(', ') || 'nobody'})`
}

async function deciderInWords(id: string, requester: string | null, people: Known): Promise<string> {
  const name = await people.nameOf(id)
  if (id === requester) return `${name}, who asks and so may not decide`
  const obstacle = await people.obstacle(id)
  return obstacle === null ? name : `${name}, who does not count: ${obstacle}`
}

async function nameOf(id: string, people: Known | null): Promise<string> {
  return people ? people.nameOf(id) : id
}
