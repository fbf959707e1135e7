import { z } from 'zod'
import { isSendable } from '../../domain/text.ts'
import { placeInWords, proxyTo } from '../../proxies-used.ts'
import { restIn, unheard } from './answers.ts'
import { errorName } from './errors.ts'
import { SlackBusy, SlackUnheard } from './said.ts'

const yesOrNo = z.discriminatedUnion('ok', [
  z.looseObject({ ok: z.literal(true), bot_id: z.string().optional(), url: z.string().optional() }),
  z.looseObject({ ok: z.literal(false), error: errorName, needed: z.string().max(300).optional().catch(undefined) }),
])

/** One answer of Slack's web API, with the facts in its headers. */
export type Heard = {
  readonly answer: z.infer<typeof yesOrNo>
  /** Slack's clock, to the second; null if the answer has none. */
  readonly date: Date | null
  /** The scopes the token was granted, from `x-oauth-scopes`; null if Slack doesn't say. */
  readonly scopes: readonly string[] | null
}

type Asked = { readonly method: string; readonly token: string; readonly apiUrl: string | null }

/** Calls a method without arguments, once, without a client. Throws if Slack itself gives no answer. */
export async function askSlack({ method, token, apiUrl }: Asked): Promise<Heard> {
  const url = new URL(method, apiUrl ?? 'https://slack.com/api/')
  const { status, headers, text } = await post(url, token)
  if (status === 429) {
    const { seconds, askedFor } = restIn(headers.get('retry-after'))
    throw new SlackBusy(method, seconds, askedFor)
  }
  const answer = yesOrNo.safeParse(jsonOf(text))
  if (!answer.success || status !== 200)
    throw new SlackUnheard(method, `${placeInWords(url)} did not answer as Slack does (HTTP status ${status})`, {
      proxy: proxyTo(url),
    })
  const date = Date.parse(headers.get('date') ?? '')
  return {
    answer: answer.data,
    date: Number.isNaN(date) ? null : new Date(date),
    scopes: listOf(headers.get('x-oauth-scopes')),
  }
}

/**
 * The platform's own error for a token that can't be sent quotes the token; of any other error only the code is passed
 * on.
 */
async function post(url: URL, token: string) {
  if (!isSendable(token)) throw new Error('A token has a character in it that no Slack token has: copy it again.')
  try {
    const headers = { authorization: `Bearer ${token}` }
    const response = await fetch(url, { method: 'POST', headers, signal: AbortSignal.timeout(10_000) })
    return { status: response.status, headers: response.headers, text: await response.text() }
  } catch (error) {
    throw unheard(url.pathname.split('/').at(-1)!, url.href, error, [token])
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function listOf(header: string | null): string[] | null {
  return header === null
    ? null
    : header
        .split(',')
        .map((scope) => scope.trim())
        .filter((scope) => scope !== '')
}
