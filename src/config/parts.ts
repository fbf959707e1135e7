import { z } from 'zod'
import type { AnchorSettings } from '../anchors/places.ts'
import { baseUrlOf } from '../contentstack/regions.ts'
import { shortestKey } from './mistaken-values.ts'
import { oauthOf, requireOAuth } from './oauth.ts'
import type { Reading } from './reading.ts'
import { isSafeAddress, isWithoutPassword } from './safe-address.ts'
import type { Config, StackConfig } from './settings.ts'
import { policiesOf, type StackFile } from './settings-file.ts'
import { defaultAuthtoken } from './variables.ts'

/** Every stack of the file, with the empty text for a missing credential. Empty if the file can't be used. */
export function stacksOf(reading: Reading): readonly StackConfig[] {
  const file = reading.settings()
  const policies = file ? policiesOf(file) : []
  return (file?.stacks ?? []).map((stack, i) => ({
    name: stack.name,
    apiKey: stack.api_key,
    baseUrl: stack.base_url ?? baseUrlOf(stack.region ?? 'na'),
    ...letInWith(stack, reading),
    ...(stack.organization_uid && { organisation: stack.organization_uid }),
    channel: stack.channel ?? file?.channel ?? '',
    policy: policies[i]!,
    rateLimitFields: stack.rate_limit_fields ?? null,
    requestsPerSecond: stack.requests_per_second,
  }))
}

function letInWith(stack: StackFile, reading: Reading): Pick<StackConfig, 'authtoken' | 'authtokenIn' | 'oauth'> {
  if (stack.oauth) return { authtoken: '', oauth: oauthOf(stack.oauth, stack.region ?? 'na', reading) }
  const name = stack.authtoken_env ?? defaultAuthtoken
  return { authtoken: reading.authtoken(name).value ?? '', authtokenIn: name }
}

/** The same, without a credential that can't be the right one. */
export function stacksToTry(reading: Reading): readonly StackConfig[] {
  return stacksOf(reading).map((stack) => {
    if (stack.oauth) return stack
    const { isMistaken } = reading.authtoken(stack.authtokenIn ?? defaultAuthtoken)
    return isMistaken ? { ...stack, authtoken: '' } : stack
  })
}

/** Reports what is missing of what the app is let in with by these stacks, or by all. */
export function requireCredentials(reading: Reading, isWanted: (stack: string) => boolean = () => true): void {
  const { authtoken, problems } = reading
  requireOAuth(reading, isWanted)
  // Nobody knows which variables are named in a file that can't be used.
  const isKnown = reading.settings() !== null || !reading.variable('COUNTERSIGN_CONFIG')
  for (const name of reading.authtokens(isWanted))
    if (authtoken(name).value === undefined && isKnown)
      problems.push(
        `${name} is missing: it is the authtoken of a Contentstack owner or admin (or give its file in ${name}_FILE).`,
      )
}

/** In milliseconds. */
export function timingOf({ settings }: Reading): Config['timing'] | undefined {
  const timing = settings()?.timing
  if (timing === undefined) return undefined
  const { arrival, lease, sweep, write_timeout: writeTimeout } = timing
  return { writeTimeout: writeTimeout * 1000, lease: lease * 1000, arrival: arrival * 1000, sweep: sweep * 1000 }
}

export function anchorsOf(reading: Reading): AnchorSettings {
  const { file = null, webhook_env, syslog = null } = reading.settings()?.anchors ?? {}
  return { file, webhook: webhook_env === undefined ? null : webhookOf(reading, webhook_env), syslog }
}

/** Null if it is missing, which is reported. */
function webhookOf({ webhook, problems }: Reading, name: string): string | null {
  const { value = null, isMistaken } = webhook(name)
  if (value === null)
    problems.push(
      `${name} is missing: it is the address that anchors.webhook_env names (or give its file in ${name}_FILE).`,
    )
  else if (!isMistaken && !isSafeAddress(value))
    problems.push(`${name} is not an https address: what is posted there could be changed in transit.`)
  else if (!isWithoutPassword(value))
    problems.push(`${name} has a user or password in it, and no request can be made with them: leave them out.`)
  return value
}

/** With null, anybody who can write the database can rewrite the log. */
export function auditKeyOf({ secret, isMistaken, problems }: Reading): string | null {
  const key = secret('AUDIT_KEY')
  if (key && key.length < shortestKey && !isMistaken('AUDIT_KEY'))
    problems.push(
      `AUDIT_KEY is shorter than ${shortestKey} characters: make one with "openssl rand -hex 32", and keep it apart from the database.`,
    )
  return key ?? null
}

/** One on each line. */
export function earlierKeysOf({ secret }: Reading): string[] {
  const lines = (secret('AUDIT_KEY_PREVIOUS') ?? '').split('\n').map((line) => line.trim())
  return lines.filter((line) => line !== '')
}

export const portNumber = z.coerce.number().int().min(0).max(65535)

/** Null for none. */
export function healthPortOf({ variable, problems }: Reading): number | null | undefined {
  const given = variable('HEALTH_PORT')
  if (!given) return null
  const port = portNumber.safeParse(given)
  if (!port.success) problems.push('HEALTH_PORT is not a port number: leave it out, or give a free one.')
  return port.data
}

const noHost = 'LISTEN_HOST is not an address: give it without port or brackets, such as 0.0.0.0 or ::1.'

/** Only this machine, unless told otherwise. */
export function listenHostOf({ variable, problems }: Reading): string {
  const host = variable('LISTEN_HOST') || '127.0.0.1'
  if (!/^[\w.:%-]+$/.test(host) || (host.includes(':') && !URL.canParse(`http://[${host.split('%')[0]}]`)))
    if (!problems.includes(noHost))
      // Over HTTP, it is read for Slack as well.
      problems.push(noHost)
  return host
}

const logLevel = z.enum(['debug', 'info', 'warn', 'error'])

export function logLevelOf({ variable, problems }: Reading): Config['logLevel'] | undefined {
  const level = logLevel.safeParse(variable('LOG_LEVEL') || 'info')
  if (!level.success) problems.push('LOG_LEVEL is not one of debug, info, warn, error.')
  return level.data
}
