import type { AnchorSettings } from '../anchors/places.ts'
import { isPostgres } from '../domain/database-place.ts'
import type { Proxies } from '../proxies-used.ts'
import type { Transport } from '../slack/link/line.ts'
import { databaseOf, writableDatabaseOf } from './database.ts'
import { addEnvFile } from './env-file.ts'
import { firstStep, unreadEnvFile } from './first-steps.ts'
import { bare, isPlaceholder } from './mistaken-values.ts'
import { type NpmRun, npmRunOf } from './npm.ts'
import { clientSecretsIn, requireOAuth } from './oauth.ts'
import {
  anchorsOf,
  auditKeyOf,
  earlierKeysOf,
  healthPortOf,
  listenHostOf,
  logLevelOf,
  requireCredentials,
  stacksOf,
  stacksToTry,
  timingOf,
} from './parts.ts'
import { misreadProxySwitch, proxiesOf, proxyPasswords, proxyProblems, unusedProxies } from './proxies.ts'
import { readingOf } from './reading.ts'
import type { Environment } from './secrets.ts'
import { type Config, ConfigProblems, type StackConfig } from './settings.ts'
import {
  apiUrlOf,
  botTokenOf,
  type SlackAccess,
  safeApiUrlOf,
  slackIfGiven,
  transportOf,
  transportToTry,
} from './slack.ts'
import { secretVariables } from './variables.ts'

/** The script of npm that this process runs; null if npm did not start it. */
export function npmRun(env: Environment = process.env): NpmRun | null {
  return npmRunOf(env)
}

/** The file with variables that was named, and the environment as it was before. */
let named: { readonly path: string; readonly before: Environment } | null = null

/**
 * For somebody just starting out; null for an environment that is not this process's own, and once an env file was
 * named.
 */
function hintFor(env: Environment): string | null {
  return env === process.env && named === null ? firstStep(env) : null
}

/** For somebody without AUDIT_KEY who has most likely not named the file with it; null if nothing tells. */
export function whereTheKeyMayBe(env: Environment = process.env): string | null {
  if (env !== process.env || named !== null || env.AUDIT_KEY || env.AUDIT_KEY_FILE) return null
  return unreadEnvFile()
}

/** Adds the variables in a file to this process's own, which win. Returns a warning; null for none. */
export function readEnvFile(path: string): string | null {
  named = { path, before: { ...process.env } }
  return addEnvFile(path, process.env)
}

/**
 * The settings as they are written now: with the file that was named read again, beside the environment that this
 * process was started in. Throws as `loadConfig` does.
 */
export function loadConfigAgain(): Config {
  const env = { ...(named?.before ?? process.env) }
  if (named !== null) addEnvFile(named.path, env)
  return loadConfig(env)
}

/** The proxies that this process uses; null for none. */
export function proxiesInUse(env: Environment = process.env): Proxies | null {
  return proxiesOf(env)
}

/**
 * Reads the environment and the YAML file it names. Throws ConfigProblems with everything that is wrong, not only the
 * first thing.
 */
export function loadConfig(env: Environment = process.env, hint = hintFor(env)): Config {
  const reading = readingOf(env, hint)
  const [botToken, transport] = [botTokenOf(reading), transportOf(reading)]
  requireCredentials(reading)
  const [auditKey, earlierAuditKeys] = [auditKeyOf(reading), earlierKeysOf(reading)]
  const [healthPort, anchors] = [healthPortOf(reading), anchorsOf(reading)]
  const [apiUrl, database] = [safeApiUrlOf(reading), writableDatabaseOf(reading)]
  const listenHost = listenHostOf(reading)
  reading.problems.push(...proxyProblems(env))
  const [logLevel, timing, stacks] = [logLevelOf(reading), timingOf(reading), stacksOf(reading)]
  const read = reading.unlessWrong({ botToken, transport, healthPort, logLevel, timing, database })
  return {
    slack: { botToken: read.botToken, apiUrl, transport: read.transport },
    proxies: proxiesOf(env),
    unusedProxies: unusedProxies(env),
    proxyPasswords: proxyPasswords(env),
    database: read.database,
    auditKey,
    earlierAuditKeys,
    healthPort: read.healthPort,
    listenHost,
    anchors,
    logLevel: read.logLevel,
    stacks,
    written: reading.settings()?.written,
    timing: read.timing,
  }
}

/** Every address of a machine, and its own for whoever asks from there. */
const loopbackFor: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

/** Where the app on this machine answers GET /health. Throws ConfigProblems if it does not. */
export function healthPlace(env: Environment = process.env): { readonly host: string; readonly port: number } {
  const reading = readingOf(env, hintFor(env))
  const [port, host] = [healthPortOf(reading), listenHostOf(reading)]
  if (port === null)
    reading.problems.push(
      "HEALTH_PORT is not set, so the app can't be asked: set it as it was when the app was started.",
    )
  const found = reading.unlessWrong({ port: port ?? undefined })
  return { port: found.port, host: loopbackFor[host] ?? host }
}

/** Enough to check a policy: without a Slack token it can only be read, not looked up. */
export type PolicyConfig = {
  readonly path: string
  readonly stacks: readonly StackConfig[]
  readonly slack: SlackAccess | null
}

/**
 * The file alone, at `path` or where the environment says, with whichever credentials are there; a stack without one
 * has the empty text. Throws ConfigProblems with everything that is wrong with the file.
 */
export function loadPolicies(path: string | undefined, env: Environment = process.env): PolicyConfig {
  const reading = readingOf(withoutPlaceholder(path === undefined ? env : withFile(path, env)), hintFor(env))
  reading.settings()
  const [slack, stacks] = [slackIfGiven(reading), stacksOf(reading)]
  return { slack, stacks, ...reading.unlessWrong({ path: reading.variable('COUNTERSIGN_CONFIG') }) }
}

/** The settings of a command at a terminal, as far as it has said that it needs them. */
export type TerminalConfig = Pick<Config, 'database' | 'auditKey' | 'stacks'> & {
  /** Null without a token: then people are known by their ids. */
  readonly slack: SlackAccess | null
}

type TerminalNeeds = {
  /** The stack of this name is needed, or all of them. */
  readonly stacks?: string | 'all'
  /** The OAuth settings of the stack of this name are needed, if it has any. */
  readonly oauth?: string
  /** Slack is asked who people are. */
  readonly people?: boolean
  /** The log is written to, as by the app. */
  readonly log?: boolean
}

/** Reads only what a command needs. Throws ConfigProblems with everything in it that is missing or wrong. */
export function loadTerminal(
  { stacks, oauth, people, log }: TerminalNeeds,
  env: Environment = process.env,
): TerminalConfig {
  const reading = readingOf(people ? env : withoutPlaceholder(env), hintFor(env))
  const isWanted = (name: string) => stacks === 'all' || stacks === name
  const needsStacks = stacks !== undefined || oauth !== undefined
  if (people) botTokenOf(reading)
  if (stacks !== undefined && reading.settings()) requireCredentials(reading, isWanted)
  if (oauth !== undefined) requireOAuth(reading, (name) => name === oauth)
  const auditKey = log ? auditKeyOf(reading) : null
  if (people || needsStacks) reading.problems.push(...proxyProblems(env))
  return reading.unlessWrong({
    database: databaseOf(reading),
    auditKey,
    stacks: needsStacks ? stacksOf(reading) : [],
    slack: slackIfGiven(reading),
  })
}

/** The settings as far as they could be read, and everything that is wrong with them. */
export type Survey = {
  readonly problems: readonly string[]
  /** The path of the file; null if the environment does not give one. */
  readonly path: string | null
  /** Null also for one that can't be it, so that nobody tries it. */
  readonly botToken: string | null
  readonly apiUrl: string | null
  /** Null also without a token or secret that could be the right one. */
  readonly transport: Transport | null
  /** A proxy switch that Node does not understand; null if there is none. */
  readonly proxySwitch: string | null
  /** A warning about proxies that Node does not use. */
  readonly unusedProxies: string | null
  /** Null if it can't be told which one is meant. */
  readonly database: string | null
  readonly auditKey: string | null
  readonly earlierAuditKeys: readonly string[]
  readonly anchors: AnchorSettings
  /** Empty if the file can't be used; a stack without a usable credential has the empty text for it. */
  readonly stacks: readonly StackConfig[]
  /** The files that hold secrets. */
  readonly secretFiles: readonly string[]
}

/**
 * The settings as far as they go, with the file at `path` instead of the environment's. Never throws for a mistake in
 * them.
 */
export function surveySettings(path: string | undefined, own: Environment = process.env): Survey {
  const env = path ? withFile(path, own) : own
  const reading = readingOf(env)
  const webhook = reading.settings()?.anchors?.webhook_env
  const database = databaseOf(reading) ?? null
  const secrets = [
    ...secretVariables,
    ...reading.authtokens(),
    ...clientSecretsIn(reading),
    ...(webhook ? [webhook] : []),
  ]
  return {
    problems: problemsIn(env, hintFor(own)),
    path: reading.variable('COUNTERSIGN_CONFIG') || null,
    botToken: reading.unlessMistaken('SLACK_BOT_TOKEN', reading.secret('SLACK_BOT_TOKEN')),
    apiUrl: apiUrlOf(reading),
    transport: transportToTry(reading),
    proxySwitch: misreadProxySwitch(env),
    unusedProxies: unusedProxies(env),
    database,
    auditKey: reading.secret('AUDIT_KEY') ?? null,
    earlierAuditKeys: earlierKeysOf(reading),
    anchors: anchorsOf(reading),
    stacks: stacksToTry(reading),
    secretFiles: [
      ...[...new Set(secrets)].flatMap((name) => env[`${name}_FILE`] || []),
      ...passwordFile(env, database),
    ],
  }
}

/** The file that the driver of PostgreSQL reads a password from. */
function passwordFile({ PGPASSFILE }: Environment, database: string | null): string[] {
  return database !== null && isPostgres(database) && PGPASSFILE ? [PGPASSFILE] : []
}

/** For work that can do without Slack: a placeholder for the bot token is none. */
function withoutPlaceholder(env: Environment): Environment {
  return isPlaceholder(bare(env.SLACK_BOT_TOKEN ?? '')) ? { ...env, SLACK_BOT_TOKEN: '' } : env
}

function withFile(path: string, env: Environment): Environment {
  return { ...env, COUNTERSIGN_CONFIG: path }
}

function problemsIn(env: Environment, hint: string | null): readonly string[] {
  try {
    loadConfig(env, hint)
    return []
  } catch (error) {
    if (error instanceof ConfigProblems) return error.problems
    throw error
  }
}

/** Enough to verify an audit log: none of it is about a stack, and Slack is optional. */
export type AuditConfig = {
  readonly database: string
  readonly auditKey: string | null
  /** Earlier values of `auditKey`, if it was ever changed. */
  readonly earlierKeys: readonly string[]
  /** For reading the threads of cards; null without a bot token. */
  readonly slack: SlackAccess | null
}

/** Throws ConfigProblems for keys that can't be read or are too short. */
export function loadAudit(env: Environment = process.env): AuditConfig {
  const reading = readingOf(withoutPlaceholder(env))
  return reading.unlessWrong({
    database: databaseOf(reading),
    auditKey: auditKeyOf(reading),
    earlierKeys: earlierKeysOf(reading),
    slack: slackIfGiven(reading),
  })
}
