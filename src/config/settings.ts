import { isDeepStrictEqual } from 'node:util'
import type { AnchorSettings } from '../anchors/places.ts'
import type { Policy } from '../domain/policy/policy.ts'
import type { Proxies } from '../proxies-used.ts'
import type { Transport } from '../slack/link/line.ts'
import type { Timing } from '../workflow/apply/leases.ts'
import type { Written } from './yaml.ts'

/** The OAuth app that a stack lets in, and where what it is let in with is kept. */
export type OAuthConfig = {
  readonly appUid: string
  readonly clientId: string
  /** Null for an app without one, which PKCE does not need. */
  readonly clientSecret: string | null
  /** The address that browsers are sent back to. */
  readonly redirectUri: string
  /** Where people sign in. */
  readonly appUrl: string
  readonly tokenUrl: string
  /** The key that the tokens are encrypted with in the database; empty if it is missing. */
  readonly key: string
  readonly database: string
}

export type StackConfig = {
  readonly name: string
  readonly apiKey: string
  readonly baseUrl: string
  /** Empty for a stack with OAuth. */
  readonly authtoken: string
  /** The variable that holds it; CONTENTSTACK_AUTHTOKEN unless given. */
  readonly authtokenIn?: string
  /** In place of an authtoken. */
  readonly oauth?: OAuthConfig
  /** The organisation's uid, needed if it has single sign-on. */
  readonly organisation?: string
  /** The channel for this stack's cards. */
  readonly channel: string
  readonly policy: Policy
  /**
   * How many requests a second this app sends to the stack at most: the organisation's allowance is shared with
   * everyone.
   */
  readonly requestsPerSecond: number
  /** Dotted paths of the rate-limit fields in a token; null leaves rate limits alone. */
  readonly rateLimitFields: { readonly enabled: string; readonly read: string; readonly write: string } | null
}

export type Config = {
  readonly slack: { readonly botToken: string; readonly apiUrl: string | null; readonly transport: Transport }
  /** The proxies that this process uses; none unless given. */
  readonly proxies?: Proxies | null
  /** A warning about proxies that Node does not use; none unless given. */
  readonly unusedProxies?: string | null
  /** The passwords in the addresses of proxies, in each form that they are sent or written in; none unless given. */
  readonly proxyPasswords?: readonly string[]
  readonly database: string
  /**
   * The secret that the audit log is chained with; with null, anybody who can write the database can rewrite the log.
   */
  readonly auditKey: string | null
  /** Earlier values of `auditKey`, if it was ever changed. */
  readonly earlierAuditKeys: readonly string[]
  /** The port for GET /health; null for none. */
  readonly healthPort: number | null
  /** The address that both ports are on. */
  readonly listenHost: string
  /** The places besides Slack that keep checkpoints of the audit log. */
  readonly anchors: AnchorSettings
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  readonly stacks: readonly StackConfig[]
  /** The file with the stacks as it is written, without any defaults; nothing unless given. */
  readonly written?: Written | undefined
  /** Milliseconds; `sweep` is how often unfinished changes are looked for. */
  readonly timing: Timing & { readonly sweep: number }
}

/** True if the app would run the same with either. */
export function isSameSettings(one: Config, other: Config): boolean {
  const [{ written: _, ...rest }, { written: __, ...otherRest }] = [one, other]
  return isDeepStrictEqual(rest, otherRest)
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
