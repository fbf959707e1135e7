import type { FetchFunction } from '@slack/web-api'
import { z } from 'zod'
import { causeOf, isExplained, isOfProxy, neverConnected } from '../../domain/from-outside.ts'
import { placeInWords, proxyTo } from '../../proxies-used.ts'
import { errorName, usualPause } from './errors.ts'
import type { GivingUp } from './giving-up.ts'
import { answerOf, lightFetch } from './light-fetch.ts'
import { tooMany } from './no-kinds.ts'
import { createRests, limitOf, type Rests } from './rests.ts'
import { GivenUp, SlackBusy, SlackNo, SlackUnheard } from './said.ts'

/**
 * The name that answers and logs use for the address at which to answer a person: it is not a method of the web API,
 * and nobody else may learn it.
 */
export const replyAddress = 'response_url'

const yesOrNo = z.union([
  z.looseObject({ ok: z.literal(true) }),
  z.looseObject({ ok: z.literal(false), error: errorName, needed: z.string().max(300).optional().catch(undefined) }),
])

/** Milliseconds in which a method has to answer. */
export const answersWithinMs = 10_000

type Options = {
  /** The web API's address; any other address called is one at which to answer a person. */
  readonly apiUrl: string | null
  /** `lightFetch` unless given. */
  readonly fetch?: FetchFunction
  /** Called with the result of each call that was made. */
  readonly onAnswer?: (answered: Answered) => void
  /** The methods that Slack wants left alone for a while: none of them is called before that is over. */
  readonly rests?: Rests
  /** How long to wait for an address at which to answer a person. */
  readonly replyWithinMs?: number
  /** Nothing is given up unless given. */
  readonly givingUp?: GivingUp | undefined
}

/** The result of one call. */
export type Answered = {
  readonly method: string
  /** The channel it was about, if any. */
  readonly channel: string | null
  /** Null if Slack itself said yes. */
  readonly failure: SlackNo | SlackBusy | SlackUnheard | null
}

/**
 * A `fetch` for Slack's web client under which every call ends with Slack's own yes, or throws in words that name Slack
 * and the method. The client by itself takes any text for the name of an error, and throws the platform's raw errors
 * for a body that stalls. Source: slack.md §10.
 */
export function slackFetch({
  apiUrl,
  fetch = lightFetch,
  onAnswer = () => {},
  rests = createRests(),
  replyWithinMs = 5_000,
  givingUp,
}: Options): FetchFunction {
  const unlessOver: GivingUp['unlessOver'] = givingUp?.unlessOver ?? ((_, call) => call())
  return async (url, init) => {
    if (!String(url).startsWith(apiUrl ?? usualApiUrl)) return replied(url, init)
    const method = String(url).split('/').at(-1)!
    const channel = method.startsWith('views.') ? null : channelIn(init?.body)
    const limit = limitOf(method, method === 'chat.postMessage' ? channel : null)
    notBefore(rests, limit, method)
    try {
      const call = { method, limit, url: String(url), rests, read: answerIn }
      const response = await answerTo(() => unlessOver(method, () => fetch(url, init)), call)
      onAnswer({ method, channel, failure: null })
      return response
    } catch (failure) {
      if (!(failure instanceof GivenUp))
        onAnswer({ method, channel, failure: failure as SlackNo | SlackBusy | SlackUnheard })
      throw failure
    }
  }

  async function replied(...[url, init]: Parameters<FetchFunction>): ReturnType<FetchFunction> {
    const limit = String(url)
    notBefore(rests, limit, replyAddress)
    const soon = { ...init, signal: AbortSignal.timeout(replyWithinMs) }
    return answerTo(() => unlessOver(replyAddress, () => fetch(url, soon)), {
      method: replyAddress,
      limit,
      url: limit,
      rests,
      read: replyIn,
    })
  }
}

type Answer = z.infer<typeof yesOrNo>
type Call = {
  readonly method: string
  readonly limit: string
  readonly url: string
  readonly rests: Rests
  /** Reads an answer; undefined if it is not Slack's. */
  readonly read: (text: string, status: number) => Answer | undefined
}

function notBefore(rests: Rests, limit: string, method: string): void {
  const left = rests.left(limit)
  if (left > 0) throw new SlackBusy(method, Math.ceil(left / 1000), rests.askedFor(limit))
}

async function answerTo(call: () => ReturnType<FetchFunction>, { method, limit, url, rests, read }: Call) {
  const { status, headers, text } = await heard(call, method, url)
  const answer = read(text, status)
  const rest = restIn(headers.get('retry-after'), longestPauseOf(method))
  if (status === 429 || (answer?.ok === false && tooMany.includes(answer.error)))
    rests.begin(limit, rest.seconds, rest.askedFor)
  if (status === 429) throw new SlackBusy(method, rest.seconds, rest.askedFor)
  if (answer === undefined) {
    const why = `${placeInWords(url)} answered with ${inShort(status, text)}${status >= 500 ? '' : notSlacks}`
    throw new SlackUnheard(method, why, { proxy: proxyTo(url) })
  }
  if (!answer.ok) throw new SlackNo(method, answer)
  const kept = { ...Object.fromEntries(headers.entries()), 'content-type': 'application/json' }
  return answerOf({ headers: kept, text: forClient(answer) ?? text })
}

/**
 * Slack repeats each view and message it was sent, and the client walks through all of it again, so only the parts stay
 * that the app needs to redraw a view. Of Slack's words about its answer, only the start of the next page stays: the
 * client logs the rest in full, and after a yes it throws if the rest has another form. Null for an answer that has
 * neither.
 */
function forClient({ response_metadata, ...answer }: Answer): string | null {
  const read = echo.safeParse(answer)
  if (!read.success && response_metadata === undefined) return null
  return JSON.stringify({ ...answer, ...read.data, response_metadata: metadata.parse(response_metadata) })
}

const metadata = z.object({ next_cursor: z.string().optional() }).catch({})

const echo = z.union([
  z.object({ view: z.object({ id: z.string(), hash: z.string().optional() }) }),
  z.object({ message: z.looseObject({}).transform(() => undefined) }),
])

function answerIn(text: string, status: number): Answer | undefined {
  return status === 200 ? yesOrNo.safeParse(jsonOf(text)).data : undefined
}

/**
 * A response address accepts with any text or none, and refuses with the bare name of an error. A page, or JSON that
 * says neither, does not count as an answer.
 */
function replyIn(text: string, status: number): Answer | undefined {
  if (status >= 500 || (status >= 300 && status < 400)) return undefined
  const said = yesOrNo.safeParse(jsonOf(text)).data
  if (said !== undefined) return said
  const name = errorName.safeParse(text).data
  if (status >= 400) return name === undefined ? undefined : { ok: false, error: name }
  return jsonOf(text) === null || text.trimStart().startsWith('<') ? undefined : { ok: true }
}

/** Not said about a 5xx: then Slack itself may have nothing more to say. */
const notSlacks = ', which did not come from Slack'

/**
 * In seconds. Something that answers in Slack's place for a moment can't keep the app away for longer; a call every ten
 * minutes is no burden.
 */
const longestPause = 600

/**
 * In seconds. Without a connection the app is deaf, and Slack counts calls of this method by the minute: one more try
 * after that is no burden, however long something in between asks to be left alone. Source of the tier, 50 a minute:
 * the method's own page.
 */
const longestDeaf = 60

function longestPauseOf(method: string): number {
  return method === 'apps.connections.open' ? longestDeaf : longestPause
}

const usualApiUrl = 'https://slack.com/api/'

async function heard(call: () => ReturnType<FetchFunction>, method: string, url: string) {
  try {
    const response = await call()
    return { status: response.status, headers: response.headers, text: await response.text() }
  } catch (error) {
    throw error instanceof GivenUp ? error : unheard(method, url, error)
  }
}

/** Words a failed call to this address. */
export function unheard(method: string, url: string, error: unknown, secrets: readonly string[] = []): SlackUnheard {
  const late = error instanceof Error && error.name === 'TimeoutError'
  const place = isOfProxy(error) ? new URL(url).host : placeInWords(url)
  const why = late
    ? `${place} did not answer in time`
    : `the connection to ${place} failed (${causeOf(error, secrets)})`
  const notDone = neverConnected(error)
  return new SlackUnheard(method, why, { isExplained: isExplained(error), proxy: proxyTo(url), notDone })
}

function channelIn(body: unknown): string | null {
  const [, channel] = (typeof body === 'string' && /(?:^|&)channel=([^&]*)/.exec(body)) || []
  return channel === undefined ? null : decodeURIComponent(channel)
}

/** How long to leave Slack alone, by its header, in seconds, and how long it asked for if that is longer. */
export function restIn(retryAfter: string | null, longest = longestPause) {
  const asked = Number.parseInt(retryAfter ?? '', 10)
  if (Number.isNaN(asked)) return { seconds: usualPause, askedFor: null }
  return { seconds: Math.min(Math.max(asked, 1), longest), askedFor: asked > longest ? asked : null }
}

function inShort(status: number, text: string): string {
  const kind = jsonOf(text) === undefined ? 'something that is not JSON' : 'unexpected JSON'
  return `${kind} (HTTP status ${status})`
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * The result of a call, in the form the app needs. Throws like the call if Slack left out something that it always
 * says.
 */
export function shaped<T>(method: string, shape: z.ZodType<T>, given: unknown): T {
  const read = shape.safeParse(given)
  if (read.success) return read.data
  const places = read.error.issues.map(({ path, message }) => `${path.join('.') || 'the answer'}: ${message}`)
  throw new SlackUnheard(method, `its answer can't be read (${places.join('; ').slice(0, 200)})`)
}
