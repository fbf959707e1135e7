import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { baseUrlOf, regionNames } from './contentstack/regions.ts'
import type { Policy } from './domain/policy.ts'
import type { Transport } from './slack/bolt.ts'
import type { Timing } from './workflow/apply.ts'

export type StackConfig = {
  readonly name: string
  readonly apiKey: string
  readonly baseUrl: string
  readonly authtoken: string
  /** Where this stack's cards are posted. */
  readonly channel: string
  readonly policy: Policy
  /** How many requests this app sends to the stack at most: the organisation's allowance is shared with everyone. */
  readonly requestsPerSecond: number
  /** Dotted paths of the rate-limit fields in a token; null leaves rate limits alone. */
  readonly rateLimitFields: { readonly enabled: string; readonly read: string; readonly write: string } | null
}

export type Config = {
  readonly slack: { readonly botToken: string; readonly apiUrl: string | null; readonly transport: Transport }
  readonly database: string
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  readonly stacks: readonly StackConfig[]
  /** Milliseconds; `sweep` is how often unfinished changes are looked for. */
  readonly timing: Timing & { readonly sweep: number }
}

/** Everything that is wrong with the settings, each with what to do. */
export class ConfigProblems extends Error {
  override name = 'ConfigProblems'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`Countersign can't start with these settings:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

type Environment = Readonly<Record<string, string | undefined>>

const defaultAuthtoken = 'CONTENTSTACK_AUTHTOKEN'
const seconds = z.number().positive()
const stackFile = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'use a short name of lower-case letters, digits and hyphens'),
  api_key: z.string().min(1),
  region: z.enum(regionNames).optional(),
  base_url: z.url().optional(),
  authtoken_env: z.string().default(defaultAuthtoken),
  channel: z.string().optional(),
  approvers: z.array(z.string().regex(/^[UW][A-Z0-9]+$/, 'use a Slack member id, such as U012AB3CD')).min(1),
  approvals: z.int().positive().default(1),
  requests_per_second: z.number().positive().default(2),
  rate_limit_fields: z.strictObject({ enabled: z.string(), read: z.string(), write: z.string() }).optional(),
})
const file = z.strictObject({
  channel: z.string().optional(),
  stacks: z.array(stackFile).min(1),
  timing: z
    .strictObject({ write_timeout: seconds.default(10), lease: seconds.default(45), sweep: seconds.default(5) })
    .prefault({}),
})
type ConfigFile = z.infer<typeof file>

/** Reads the environment and the YAML file it names. Throws ConfigProblems with all that is wrong, not just the first. */
export function loadConfig(env: Environment = process.env): Config {
  const problems: string[] = []
  const secret = (name: string) => readSecret(env, name, problems)
  const botToken = secret('SLACK_BOT_TOKEN')
  if (!botToken)
    problems.push('SLACK_BOT_TOKEN is missing: copy the "Bot User OAuth Token" (xoxb-…) of your Slack app.')
  const transport = readTransport(env, secret, problems)
  const settings = readFile(env.COUNTERSIGN_CONFIG, problems)
  if (!settings) secretOf(defaultAuthtoken, secret, problems)
  const stacks = settings?.stacks.map((stack) => readStack(stack, settings, secret, problems)) ?? []
  checkTogether(settings, problems)
  const logLevel = z.enum(['debug', 'info', 'warn', 'error']).safeParse(env.LOG_LEVEL || 'info')
  if (!logLevel.success) problems.push('LOG_LEVEL is not one of debug, info, warn, error.')
  if (problems.length > 0 || !botToken || !transport || !settings || !logLevel.success)
    throw new ConfigProblems(problems)
  const { write_timeout, lease, sweep } = settings.timing
  return {
    slack: { botToken, apiUrl: env.SLACK_API_URL || null, transport },
    database: env.COUNTERSIGN_DB || 'countersign.db',
    logLevel: logLevel.data,
    stacks,
    timing: { writeTimeout: write_timeout * 1000, lease: lease * 1000, sweep: sweep * 1000 },
  }
}

/** The value of `NAME`, or of the file that `NAME_FILE` points at. */
function readSecret(env: Environment, name: string, problems: string[]): string | undefined {
  const path = env[`${name}_FILE`]
  if (env[name] || !path) return env[name]?.trim() || undefined
  try {
    return readFileSync(path, 'utf8').trim() || undefined
  } catch (error) {
    problems.push(`${name}_FILE points at ${path}, which can't be read (${reasonOf(error)}).`)
    return undefined
  }
}

/** The authtoken under that name, once: several stacks may share it. */
function secretOf(name: string, secret: (name: string) => string | undefined, problems: string[]): string {
  const problem = `${name} is missing: it is the authtoken of a Contentstack owner or admin (or give its file in ${name}_FILE).`
  const value = secret(name)
  if (!value && !problems.includes(problem)) problems.push(problem)
  return value ?? ''
}

function readTransport(
  env: Environment,
  secret: (name: string) => string | undefined,
  problems: string[],
): Transport | undefined {
  const appToken = secret('SLACK_APP_TOKEN')
  const signingSecret = secret('SLACK_SIGNING_SECRET')
  if (appToken && signingSecret) {
    problems.push(
      'SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set: keep the first for Socket Mode, or the second for HTTP.',
    )
    return undefined
  }
  if (appToken) return { kind: 'socket', appToken }
  if (!signingSecret) {
    problems.push(
      'SLACK_APP_TOKEN is missing: make an app-level token (xapp-…) with connections:write. For HTTP instead of Socket Mode, set SLACK_SIGNING_SECRET and PORT.',
    )
    return undefined
  }
  const port = z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .safeParse(env.PORT || undefined)
  if (port.success) return { kind: 'http', signingSecret, port: port.data }
  problems.push('PORT is missing or no port number: over HTTP, Slack must be able to reach the app on one.')
  return undefined
}

function readFile(path: string | undefined, problems: string[]): ConfigFile | undefined {
  if (!path) {
    problems.push(
      'COUNTERSIGN_CONFIG is missing: set it to the path of your countersign.yaml (see countersign.example.yaml).',
    )
    return undefined
  }
  try {
    const read = file.safeParse(parse(readFileSync(path, 'utf8')))
    if (read.success) return read.data
    for (const issue of read.error.issues)
      problems.push(`${path}: ${issue.path.join('.') || 'the file'}: ${issue.message}.`)
  } catch (error) {
    problems.push(`${path} can't be read: ${reasonOf(error)}.`)
  }
  return undefined
}

function readStack(
  stack: ConfigFile['stacks'][number],
  settings: ConfigFile,
  secret: (name: string) => string | undefined,
  problems: string[],
): StackConfig {
  const { name, region, base_url, authtoken_env, approvers, approvals, api_key } = stack
  const authtoken = secretOf(authtoken_env, secret, problems)
  const channel = stack.channel ?? settings.channel
  if (!channel)
    problems.push(`Stack ${name} has no channel: give it, or the whole file, the id of the approvals channel (C…).`)
  if (!region === !base_url) problems.push(`Stack ${name} needs either a region or a base_url.`)
  return {
    name,
    apiKey: api_key,
    baseUrl: base_url ?? baseUrlOf(region ?? 'na'),
    authtoken,
    channel: channel ?? '',
    policy: { approvers, approvals },
    rateLimitFields: stack.rate_limit_fields ?? null,
    requestsPerSecond: stack.requests_per_second,
  }
}

function checkTogether(settings: ConfigFile | undefined, problems: string[]): void {
  if (!settings) return
  const names = settings.stacks.map((stack) => stack.name)
  for (const name of new Set(names.filter((name, i) => names.indexOf(name) !== i)))
    problems.push(`Two stacks are called ${name}: give each a name of its own.`)
  for (const { name, approvers, approvals } of settings.stacks)
    if (new Set(approvers).size < approvals)
      problems.push(`Stack ${name} wants ${approvals} approvals but lists ${new Set(approvers).size} approvers.`)
  const { write_timeout, lease } = settings.timing
  if (lease < 2 * write_timeout) problems.push('timing.lease must be at least twice timing.write_timeout.')
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0]! : String(error)
}
