import { z } from 'zod'
import { endOf } from '../../domain/outside-trouble.ts'
import { kindOf, type NoKind, tooMany } from './no-kinds.ts'
import { SlackBusy } from './said.ts'

/** Looks like one of Slack's error names; anything else in that place comes from something in between. */
export const errorName = z.string().regex(/^[a-z][a-z0-9_]{0,79}$/)

const platformError = z.looseObject({ data: z.looseObject({ ok: z.literal(false), error: errorName }) })

/** The name of Slack's own "no", for example `message_not_found`; null for an outage or a bug. */
export function slackErrorName(error: unknown): string | null {
  const read = platformError.safeParse(error)
  return read.success ? read.data.data.error : null
}

/** True if a call failed because somebody has closed the modal meanwhile. */
export function isOfClosed(error: unknown): boolean {
  return slackErrorName(error) === 'not_found'
}

/** Somebody who closed a modal wants no more messages about it, so that is not a failure. */
export function passOverClosed(error: unknown): void {
  if (!isOfClosed(error)) throw error
}

const scopeError = z.looseObject({ data: z.looseObject({ error: z.literal('missing_scope'), needed: z.string() }) })

/** The scope that the app lacked for a call; null for any other error. */
export function missingScope(error: unknown): string | null {
  const read = scopeError.safeParse(error)
  return read.success ? read.data.data.needed : null
}

const ofSlack = z.looseObject({ code: z.string().startsWith('slack_webapi_'), message: z.string() })

/**
 * A failed call in whole sentences for whoever runs the app, with what to do; null for an error that is not Slack's.
 */
export function slackTrouble(error: unknown): string | null {
  const advice = slackAdvice(error)
  if (advice === null) return null
  return advice.todo === null ? `${advice.says}.` : `${advice.says}: ${advice.todo}.`
}

/** The same as two clauses, without full stops. */
export function slackAdvice(error: unknown): { readonly says: string; readonly todo: string | null } | null {
  const read = ofSlack.safeParse(error)
  if (!read.success) return null
  if (error instanceof SlackBusy) return busyAdvice(error)
  const says = read.data.message.replace(/^the/, 'The')
  if (retryAfterMs(error) !== null) return { says, todo: 'try again in a minute' }
  const name = slackErrorName(error)
  if ((error as { isExplained?: unknown }).isExplained === true) return { says, todo: null }
  if (name === null && endOf(error) === 'itself') {
    const { proxy = null } = error as { proxy?: string | null }
    const suspects =
      proxy === null ? 'network, and SLACK_API_URL where it is set,' : `proxy at ${proxy}, and the network,`
    return { says, todo: `check the ${suspects} or try again later` }
  }
  const kind = kindOf(name ?? '')
  return { says, todo: kind === 'plan' && !says.includes('usergroups.') ? null : todo[kind] }
}

/** Somebody who asks once from a terminal should wait as long as Slack asked: nothing else holds calls back there. */
function busyAdvice({ method, retryAfter, askedFor }: SlackBusy) {
  return { says: `Slack got too many calls to ${method}`, todo: `wait ${askedFor ?? retryAfter} s, and try again` }
}

const todo: Record<NoKind, string | null> = {
  token: 'check SLACK_BOT_TOKEN',
  scope: 'give it the scopes of manifest.yml, and install it again',
  plan: 'user groups need a paid plan, and without one a policy can name people one by one',
  barred: "ask the workspace's administrators to let it",
  outage: 'try again in a few minutes',
  other: null,
}

/** Notes a failure that nobody is told about, or only in other words. */
export type Warn = { warn: (fields: object, text: string) => void }
const rateLimited = z.looseObject({ code: z.literal('slack_webapi_rate_limited_error'), retryAfter: z.number() })

/** In seconds, for when Slack has too much to do and does not say for how long. */
export const usualPause = 30

/** How long Slack asks to be left alone, in milliseconds; null if it did not ask. */
export function retryAfterMs(error: unknown): number | null {
  if (tooMany.includes(slackErrorName(error) ?? '')) return usualPause * 1000
  const read = rateLimited.safeParse(error)
  return read.success ? read.data.retryAfter * 1000 : null
}
