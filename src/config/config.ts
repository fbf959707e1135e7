import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import type { AnchorSettings } from '../anchors/places.ts'
import { baseUrlOf } from '../contentstack/regions.ts'
import type { Policy } from '../domain/policy.ts'
import type { Proxies } from '../proxies-used.ts'
import type { Transport } from '../slack/bolt.ts'
import type { Timing } from '../workflow/apply.ts'
import { type ConfigFile, defaultAuthtoken, policiesOf, readConfigFile } from './file.ts'
import { misreadProxySwitch, proxiesOf, proxyProblems, unusedProxies } from './proxies.ts'
import { isSafeAddress, isWithoutPassword } from './safe-address.ts'
import { type Environment, readSecret } from './secrets.ts'

export type StackConfig = {
  readonly name: string
  readonly apiKey: string
  readonly baseUrl: string
  readonly authtoken: string
  /** The variable that it is in; CONTENTSTACK_AUTHTOKEN unless given. */
  readonly authtokenIn?: string
  /** Its uid, which is asked for where it has single sign-on. */
  readonly organisation?: string
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
  /** What to know of proxies that Node does not use; nothing unless given. */
  readonly unusedProxies?: string | null
  readonly database: string
  /** The secret that the audit log is chained with; null leaves it open to whoever can write the database. */
  readonly auditKey: string | null
  /** What `auditKey` was before, each time that it was another. */
  readonly earlierAuditKeys: readonly string[]
  /** Where GET /health is answered; null for nowhere. */
  readonly healthPort: number | null
  /** The address that both ports are on. */
  readonly listenHost: string
  /** Where checkpoints of the audit log are kept besides Slack. */
  readonly anchors: AnchorSettings
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

const noBotToken = 'SLACK_BOT_TOKEN is missing: copy the "Bot User OAuth Token" (xoxb-…) of your Slack app.'

const appTokenForBot =
  'SLACK_BOT_TOKEN holds an app-level token (xapp-…), which belongs into SLACK_APP_TOKEN: put the "Bot User OAuth Token" (xoxb-…) there.'
const botTokenForApp =
  'SLACK_APP_TOKEN holds a bot token (xoxb-…), which belongs into SLACK_BOT_TOKEN: put the app-level token (xapp-…) there.'

function noAuthtoken(name: string): string {
  return `${name} is missing: it is the authtoken of a Contentstack owner or admin (or give its file in ${name}_FILE).`
}

const defaultDatabase = 'countersign.db'

/** The proxies that this process goes through; null for none. */
export function proxiesInUse(env: Environment = process.env): Proxies | null {
  return proxiesOf(env)
}

/** Reads the environment and the YAML file it names. Throws ConfigProblems with all that is wrong, not just the first. */
export function loadConfig(env: Environment = process.env): Config {
  const problems: string[] = []
  const secret = (name: string) => readSecret(env, name, problems)
  const botToken = secret('SLACK_BOT_TOKEN')
  if (!botToken) problems.push(noBotToken)
  else if (botToken.startsWith('xapp-')) problems.push(appTokenForBot)
  const transport = readTransport(env, secret, problems)
  const settings = readSettings(env.COUNTERSIGN_CONFIG, problems)
  const names = settings ? settings.stacks.map((stack) => stack.authtoken_env) : [defaultAuthtoken]
  for (const name of new Set(names)) if (!secret(name)) problems.push(noAuthtoken(name))
  const auditKey = readAuditKey(secret, problems)
  const earlierAuditKeys = readEarlierKeys(secret)
  const healthPort = env.HEALTH_PORT ? portNumber.safeParse(env.HEALTH_PORT) : { data: null }
  if (healthPort.data === undefined)
    problems.push('HEALTH_PORT is not a port number: leave it out, or give a free one.')
  const anchors = readAnchors(settings, secret, problems)
  problems.push(...addressProblems(env), ...databaseProblems(env), ...proxyProblems(env))
  const logLevel = z.enum(['debug', 'info', 'warn', 'error']).safeParse(env.LOG_LEVEL || 'info')
  if (!logLevel.success) problems.push('LOG_LEVEL is not one of debug, info, warn, error.')
  if (problems.length > 0 || !botToken || !transport || !settings || !logLevel.success)
    throw new ConfigProblems([...new Set(problems)])
  const { arrival, lease, sweep, write_timeout } = settings.timing
  return {
    slack: { botToken, apiUrl: env.SLACK_API_URL || null, transport },
    unusedProxies: unusedProxies(env),
    database: env.COUNTERSIGN_DB || defaultDatabase,
    auditKey,
    earlierAuditKeys,
    healthPort: healthPort.data ?? null,
    listenHost: listenHostOf(env),
    anchors,
    logLevel: logLevel.data,
    stacks: stacksOf(settings, secret),
    timing: {
      writeTimeout: write_timeout * 1000,
      lease: lease * 1000,
      arrival: arrival * 1000,
      sweep: sweep * 1000,
    },
  }
}

/** What there is to check a policy with: without a Slack token it can be read only, and not looked up. */
export type PolicyConfig = {
  readonly path: string
  readonly stacks: readonly StackConfig[]
  readonly slack: { readonly botToken: string; readonly apiUrl: string | null } | null
}

/**
 * The file alone, at `path` or where the environment says, and whichever credentials happen to be there; a stack without
 * one has the empty text. Throws ConfigProblems with all that is wrong with the file.
 */
export function loadPolicies(path: string | undefined, env: Environment = process.env): PolicyConfig {
  const problems: string[] = []
  const secret = (name: string) => readSecret(env, name, problems)
  const where = path ?? env.COUNTERSIGN_CONFIG
  const settings = readSettings(where, problems)
  const botToken = secret('SLACK_BOT_TOKEN')
  const stacks = settings ? stacksOf(settings, secret) : []
  if (problems.length > 0 || !where) throw new ConfigProblems([...new Set(problems)])
  return { path: where, stacks, slack: botToken ? { botToken, apiUrl: env.SLACK_API_URL || null } : null }
}

/** What a command at a terminal works with, as far as it has said that it needs it. */
export type TerminalConfig = Pick<Config, 'database' | 'auditKey' | 'stacks'> & {
  /** Null without a token: then people are known by their ids. */
  readonly slack: { readonly botToken: string; readonly apiUrl: string | null } | null
}

type TerminalNeeds = {
  /** Looks at the stack of this name, or at all of them. */
  readonly stacks?: string | 'all'
  /** Asks Slack who people are. */
  readonly people?: boolean
  /** Writes to the log, as the app does. */
  readonly log?: boolean
}

/** Reads only what a command needs. Throws ConfigProblems with all of that which is missing or wrong. */
export function loadTerminal({ stacks, people, log }: TerminalNeeds, env: Environment = process.env): TerminalConfig {
  const problems: string[] = []
  const secret = (name: string) => readSecret(env, name, problems)
  const botToken = secret('SLACK_BOT_TOKEN')
  if (people && !botToken) problems.push(noBotToken)
  const settings = stacks === undefined ? null : readSettings(env.COUNTERSIGN_CONFIG, problems)
  const concerned = settings?.stacks.filter(({ name }) => stacks === 'all' || stacks === name) ?? []
  for (const name of new Set(concerned.map((stack) => stack.authtoken_env)))
    if (!secret(name)) problems.push(noAuthtoken(name))
  const auditKey = log ? readAuditKey(secret, problems) : null
  if (people || stacks !== undefined) problems.push(...proxyProblems(env))
  if (problems.length > 0) throw new ConfigProblems([...new Set(problems)])
  return {
    database: env.COUNTERSIGN_DB || defaultDatabase,
    auditKey,
    stacks: settings ? stacksOf(settings, secret) : [],
    slack: botToken ? { botToken, apiUrl: env.SLACK_API_URL || null } : null,
  }
}

/** Whatever could be read of the settings, and all that is wrong with them. */
export type Survey = {
  readonly problems: readonly string[]
  /** Where the file is; null when the environment does not say. */
  readonly path: string | null
  readonly botToken: string | null
  readonly apiUrl: string | null
  readonly transport: Transport | null
  /** A switch for proxies that Node does not understand; null when there is none. */
  readonly proxySwitch: string | null
  /** What to know of proxies that Node does not use. */
  readonly unusedProxies: string | null
  readonly database: string
  readonly auditKey: string | null
  readonly earlierAuditKeys: readonly string[]
  readonly anchors: AnchorSettings
  /** None when the file can't be used; one without a credential has the empty text for it. */
  readonly stacks: readonly StackConfig[]
  /** The files that hold secrets. */
  readonly secretFiles: readonly string[]
}

/** The settings as far as they go, with the file at `path` instead of the environment's. Throws for nothing in them. */
export function surveySettings(path: string | undefined, own: Environment = process.env): Survey {
  const env = path ? { ...own, COUNTERSIGN_CONFIG: path } : own
  const told: string[] = []
  const secret = (name: string) => readSecret(env, name, told)
  const settings = readSettings(env.COUNTERSIGN_CONFIG, told)
  const names = settings?.stacks.map((stack) => stack.authtoken_env) ?? [defaultAuthtoken]
  const secrets = new Set([
    'SLACK_BOT_TOKEN',
    'SLACK_APP_TOKEN',
    'SLACK_SIGNING_SECRET',
    'AUDIT_KEY',
    'AUDIT_KEY_PREVIOUS',
    ...names,
    ...(settings?.anchors?.webhook_env ? [settings.anchors.webhook_env] : []),
  ])
  return {
    problems: problemsIn(env),
    path: env.COUNTERSIGN_CONFIG || null,
    botToken: secret('SLACK_BOT_TOKEN') ?? null,
    apiUrl: env.SLACK_API_URL || null,
    transport: readTransport(env, secret, told) ?? null,
    proxySwitch: misreadProxySwitch(env),
    unusedProxies: unusedProxies(env),
    database: env.COUNTERSIGN_DB || defaultDatabase,
    auditKey: secret('AUDIT_KEY') ?? null,
    earlierAuditKeys: readEarlierKeys(secret),
    anchors: readAnchors(settings, secret, told),
    stacks: settings ? stacksOf(settings, secret) : [],
    secretFiles: [...secrets].flatMap((name) => env[`${name}_FILE`] || []),
  }
}

function problemsIn(env: Environment): readonly string[] {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigProblems) return error.problems
    throw error
  }
}

/** What there is to verify an audit log with: none of it is about Slack or a stack. */
export type AuditConfig = {
  readonly database: string
  readonly auditKey: string | null
  /** What `auditKey` was before, each time that it was another. */
  readonly earlierKeys: readonly string[]
  /** To read the threads of cards with; null without a bot token. */
  readonly slack: { readonly botToken: string; readonly apiUrl: string | null } | null
}

/** Throws ConfigProblems for keys that can't be read or are too short. */
export function loadAudit(env: Environment = process.env): AuditConfig {
  const problems: string[] = []
  const secret = (name: string) => readSecret(env, name, problems)
  const auditKey = readAuditKey(secret, problems)
  const earlierKeys = readEarlierKeys(secret)
  const botToken = secret('SLACK_BOT_TOKEN')
  if (problems.length > 0) throw new ConfigProblems(problems)
  return {
    database: env.COUNTERSIGN_DB || defaultDatabase,
    auditKey,
    earlierKeys,
    slack: botToken ? { botToken, apiUrl: env.SLACK_API_URL || null } : null,
  }
}

function readSettings(path: string | undefined, problems: string[]): ConfigFile | null {
  if (path) return readConfigFile(path, problems)
  problems.push(
    'COUNTERSIGN_CONFIG is missing: set it to the path of your countersign.yaml (see countersign.example.yaml).',
  )
  return null
}

function addressProblems({ SLACK_API_URL: address }: Environment): string[] {
  if (address && !isWithoutPassword(address))
    return ['SLACK_API_URL has a user or password in it, with which no request can be made: leave them out.']
  if (!address || isSafeAddress(address)) return []
  return [
    'SLACK_API_URL is not an https address, so the bot token could be read on its way: leave it out, which means Slack itself.',
  ]
}

function databaseProblems({ COUNTERSIGN_DB }: Environment): string[] {
  const path = COUNTERSIGN_DB || defaultDatabase
  const folder = dirname(resolve(path))
  if (!existsSync(folder)) return [`COUNTERSIGN_DB is in ${folder}, which is not there: make it, or give another path.`]
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory()
  return isFolder ? [`COUNTERSIGN_DB is a folder, ${path}: give the path of a file in it.`] : []
}

/** Shorter ones could be guessed from the log itself. */
const shortestAuditKey = 32

function readAuditKey(secret: (name: string) => string | undefined, problems: string[]): string | null {
  const key = secret('AUDIT_KEY')
  if (key && key.length < shortestAuditKey)
    problems.push(
      `AUDIT_KEY is shorter than ${shortestAuditKey} characters: make one with "openssl rand -hex 32", and keep it apart from the database.`,
    )
  return key ?? null
}

/** One a line. */
function readEarlierKeys(secret: (name: string) => string | undefined): string[] {
  const lines = (secret('AUDIT_KEY_PREVIOUS') ?? '').split('\n').map((line) => line.trim())
  return lines.filter((line) => line !== '')
}

const portNumber = z.coerce.number().int().min(0).max(65535)

function readAnchors(
  settings: ConfigFile | null,
  secret: (name: string) => string | undefined,
  problems: string[],
): AnchorSettings {
  const { file = null, webhook_env, syslog = null } = settings?.anchors ?? {}
  const webhook = (webhook_env && secret(webhook_env)) ?? null
  if (webhook_env && !webhook)
    problems.push(
      `${webhook_env} is missing: it is the address that anchors.webhook_env names (or give its file in ${webhook_env}_FILE).`,
    )
  if (webhook && !isSafeAddress(webhook))
    problems.push(`${webhook_env} is no https address: nobody on the way is to change what is posted there.`)
  else if (webhook && !isWithoutPassword(webhook))
    problems.push(`${webhook_env} has a user or password in it, with which no request can be made: leave them out.`)
  return { file, webhook, syslog }
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
  if (appToken?.startsWith('xoxb-')) problems.push(botTokenForApp)
  if (appToken) return { kind: 'socket', appToken, proxies: proxiesOf(env) }
  if (!signingSecret) {
    problems.push(
      'SLACK_APP_TOKEN is missing: make an app-level token (xapp-…) with connections:write. For HTTP instead of Socket Mode, set SLACK_SIGNING_SECRET and PORT.',
    )
    return undefined
  }
  const port = portNumber.safeParse(env.PORT || undefined)
  if (port.success) return { kind: 'http', signingSecret, port: port.data, host: listenHostOf(env) }
  problems.push('PORT is missing or not a port number: over HTTP, Slack must be able to reach the app on one.')
  return undefined
}

/** Nobody outside the machine, unless told otherwise. */
function listenHostOf(env: Environment): string {
  return env.LISTEN_HOST || '127.0.0.1'
}

function stacksOf(settings: ConfigFile, secret: (name: string) => string | undefined): StackConfig[] {
  const policies = policiesOf(settings)
  return settings.stacks.map((stack, i) => ({
    name: stack.name,
    apiKey: stack.api_key,
    baseUrl: stack.base_url ?? baseUrlOf(stack.region ?? 'na'),
    authtoken: secret(stack.authtoken_env) ?? '',
    authtokenIn: stack.authtoken_env,
    ...(stack.organization_uid && { organisation: stack.organization_uid }),
    channel: stack.channel ?? settings.channel ?? '',
    policy: policies[i]!,
    rateLimitFields: stack.rate_limit_fields ?? null,
    requestsPerSecond: stack.requests_per_second,
  }))
}
