import { isSendable } from '../domain/text.ts'
import type { SecretVariable } from './variables.ts'

/** Shorter ones could be guessed from the log itself, or from what is encrypted with them. */
export const shortestKey = 32

/** A secret of the app's own, or one that the file names. */
export type SecretKind = SecretVariable | 'authtoken' | 'client secret' | 'webhook'

const whatToDo: Readonly<Record<SecretKind, string>> = {
  SLACK_BOT_TOKEN: 'put the "Bot User OAuth Token" (xoxb-…) of your Slack app there',
  SLACK_APP_TOKEN: 'put an app-level token (xapp-…) with connections:write there',
  SLACK_SIGNING_SECRET: 'put the "Signing Secret" under "Basic Information" of your Slack app there',
  AUDIT_KEY: 'put a key of your own there, made with "openssl rand -hex 32"',
  AUDIT_KEY_PREVIOUS: 'put the earlier keys there, one on each line, or leave it out',
  CREDENTIALS_KEY: 'put a key of your own there, made with "openssl rand -hex 32"',
  'client secret': "put the client secret of the OAuth app there, from Contentstack's Developer Hub",
  authtoken: 'put the authtoken of a Contentstack owner or admin there',
  webhook: 'put the address there that anchors are posted to',
}

/**
 * Says what is wrong with a secret, as far as its looks tell: each completes the name of its variable, with what to do,
 * and none quotes it. Earlier keys are whatever they once were.
 */
export function mistakesIn(value: string, kind: SecretKind): string[] {
  if (kind === 'AUDIT_KEY_PREVIOUS') return []
  // A log may be chained with a phrase that reads like one: without its key, it can't be verified.
  const isPhrase = isOwnKey(kind) && value.length >= shortestKey
  if (isPlaceholder(bare(value)) && !isPhrase) return [`still has a placeholder: ${whatToDo[kind]}.`]
  // Quotes are part of a key that was used with them.
  const around = isOwnKey(kind) ? null : aroundIt(value)
  const misplaced = misplacedIn(bare(value), kind)
  return [around, misplaced && `${misplaced}: ${whatToDo[kind]}.`].filter((problem) => problem !== null)
}

function isOwnKey(kind: SecretKind): boolean {
  return kind === 'AUDIT_KEY' || kind === 'CREDENTIALS_KEY'
}

/** Says that a value has quotes or spaces around it; null if not. Completes the name of its variable. */
export function aroundIt(value: string): string | null {
  const what = isQuoted(value.trim()) ? 'quotes' : value.trim() === value ? null : 'spaces'
  return what && `has ${what} around its value, which count as part of it: take them off.`
}

/** A value without the quotes and spaces around it. */
export function bare(value: string): string {
  const trimmed = value.trim()
  return isQuoted(trimmed) ? trimmed.slice(1, -1).trim() : trimmed
}

function isQuoted(value: string): boolean {
  return value.length > 1 && /^(["'`]).*\1$|^[“”„].*[“”]$|^[‘’‚].*[‘’]$/s.test(value)
}

/** True for what an example or a template leaves where the value belongs. A key may be words, so whole values only. */
export function isPlaceholder(value: string): boolean {
  const rest = value.replace(/^(?:xox[a-z]|xapp)(?:-|$)/, '')
  if (rest !== value && /^[x*.…-]*$/i.test(rest)) return true
  return [
    /^(?:[*.…]+|<.*>|\$?\{.*\})$/s,
    /^your[-_]/i,
    /^(?:todo|tbd|fixme|placeholder|example|none|null|undefined)$/i,
    /^(?:change|replace)[-_ ]?(?:me|this)\b|(?:^|[-_ ])(?:change|replace)[-_ ]?(?:me|this)$/i,
  ].some((left) => left.test(rest))
}

/** True for what can hardly be anything but a secret: where something else belongs, it is then not quoted. */
export function looksLikeSecret(value: string): boolean {
  return [
    /^xox[a-z][-.]|^xapp-|^https?:\/\/hooks\.slack\.com\//,
    /^blt[0-9a-zA-Z]{9,}$|^cs[0-9a-f]{16,}$|^(?:[0-9a-f]{32}|[0-9a-f]{64})$/,
    // Nobody names a variable or a file like this.
    /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[0-9A-Za-z+/]{24,}={0,2}$/,
  ].some((like) => like.test(bare(value)))
}

/** True for a token of Slack's or a management token. An authtoken looks like an API key, so it is not among them. */
export function isToken(value: string): boolean {
  return /^(?:xox[a-z]|xapp)[-.]|^cs[0-9a-f]{16,}$/.test(bare(value))
}

/** How a value begins that belongs in one place alone. `notIn`: the places where it is a mistake. */
type Looks = { readonly like: RegExp; readonly holds: string; readonly notIn: readonly SecretKind[] }

const everywhere = Object.keys(whatToDo) as SecretKind[]
const ofSlack: readonly SecretKind[] = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET']
const allBut = (own: SecretKind) => everywhere.filter((kind) => kind !== own)

const looks: readonly Looks[] = [
  {
    like: /^xoxb-/,
    holds: 'a bot token (xoxb-…), which belongs in SLACK_BOT_TOKEN',
    notIn: allBut('SLACK_BOT_TOKEN'),
  },
  {
    like: /^xapp-/,
    holds: 'an app-level token (xapp-…), which belongs in SLACK_APP_TOKEN',
    notIn: allBut('SLACK_APP_TOKEN'),
  },
  { like: /^xoxp-/, holds: 'the token of a person (xoxp-…), which Countersign never uses', notIn: everywhere },
  {
    like: /^xox[ac-oq-z][-.]/,
    holds: 'a Slack token of another kind, which Countersign never uses',
    notIn: everywhere,
  },
  {
    like: /^[0-9a-f]{32}$/,
    holds: 'what looks like a signing secret, which belongs in SLACK_SIGNING_SECRET',
    notIn: ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'],
  },
  { like: /^blt[0-9a-f]{16,}$/, holds: "what looks like Contentstack's, not Slack's", notIn: ofSlack },
  {
    like: /^cs[0-9a-f]{16,}$/,
    holds: 'what looks like a management token, which Countersign never uses',
    notIn: [...ofSlack, 'authtoken'],
  },
]

const begins: Partial<Record<SecretKind, string>> = { SLACK_BOT_TOKEN: 'xoxb-', SLACK_APP_TOKEN: 'xapp-' }

function misplacedIn(value: string, kind: SecretKind): string | null {
  const found = looks.find(({ like, notIn }) => notIn.includes(kind) && like.test(value))
  if (found) return `holds ${found.holds}`
  const beginning = begins[kind] ?? ''
  return value.startsWith(beginning) || !isSendable(value) ? null : `does not begin with ${beginning}`
}
