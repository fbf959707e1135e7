import { type App, type Logger, SocketModeReceiver } from '@slack/bolt'
import type { FetchFunction } from '@slack/web-api'
import { type Dispatcher, fetch, type RequestInit } from 'undici'
import { z } from 'zod'
import { slackFetch } from './answers.ts'
import type { Rests } from './rests.ts'
import { openWayOut, type Proxies } from './way-out.ts'

export type LinkOptions = {
  readonly appToken: string
  readonly apiUrl: string | null
  readonly proxies: Proxies | null
  readonly logger: Logger
  /** Where it is kept how long Slack wants to be left alone; each connection's own unless given. */
  readonly rests?: Rests
  /** How long Slack may take from the question for an address to its greeting, in milliseconds. */
  readonly withinMs?: number
  /** How long it may leave a ping without an answer, in milliseconds. */
  readonly pongWithinMs?: number
}

/** What Slack says when a connection stands: how many the app has by its count, if it says so. */
export type Hello = { readonly connections: number | null }

/** One connection, from the question for its address until it is over. It never comes back by itself. */
export type Link = {
  /** Rejects with why it did not come about, naming the host and the cause. */
  readonly stands: Promise<Hello>
  /** Resolves when it stands no more, with Slack's own reason where it gave one. */
  readonly over: Promise<string | null>
  /** Says goodbye, or gives up the attempt. */
  close(): void
}

/**
 * Slack's client comes back by itself, but at ever longer intervals, not at all after some failures, and twice after
 * others (slack.md §1.3 and §10). So each connection gets a client of its own, which ends with it.
 */
export function openLink(
  app: App,
  { appToken, apiUrl, proxies, logger, rests, withinMs = 10_000, pongWithinMs = 5_000 }: LinkOptions,
): Link {
  const way = openWayOut(proxies)
  // Its own clientOptions: the socket client writes into the object it is given.
  const clientOptions = {
    fetch: slackFetch({ apiUrl, fetch: fetchOn(way.dispatcher), ...(rests && { rests }) }),
    timeout: withinMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  }
  const receiver = new SocketModeReceiver({
    appToken,
    logger: withoutFailures(logger),
    dispatcher: way.dispatcher,
    autoReconnectEnabled: false,
    clientPingTimeout: pongWithinMs,
    processEventErrorHandler: async ({ error }) => {
      logger.error('A delivery from Slack could not be handled.', error)
      return false
    },
    installerOptions: { clientOptions: { ...clientOptions, ...(apiUrl && { slackApiUrl: apiUrl }) } },
  })
  receiver.init(app)
  let hello: Hello = { connections: null }
  let reason: string | null = null
  let hasStood = false
  const over = Promise.withResolvers<string | null>()
  hear(receiver, logger, (message) => {
    hello = helloOf(message) ?? hello
    reason = farewellOf(message) ?? reason
  })
  receiver.client.on('close', () => {
    way.cut()
    over.resolve(reason)
  })
  return { stands: stand(), over: over.promise, close }

  async function stand(): Promise<Hello> {
    const tooLate = Promise.withResolvers<never>()
    const timer = setTimeout(() => tooLate.reject(new TooLate(withinMs)), withinMs)
    try {
      await Promise.race([receiver.client.start(), tooLate.promise])
      hasStood = true
      return hello
    } catch (error) {
      const why = reason === null ? whyNot(error) : `Slack says ${reason}`
      way.cut()
      throw new NoLink(why, { cause: error })
    } finally {
      clearTimeout(timer)
    }
  }

  /** The client rejects with nothing when the WebSocket fails, and else with what became of the question for an address. */
  function whyNot(error: unknown): string {
    if (error instanceof TooLate || error === undefined)
      return `${host()}: ${error?.message ?? way.failure() ?? 'the connection was closed at once'}`
    return (error as Error).message
  }

  function host(): string {
    return way.host() ?? new URL(apiUrl ?? 'https://slack.com').host
  }

  function close(): void {
    if (hasStood) void receiver.client.disconnect()
    else way.cut()
  }
}

const greeting = z.looseObject({ type: z.literal('hello'), num_connections: z.number().optional() })
const farewell = z.looseObject({ type: z.literal('disconnect'), reason: z.string() })
/** Spares every other message a second reading. */
const isOfConnection = /"type":\s*"(hello|disconnect)"/

/** Null for any other message than Slack's greeting. */
export function helloOf(message: string): Hello | null {
  const read = greeting.safeParse(ofConnection(message))
  return read.success ? { connections: read.data.num_connections ?? null } : null
}

/** Why Slack lets go of a connection; null for any other message. */
export function farewellOf(message: string): string | null {
  const read = farewell.safeParse(ofConnection(message))
  return read.success ? read.data.reason : null
}

function ofConnection(message: string): unknown {
  return isOfConnection.test(message.slice(0, 500)) ? JSON.parse(message) : null
}

function fetchOn(dispatcher: Dispatcher): FetchFunction {
  return (url, init) => fetch(url, { ...init, dispatcher } as RequestInit)
}

class TooLate extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms / 1000} seconds`)
  }
}

/** Why a connection did not come about. */
export class NoLink extends Error {
  override name = 'NoLink'
}

/**
 * Passes on what Slack says of the connection itself. The client (3.1.0) throws on an event with nothing in it, as Slack's own
 * `app_rate_limited`, and does not ack it, so that Slack would send it again. Source: slack.md §1.3, point 4.
 */
function hear({ client }: SocketModeReceiver, logger: Logger, onMessage: (message: string) => void): void {
  const listeners = client.listeners('ws_message')
  client.removeAllListeners('ws_message')
  client.on('ws_message', async (...message: unknown[]) => {
    try {
      onMessage(String(message[0]))
      for (const listener of listeners) await listener(...message)
    } catch (error) {
      logger.error('A message from Slack could not be read, and was passed over.', error)
      const envelope = envelopeOf(String(message[0]))
      if (envelope !== null) client.websocket?.send(JSON.stringify({ envelope_id: envelope }), () => {})
    }
  })
}

const delivered = z.looseObject({ envelope_id: z.string() })

/** What an ack of this message has to name; null for a message that takes none. */
function envelopeOf(message: string): string | null {
  try {
    return delivered.safeParse(JSON.parse(message)).data?.envelope_id ?? null
  } catch {
    return null
  }
}

/** Whatever keeps a connection from standing is told once, with its cause, by who waits for it. */
function withoutFailures(logger: Logger): Logger {
  const isOfAttempt = (first: unknown) => ofAttempt.test(String(first))
  return {
    ...logger,
    warn: (...parts) => (isOfAttempt(parts[0]) ? undefined : logger.warn(...parts)),
    error: (...parts) => (isOfAttempt(parts[0]) ? undefined : logger.error(...parts)),
  }
}

const ofAttempt = /^(WebSocket error|Failed to retrieve a new WSS URL|http request failed)/
