import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { appFromManifest } from '../../src/cli/demo/demo.ts'
import { defaultPeople } from '../../src/sandbox/slack/people.ts'
import type { EmulatedSlack, PersonSpec } from '../../src/sandbox/slack/protocol.ts'
import { startSlack } from '../../src/sandbox/slack/slack.ts'
import { exampleTokens } from '../../src/sandbox/stack/example-tokens.ts'
import { type EmulatedStack, startStack } from '../../src/sandbox/stack/stack.ts'
import { bob, carol } from '../support/world.ts'
import { type Environment, type Program, type Running, run } from './programs.ts'

/** One app and its own emulated Slack, with the same emulation on each side. */
export type Side = {
  readonly slack: EmulatedSlack
  start(): Promise<Running>
  /** Stop the app first. */
  close(): Promise<void>
}

export type OurSide = Side & { readonly stack: EmulatedStack; readonly database: string }

/**
 * Many people, who take turns or work at once: nobody makes the app look at Contentstack more than 30 times a minute.
 */
export const crowd: readonly PersonSpec[] = Array.from({ length: 60 }, (_, i) => ({
  id: `U0CROWD${String(i).padStart(3, '0')}`,
  name: `crowd-${i}`,
  realName: `Member ${i}`,
}))

/** The person whose turn it is in this round. */
export function oneOfCrowd(round: number): string {
  return crowd[round % crowd.length]!.id
}

/** Bob and Carol, for every change. */
const bothApprove = { approvers: [bob, carol], approvals: 2 }

/** The channel of the cards. */
const approvals = 'C0APPROVALS'

export async function bareSide(program: Program, env: Environment = {}): Promise<Side> {
  const slack = await openSlack()
  return {
    slack,
    start: () => run(program, { ...slackSettings(slack), ...env }),
    close: () => slack.stop(),
  }
}

/** How many of a side's tokens go into one stack. */
const mostInOneStack = 3000

/**
 * The app with its usual settings, except for two approvals to a change and unlimited requests to the stack. The stack
 * has that many extra tokens; those beyond `mostInOneStack` are in others.
 */
export async function ourSide(
  program: Program,
  folder: string,
  tokens: number,
  database = join(folder, 'countersign.db'),
): Promise<OurSide> {
  mkdirSync(folder, { recursive: true })
  const slack = await openSlack()
  const many = manyTokens(tokens)
  const [stack, ...others] = await Promise.all(
    Array.from({ length: Math.max(1, Math.ceil(tokens / mostInOneStack)) }, (_, i) => {
      const its = many.slice(i * mostInOneStack, (i + 1) * mostInOneStack)
      return i === 0
        ? startStack({ tokens: [...exampleTokens(), ...its] })
        : startStack({ tokens: its, apiKey: keyOf(i) })
    }),
  )
  const stacks = [stack!, ...others]
  const env = {
    ...slackSettings(slack),
    CONTENTSTACK_AUTHTOKEN: stack!.authtoken,
    COUNTERSIGN_CONFIG: writeSettings(stacks, folder),
    COUNTERSIGN_DB: database,
  }
  return {
    slack,
    stack: stack!,
    database,
    start: () => run(program, env),
    close: async () => {
      await slack.stop()
      for (const each of stacks) await each.stop()
    },
  }
}

function keyOf(stack: number): string {
  return `blt5c1de0000bench${stack}`
}

/** Its clock has fractions of a millisecond, to measure the time from a delivery to a call. */
function openSlack(): Promise<EmulatedSlack> {
  const now = () => performance.timeOrigin + performance.now()
  return startSlack({ app: appFromManifest(), now, people: [...defaultPeople, ...crowd] })
}

/** The start of the many tokens' names. */
export const oneOfMany = 'deploy-'

function manyTokens(count: number) {
  const [likeThis] = exampleTokens()
  const number = (i: number) => String(i).padStart(4, '0')
  return Array.from({ length: count }, (_, i) => ({
    ...likeThis!,
    uid: `blt5c1de0000bench${number(i)}`,
    name: `${oneOfMany}${number(i)}`,
  }))
}

function slackSettings(slack: EmulatedSlack) {
  return { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken, SLACK_API_URL: `${slack.url}/api/` }
}

function writeSettings(stacks: readonly EmulatedStack[], folder: string): string {
  const path = join(folder, 'countersign.yaml')
  const settings = stacks.map(({ apiKey, url }, i) => {
    const name = i === 0 ? 'website' : `website-${i}`
    return { name, api_key: apiKey, base_url: url, requests_per_second: 1000, ...bothApprove }
  })
  writeFileSync(path, stringify({ channel: approvals, stacks: settings }))
  return path
}
