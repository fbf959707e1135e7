import { peopleNotes, slackProblems } from '../../app/preflight.ts'
import { loadPolicies, type PolicyConfig } from '../../config/config.ts'
import { ConfigProblems, type StackConfig } from '../../config/settings.ts'
import type { Policy } from '../../domain/policy/policy.ts'
import { Refusal } from '../../domain/refusal.ts'
import { findToken } from '../../domain/token/find.ts'
import type { Pointing } from '../../domain/token/targets.ts'
import type { Token } from '../../domain/token/token.ts'
import { openWebApi } from '../../slack/calls/web-api.ts'
import { createChannels } from '../../slack/people/channels.ts'
import { createPeople, type SlackPeople } from '../../slack/people/people.ts'
import { command, type Here } from '../command.ts'
import { splitStack } from '../pick-token.ts'
import { stackOf } from '../stacks.ts'
import type { Terminal } from '../terminal.ts'
import type { TypedEdit } from '../typed-edit.ts'
import { explain } from './explain.ts'

export type PolicyOptions = TypedEdit & {
  readonly config?: string
  /** `<stack>/<token's name or uid>` */
  readonly explain?: string
  /** The member id of the requester. */
  readonly as?: string
}

/**
 * `policy check`: says whether Countersign would start with these policies, and how they rule on one edit. Ends with 1
 * if something is wrong.
 */
export function checkPolicies(options: PolicyOptions, terminal: Terminal): Promise<number> {
  return command(terminal, (here) => check(options, here), { nothingWas: 'looked up' })
}

async function check(options: PolicyOptions, { env, tell, now }: Here): Promise<void> {
  const config = loadPolicies(options.config, env)
  for (const line of config.stacks.map(inShort)) tell(line)
  const people = await lookUp(config, { tell, now })
  if (options.explain === undefined) return
  for (const line of await explained(config, people, { ...options, explain: options.explain }, now)) tell(line)
}

function inShort({ name, policy }: StackConfig): string {
  return `${name}: ${policy.rules.map(ruleInShort).join('; ')}`
}

function ruleInShort({ name, outcome }: Policy['rules'][number]): string {
  if (outcome.kind === 'refuse') return `${name} (refused)`
  return `${name} (${outcome.parties.map(({ from, quorum }) => `${quorum} of ${from.join(', ')}`).join(' and ')})`
}

/** Looks up in Slack everything that the policies name; null without a token for it. */
async function lookUp(
  { stacks, slack }: PolicyConfig,
  { tell, now }: Pick<Here, 'tell' | 'now'>,
): Promise<SlackPeople | null> {
  if (!slack) {
    tell('There is no SLACK_BOT_TOKEN yet: people, groups and channels were not looked up in Slack.')
    return null
  }
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

async function explained(
  { stacks }: PolicyConfig,
  people: SlackPeople | null,
  options: Question,
  now: Here['now'],
): Promise<string[]> {
  const { stack: name, name: wanted } = stackAndToken(options.explain)
  const stack = stacks.find((one) => one.name === name)
  if (!stack)
    throw new Refusal('not_found', `There is no stack ${name}; there are ${stacks.map((one) => one.name).join(', ')}.`)
  const { token, facts } = await lookAt(stack, wanted, options.alias !== undefined)
  const requester = options.as ?? null
  return explain({ token, facts, policy: stack.policy, edit: options, requester, people, now })
}

type Found = { token: Token; facts: Pointing }

/** `pointing`: also finds where the stack's aliases point. */
async function lookAt(stack: StackConfig, wanted: string, pointing: boolean): Promise<Found> {
  if (stack.authtoken === '' && !stack.oauth)
    throw new Refusal(
      'unavailable',
      `The authtoken of ${stack.name} is not set, but --explain has to read the token from the stack.`,
    )
  const live = stackOf(stack)
  const [tokens, facts] = await Promise.all([live.tokens(), pointing ? live.facts() : {}])
  const found = findToken(tokens, wanted)
  if (found.kind === 'one') return { token: found.token, facts }
  const named = found.tokens.map(({ uid, settings }) => `${settings.name} (${uid})`).join(', ')
  const said = found.kind === 'several' ? 'several tokens' : 'no token'
  throw new Refusal('not_found', `${stack.name} has ${said} called "${wanted}"${named && `; there is ${named}`}.`)
}

/** A text without a slash is taken for a stack. */
function stackAndToken(typed: string): ReturnType<typeof splitStack> {
  return typed.includes('/') ? splitStack(typed) : { stack: typed, name: '' }
}
