import { z } from 'zod'
import { causeOf, fromOutside, neverConnected } from '../../domain/from-outside.ts'
import { neverSay } from '../../domain/live-secrets.ts'
import { isSendable } from '../../domain/text.ts'
import { bounded } from '../bounds.ts'
import type { OAuthApp } from './app.ts'

/** In milliseconds. Whoever renews holds its claim for longer. */
export const answersWithinMs = 20_000

export type Tokens = { readonly access: string; readonly refresh: string | null; readonly seconds: number }

/** `why` is a clause. */
export type Answered =
  | { readonly kind: 'granted'; readonly tokens: Tokens }
  /** Contentstack says that what it was shown is good no longer. */
  | { readonly kind: 'refused'; readonly why: string }
  /** Contentstack does not know the app, or not its secret: nothing is said of what it was shown. */
  | { readonly kind: 'app refused'; readonly why: string }
  /** Contentstack says no to this request, and not that what it was shown is good no longer. */
  | { readonly kind: 'no'; readonly why: string }
  /** Nothing came of it: it may be shown again. */
  | { readonly kind: 'not done'; readonly why: string }
  /** Contentstack may have granted new tokens, and nobody got them. */
  | { readonly kind: 'unknown'; readonly why: string }

/** A shorter one is no token, and would be struck out of half of what is said. */
const secret = z.string().min(8).max(8192).refine(isSendable)
/** A year: an instant that nobody can write down must not cost the tokens. */
const longestSeconds = 366 * 24 * 3600
/** Source: contentstack.md §5: an access token lasts an hour. */
const granted = z.object({
  access_token: secret,
  refresh_token: secret.nullish(),
  expires_in: z.coerce.number().positive().max(longestSeconds).catch(3600),
})
const said = z
  .union([z.string().transform((one) => [one]), z.array(z.string())])
  .optional()
  .catch(undefined)
const refusal = z.object({ error: said, error_description: said, error_message: said, message: said })

type Form = Readonly<Record<string, string>>

/** Contentstack's address for tokens. Redirects are not followed: they would carry secrets to another host. */
export function createTokenEndpoint(
  { tokenUrl, clientId, clientSecret, redirectUri }: OAuthApp,
  fetch: typeof globalThis.fetch = globalThis.fetch,
) {
  return {
    /** `code` is good for a minute, once. */
    exchange: (code: string, verifier: string) =>
      ask({ grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri }),
    /** `refresh` is good once. */
    renew: (refresh: string) => ask({ grant_type: 'refresh_token', refresh_token: refresh, redirect_uri: redirectUri }),
  }

  async function ask(form: Form): Promise<Answered> {
    const own: Form = { client_id: clientId, ...(clientSecret !== null && { client_secret: clientSecret }) }
    const signal = AbortSignal.timeout(answersWithinMs)
    const body = new URLSearchParams({ ...form, ...own })
    const secrets = [clientSecret ?? '', form.code ?? '', form.refresh_token ?? '']
    try {
      const response = await bounded(fetch)(tokenUrl, { method: 'POST', body, redirect: 'manual', signal })
      return judged(response.status, await response.text(), secrets)
    } catch (error) {
      const why = signal.aborted ? 'it did not answer in time' : `the connection failed (${causeOf(error, secrets)})`
      return { kind: neverConnected(error) ? 'not done' : 'unknown', why }
    }
  }
}

function judged(status: number, text: string, secrets: readonly string[]): Answered {
  const body = inJson(text)
  if (status >= 200 && status < 300) return grantedIn(body)
  const read = refusal.safeParse(body).data ?? {}
  const all = [read.error_description, read.error_message, read.message, read.error].flatMap((one) => one ?? [])
  const words = fromOutside(firstOf(read).join('; '), secrets)
  const why = `it answered: ${words || 'no reason given'} (status ${status})`
  if (status === 429) return { kind: 'not done', why }
  // A firewall's page, a gateway's error or another address does not say what became of it.
  if (words === '' || status < 400 || status >= 500 || [404, 405, 408].includes(status)) return { kind: 'unknown', why }
  return { kind: noOf(status, all), why }
}

/** The fullest of what it says, for people. */
function firstOf({ error_description, error_message, message, error }: z.infer<typeof refusal>): readonly string[] {
  return error_description ?? error_message ?? message ?? error ?? []
}

/** Any other no is about the request: what it shows may be as good as before. `said`: each by itself. */
function noOf(status: number, said: readonly string[]): 'refused' | 'app refused' | 'no' {
  if (said.some((one) => /^invalid_grant\b/i.test(one))) return 'refused'
  if (isOfApp(status, said)) return 'app refused'
  return said.some((one) => ended.some((words) => words.test(one))) ? 'refused' : 'no'
}

/**
 * A refresh token that was used is seen to be answered with 400 {"message":["invalid refresh_token"]}; the standard has
 * invalid_grant. No other answer is documented. Sources: contentstack.md §5; RFC 6749 §5.2.
 */
const ended = [
  /^\W*(?:the |this |an? )?(?:invalid|expired|revoked|unknown)[ _-]refresh[ _-]?token\W*$/i,
  /^\W*(?:the |this |an? |your )?refresh[ _-]?token(?: \S+)?(?: is| was| has| has been|:)? (?:invalid|expired|revoked|unknown|no longer valid|not (?:valid|found)|already (?:been )?used|used already)\W*$/i,
]

function grantedIn(body: unknown): Answered {
  const read = granted.safeParse(body)
  if (!read.success) return { kind: 'unknown', why: 'it reported success, but its answer has no tokens' }
  const { access_token: access, refresh_token: refresh = null, expires_in: seconds } = read.data
  for (const token of [access, refresh]) if (token !== null) neverSay(token)
  return { kind: 'granted', tokens: { access, refresh, seconds } }
}

/** By an error code of the standard or in words, whatever is said beside it. Source: RFC 6749 §5.2. */
function isOfApp(status: number, said: readonly string[]): boolean {
  return status === 401 || status === 403 || said.some((one) => /client|secret|redirect|grant_?type/i.test(one))
}

function inJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
