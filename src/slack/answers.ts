import type { FetchFunction } from '@slack/web-api'
import { z } from 'zod'
import { causeOf } from '../domain/from-outside.ts'
import { errorName, usualPause } from './errors.ts'
import { tooMany } from './no-kinds.ts'
import { createRests, limitOf, type Rests } from './rests.ts'
import { SlackBusy, SlackNo, SlackUnheard } from './said.ts'

const yesOrNo = z.union([
  z.looseObject({ ok: z.literal(true) }),
  z.looseObject({ ok: z.literal(false), error: errorName, needed: z.string().max(300).optional().catch(undefined) }),
])

type Options = {
  /** Where the web API is; whatever else is called, such as the address to answer a person at, goes through as it is. */
  readonly apiUrl: string | null
  /** The platform's unless given. */
  readonly fetch?: FetchFunction
  /** Told of each of Slack's own answers: null for a yes. */
  readonly onAnswer?: (no: SlackNo | null) => void
  /** Where it is kept which methods Slack wants to be left alone with: nothing is called before that is over. */
  readonly rests?: Rests
  /** How long an address to answer a person at is waited for; a stop waits for that too, and is not to take long. */
  readonly replyWithinMs?: number
}

/**
 * A `fetch` for Slack's web client under which every call ends with Slack's own yes, or throws in words that name Slack and the
 * method. By itself the client takes any text for the name of an error, and throws raw errors of the platform for a body
 * that stalls. Source: slack.md §10.
 */
export function slackFetch({
  apiUrl,
  fetch = platform,
  onAnswer = () => {},
  rests = createRests(),
  replyWithinMs = 5_000,
}: Options): FetchFunction {
  return async (url, init) => {
    if (!String(url).startsWith(apiUrl ?? usualApiUrl)) return replied(url, init)
    const method = String(url).split('/').at(-1)!
    const limit = limitOf(method, method === 'chat.postMessage' ? channelIn(init?.body) : null)
    const left = rests.left(limit)
    if (left > 0) throw new SlackBusy(method, Math.ceil(left / 1000))
    const { status, headers, text } = await heard(() => fetch(url, init), method, hostOf(url))
    const answer = yesOrNo.safeParse(jsonOf(text)).data
    const seconds = secondsIn(headers.get('retry-after'))
    if (status === 429 || (answer?.ok === false && tooMany.includes(answer.error))) rests.begin(limit, seconds)
    if (status === 429) throw new SlackBusy(method, seconds)
    if (status !== 200 || answer === undefined)
      throw new SlackUnheard(method, `${hostOf(url)} answered with ${inShort(status, text)}, which is not Slack's`)
    const no = answer.ok ? null : new SlackNo(method, answer)
    onAnswer(no)
    if (no) throw no
    return new Response(text, { headers: Object.fromEntries(headers.entries()) })
  }

  async function replied(...[url, init]: Parameters<FetchFunction>): Promise<Response> {
    const soon = { ...init, signal: AbortSignal.timeout(replyWithinMs) }
    const { status, text } = await heard(() => fetch(url, soon), 'response_url', hostOf(url))
    return new Response(text || null, { status })
  }
}

const usualApiUrl = 'https://slack.com/api/'
const platform: FetchFunction = (url, init) => globalThis.fetch(url, init)

async function heard(call: () => ReturnType<FetchFunction>, method: string, host: string) {
  try {
    const response = await call()
    return { status: response.status, headers: response.headers, text: await response.text() }
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError'
    const why = late ? `${host} did not answer in time` : `the connection to ${host} failed (${causeOf(error)})`
    throw new SlackUnheard(method, why)
  }
}

function channelIn(body: unknown): string | null {
  return typeof body === 'string' ? new URLSearchParams(body).get('channel') : null
}

function hostOf(url: Parameters<FetchFunction>[0]): string {
  return new URL(String(url)).host
}

function secondsIn(retryAfter: string | null): number {
  const seconds = Number.parseInt(retryAfter ?? '', 10)
  return Number.isNaN(seconds) ? usualPause : seconds
}

function inShort(status: number, text: string): string {
  const kind = jsonOf(text) === undefined ? 'no JSON' : 'JSON of another form'
  return `${kind} (HTTP status ${status})`
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What a call gave, as the app needs it. Throws as the call does when Slack left out something that it always says. */
export function shaped<T>(method: string, shape: z.ZodType<T>, given: unknown): T {
  const read = shape.safeParse(given)
  if (read.success) return read.data
  const places = read.error.issues.map(({ path, message }) => `${path.join('.') || 'the answer'}: ${message}`)
  throw new SlackUnheard(method, `its answer can't be read (${places.join('; ').slice(0, 200)})`)
}
