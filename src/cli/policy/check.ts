import { ConfigProblems, loadPolicies, type PolicyConfig, type StackConfig } from '../../config.ts'
import { createStack } from '../../contentstack/stack.ts'
import { findToken } from '../../domain/find.ts'
import type { Policy } from '../../domain/policy.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Pointing } from '../../domain/targets.ts'
import type { Token } from '../../domain/token.ts'
import { peopleNotes, slackProblems } from '../../policy-check.ts'
import { openWebApi } from '../../slack/bolt.ts'
import { createChannels } from '../../slack/channels.ts'
import { createPeople, type SlackPeople } from '../../slack/people.ts'
import { problemsOf } from '../command.ts'
import type { TypedEdit } from '../typed-edit.ts'
import { explain } from './explain.ts'

export type PolicyOptions = TypedEdit & {
  readonly config?: string
  /** `<stack>/<token's name or uid>` */
  readonly explain?: string
  /** Who would ask: a member id. */
  readonly as?: string
}

type Say = (line: string) => void
type Around = {
  /** Gets what was found out. */
  tell: Say
  /** Gets what is wrong. */
  complain: Say
  /** The process's own unless given. */
  env?: Readonly<Record<string, string | undefined>>
}

/**
 * Says whether the policies are such as Countersign would start with, and what they come to for one edit. Resolves to
 * false when something is wrong.
 */
export async function checkPolicies(options: PolicyOptions, { tell, complain, env }: Around): Promise<boolean> {
  try {
    const config = loadPolicies(options.config, env)
    for (const line of config.stacks.map(inShort)) tell(line)
    const people = await lookUp(config, tell)
    if (options.explain !== undefined)
      for (const line of await explained(config, people, { ...options, explain: options.explain })) tell(line)
    return true
  } catch (error) {
    for (const problem of problemsOf(error, 'looked up')) complain(problem)
    return false
  }
}

function inShort({ name, policy }: StackConfig): string {
  return `${name}: ${policy.rules.map(ruleInShort).join('; ')}`
}

function ruleInShort({ name, outcome }: Policy['rules'][number]): string {
  if (outcome.kind === 'refuse') return `${name} (refused)`
  return `${name} (${outcome.parties.map(({ from, quorum }) => `${quorum} of ${from.join(', ')}`).join(' and ')})`
}

/** Looks up in Slack all that the policies name; null without a token for it. */
async function lookUp({ stacks, slack }: PolicyConfig, tell: Say): Promise<SlackPeople | null> {
  if (!slack) {
    tell('SLACK_BOT_TOKEN is not set: people, groups and channels were not looked up in Slack.')
    return null
  }
  const now = () => new Date()
  const { client, installation } = await openWebApi(slack)
  const people = createPeople({ client, installation, now })
  const problems = await slackProblems(stacks, { people, channels: createChannels({ client, now }) })
  if (problems.length > 0) throw new ConfigProblems(problems.map(({ says }) => says))
  const notes = await Promise.all(stacks.map(({ policy }) => peopleNotes(policy, people)))
  for (const note of new Set(notes.flat())) tell(note)
  tell('Slack knows all groups and channels, and every rule can be met.')
  return people
}

type Question = PolicyOptions & { readonly explain: string }

async function explained({ stacks }: PolicyConfig, people: SlackPeople | null, options: Question): Promise<string[]> {
  const [name, wanted] = splitAt(options.explain, '/')
  const stack = stacks.find((one) => one.name === name)
  if (!stack)
    throw new Refusal('not_found', `There is no stack ${name}; there are ${stacks.map((one) => one.name).join(', ')}.`)
  const { token, facts } = await lookAt(stack, wanted, options.alias !== undefined)
  const requester = options.as ?? null
  return explain({ token, facts, policy: stack.policy, edit: options, requester, people, now: () => new Date() })
}

type Found = { token: Token; facts: Pointing }

/** `pointing`: where the stack's aliases point to is wanted too. */
async function lookAt(stack: StackConfig, wanted: string, pointing: boolean): Promise<Found> {
  if (stack.authtoken === '')
    throw new Refusal(
      'unavailable',
      `The authtoken of ${stack.name} is not set: to explain, the token is read from the stack.`,
    )
  const live = createStack({ ...stack, writeTimeoutMs: 10_000 })
  const [tokens, facts] = await Promise.all([live.tokens(), pointing ? live.facts() : {}])
  const found = findToken(tokens, wanted)
  if (found.kind === 'one') return { token: found.token, facts }
  const named = found.tokens.map(({ uid, settings }) => `${settings.name} (${uid})`).join(', ')
  const said = found.kind === 'several' ? 'several tokens' : 'no token'
  throw new Refusal('not_found', `${stack.name} has ${said} called "${wanted}"${named && `; there is ${named}`}.`)
}

function splitAt(text: string, sign: string): [string, string] {
  const at = text.indexOf(sign)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
