import { z } from 'zod'

const platformError = z.looseObject({ data: z.looseObject({ ok: z.literal(false), error: z.string() }) })

/** The name of Slack's own "no", such as `message_not_found`; null for an outage or a bug. */
export function slackErrorName(error: unknown): string | null {
  const read = platformError.safeParse(error)
  return read.success ? read.data.data.error : null
}

/** Whether a call failed since somebody has closed the modal meanwhile. */
export function isOfClosed(error: unknown): boolean {
  return slackErrorName(error) === 'not_found'
}

/** Whoever has closed a modal wants to hear no more of it, so that it is no failure. */
export function passOverClosed(error: unknown): void {
  if (!isOfClosed(error)) throw error
}

const scopeError = z.looseObject({ data: z.looseObject({ error: z.literal('missing_scope'), needed: z.string() }) })

/** The scope that the app lacked for a call; null for any other error. */
export function missingScope(error: unknown): string | null {
  const read = scopeError.safeParse(error)
  return read.success ? read.data.data.needed : null
}

/** Where a failure is noted that is told to nobody, or in other words. */
export type Warn = { warn: (fields: object, text: string) => void }
const rateLimited = z.looseObject({ code: z.literal('slack_webapi_rate_limited_error'), retryAfter: z.number() })

/** How long Slack asks to be left alone, in milliseconds; null when it did not ask. */
export function retryAfterMs(error: unknown): number | null {
  const read = rateLimited.safeParse(error)
  return read.success ? read.data.retryAfter * 1000 : null
}
