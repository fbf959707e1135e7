import { type App, type Logger, SocketModeReceiver } from '@slack/bolt'
import type { FetchFunction } from '@slack/web-api'
import { type Dispatcher, fetch, type RequestInit, type WebSocket } from 'undici'
import { z } from 'zod'
import { fromOutside } from '../../domain/from-outside.ts'
import type { Proxies } from '../../proxies-used.ts'
import { placeInWords } from '../../proxies-used.ts'
import { shaped, slackFetch } from '../calls/answers.ts'
import type { Rests } from '../calls/rests.ts'
import { slackWaitsMs } from './delivery.ts'
import { hear } from './hear.ts'
import { owedAcks } from './owed-acks.ts'
import { watchPongs } from './pongs.ts'
import { openWayOut } from './way-out.ts'

export type LinkOptions = {
  readonly appToken: string
  readonly apiUrl: string | null
  readonly proxies: Proxies | null
  readonly logger: Logger
  /** Remembers how long Slack wants to be left alone; each connection's own unless given. */
  readonly rests?: Rests
  /** How long Slack may take from the request for an address to its greeting, in milliseconds. */
  readonly withinMs?: number
  /** How long it may leave pings unanswered, in milliseconds. */
  readonly pongWithinMs?: number
  /** How long an ack is still of use, in milliseconds. */
  readonly ackWithinMs?: number
}

/** Slack's greeting on a new connection: how many the app has by its count, if it says so. */
export type Hello = { readonly connections: number | null }

/** One connection, from the request for its address until it is over. It never comes back by itself. */
export type Link = {
  /** Rejects with the reason it did not come about, naming the host and the cause. */
  readonly stands: Promise<Hello>
  /** Resolves when it no longer stands or Slack takes it back, with Slack's own reason if it gave one. */
  readonly over: Promise<string | null>
  /**
   * Resolves when its socket is closed: a connection that Slack takes back stays open until everything that came over
   * it is acked.
   */
  readonly gone: Promise<void>
  /** Says goodbye once everything that came over it is acked, or gives up the attempt. Resolves once that is said. */
  close(): Promise<void>
}

/**
 * Slack's client reconnects by itself, but at ever longer intervals, not at all after some failures, and twice after
 * others (slack.md §1.3 and §10). So each connection gets a client of its own, which ends with it. The client would
 * also close a connection at once when Slack takes it back, and then nothing that came over it could be acked.
 */
export function openLink(app: App, { appToken, apiUrl, proxies, logger, rests, ...within }: LinkOptions): Link {
  const { withinMs = 10_000, pongWithinMs = 5_000, ackWithinMs = slackWaitsMs } = within
  const way = openWayOut(proxies)
  // Its own clientOptions: the socket client writes into the object it is given.
  const clientOptions = {
    fetch: withAddress(slackFetch({ apiUrl, fetch: fetchOn(way.dispatcher), ...(rests && { rests }) })),
    timeout: withinMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  }
  const receiver = new SocketModeReceiver({
    appToken,
    logger: withoutFailures(logger),
    dispatcher: way.dispatcher,
    autoReconnectEnabled: false,
    clientPingTimeout: never,
    processEventErrorHandler: async ({ error }) => {
      logger.error('A delivery from Slack could not be handled.', error)
      return false
    },
    installerOptions: { clientOptions: { ...clientOptions, ...(apiUrl && { slackApiUrl: apiUrl }) } },
  })
  const owed = owedAcks(app)
  receiver.init(owed.app)
  let hello: Hello = { connections: null }
  let reason: string | null = null
  let hasStood = false
  let unwatch = () => {}
  const over = Promise.withResolvers<string | null>()
  const gone = Promise.withResolvers<void>()
  hear(receiver, logger, (message) => {
    hello = helloOf(message) ?? hello
    const farewell = farewellOf(message)
    reason = farewell ?? reason
    if (farewell === null || !hasStood) return true
    over.resolve(reason)
    void close()
    return false
  })
  receiver.client.on('close', () => {
    unwatch()
    way.cut()
    over.resolve(reason)
    gone.resolve()
  })
  return { stands: stand(), over: over.promise, gone: gone.promise, close }

  async function stand(): Promise<Hello> {
    const tooLate = Promise.withResolvers<never>()
    const timer = setTimeout(() => tooLate.reject(new TooLate(withinMs)), withinMs)
    try {
      await Promise.race([receiver.client.start(), tooLate.promise])
      hasStood = true
      unwatch = watchPongs(socketOf(receiver), { withinMs: pongWithinMs, onSilence })
      return hello
    } catch (error) {
      const why = reason === null ? whyNot(error) : `Slack says ${reason}`
      way.cut()
      throw new NoLink(why, { cause: error })
    } finally {
      clearTimeout(timer)
    }
  }

  /**
   * When the WebSocket fails, the client rejects with nothing; otherwise with the failure of the request for an
   * address.
   */
  function whyNot(error: unknown): string {
    if (error instanceof TooLate || error === undefined)
      return `${host()}: ${error?.message ?? way.failure() ?? 'the connection was closed at once'}`
    return (error as Error).message
  }

  function host(): string {
    return placeInWords(way.address() ?? apiUrl ?? 'https://slack.com')
  }

  function onSilence(): void {
    const seconds = pongWithinMs / 1000
    logger.warn(`A connection to Slack (${host()}) has answered no ping for ${seconds} seconds: it is treated as cut.`)
    way.cut()
  }

  async function close(): Promise<void> {
    if (!hasStood) return way.cut()
    await owed.none(ackWithinMs)
    void receiver.client.disconnect()
  }
}

/** The longest a timer can take: the client's own watch, which goes by the clock, never comes due. */
const never = 2 ** 31 - 1

/** The client keeps its socket to itself. */
function socketOf({ client }: SocketModeReceiver): WebSocket {
  return (client.websocket as unknown as { websocket: WebSocket }).websocket
}

const greeting = z.looseObject({ type: z.literal('hello'), num_connections: z.number().optional() })
const farewell = z.looseObject({ type: z.literal('disconnect'), reason: z.string() })
/** Saves reading every other message twice. */
const isOfConnection = /"type":\s*"(hello|disconnect)"/

/** Null for any message except Slack's greeting. */
export function helloOf(message: string): Hello | null {
  const read = greeting.safeParse(ofConnection(message))
  return read.success ? { connections: read.data.num_connections ?? null } : null
}

/** Slack's reason for letting go of a connection, as far as it is ever quoted; null for any other message. */
export function farewellOf(message: string): string | null {
  const read = farewell.safeParse(ofConnection(message))
  return read.success ? fromOutside(read.data.reason) : null
}

function ofConnection(message: string): unknown {
  return isOfConnection.test(message.slice(0, 500)) ? JSON.parse(message) : null
}

function fetchOn(dispatcher: Dispatcher): FetchFunction {
  return (url, init) => fetch(url, { ...init, dispatcher } as RequestInit)
}

/** Slack's answer to the request for an address. */
export const givenAddress = z.looseObject({ url: z.url({ protocol: /^wss?$/ }) })

/** Without this check, an answer without an address would cause the client's own error, in its words, at each try. */
function withAddress(ask: FetchFunction): FetchFunction {
  return async (...asked) => {
    const answer = await ask(...asked)
    shaped('apps.connections.open', givenAddress, await answer.json())
    return answer
  }
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

/** Whatever keeps a connection from standing is reported once, with its cause, by whoever waits for it. */
function withoutFailures(logger: Logger): Logger {
  const isOfAttempt = (first: unknown) => ofAttempt.test(String(first))
  return {
    ...logger,
    warn: (...parts) => (isOfAttempt(parts[0]) ? undefined : logger.warn(...parts)),
    error: (...parts) => (isOfAttempt(parts[0]) ? undefined : logger.error(...parts)),
  }
}

const ofAttempt = /^(WebSocket error|Failed to send a |Failed to retrieve a new WSS URL|http request failed)/
