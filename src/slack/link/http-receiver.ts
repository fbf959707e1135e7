import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { type App, defaultBodyLimit, HTTPModuleFunctions as http, type Logger } from '@slack/bolt'
import { minutesToMilliseconds } from 'date-fns/minutesToMilliseconds'
import { atMost } from '../../breathe.ts'
import { asTyped } from '../../domain/as-typed.ts'
import { type Closing, closing } from './closing.ts'
import { slackWaitsMs } from './delivery.ts'
import { closedBySlack, type Listening } from './watched-deliveries.ts'

type HttpOptions = {
  readonly signingSecret: string
  readonly port: number
  /** The address to listen on. */
  readonly host: string
  readonly logger: Logger
  /** How long the rest of a request that is too long is read and thrown away, in milliseconds. */
  readonly lingerMs?: number
  /** How long a stop waits for the rest of a request that has begun to arrive, in milliseconds. */
  readonly arrivesWithinMs?: number
}

/**
 * Takes signed requests from Slack at `/slack/events`: commands, buttons, forms and events. Bolt's own receiver leaves
 * the connection of a request that was too long open and unusable, ends the process over a body of `null`, and keeps
 * the cause of an error to itself (slack.md §10), so only its parts are used here. Its ack answers in the app's place
 * after 3 seconds and then fails; here Slack stops waiting, and a later ack reaches nobody.
 */
export function httpReceiver({ signingSecret, port, host, logger, ...waits }: HttpOptions): Listening {
  const { lingerMs = 2_000, arrivesWithinMs = slackWaitsMs } = waits
  let app: App
  let listening: { readonly server: Server; readonly closing: Closing } | null = null
  const underWay = new Set<Promise<unknown>>()
  return { isListening: () => listening !== null, links: () => null, init, start, stop }

  function init(bolt: App): void {
    app = bolt
  }

  /** Loaded here because Node loads an HTTP client of its own along with the module. */
  async function start(): Promise<void> {
    const { createServer } = await import('node:http')
    const onRequest = (request: IncomingMessage, response: ServerResponse) =>
      void answer(request, response).catch(onError(response))
    const server = createServer({ keepAliveTimeout: keptIdleMs })
    const starting = { server, closing: closing(server) }
    server.on('request', onRequest)
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, resolve)
    })
    listening = starting
  }

  /**
   * Resolves once the last answer to Slack has left. Requests that have begun to arrive are read and answered too, but
   * only as long as somebody waits for the answer: anybody can send part of a request.
   */
  async function stop(): Promise<void> {
    const stopping = listening
    listening = null
    if (!stopping) return
    const { server, closing } = stopping
    closing.begin()
    await atMost(arrivesWithinMs, closing.closed)
    while (underWay.size > 0) await Promise.all(underWay)
    server.closeAllConnections()
    await closing.closed
  }

  function isAnswering(response: ServerResponse): void {
    const left = new Promise<void>((resolve) => response.once('close', resolve))
    underWay.add(left)
    left.then(() => underWay.delete(left))
  }

  function onError(response: ServerResponse) {
    return (error: unknown) => {
      logger.error('A request from Slack could not be handled.', error)
      if (!response.headersSent) response.writeHead(500).end()
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isOfSlack = request.method === 'POST' && request.url?.split('?')[0] === '/slack/events'
    if (!isOfSlack) return void response.writeHead(404).end()
    const read = await signed(request, response)
    if (read === null) return
    isAnswering(response)
    const body = bodyOf(read)
    if (body === null) return void response.writeHead(400, plain).end('The body is not one that Slack sends.\n')
    if (body.ssl_check === '1') return http.buildSSLCheckResponse(response)
    if (body.type === 'url_verification') return http.buildUrlVerificationResponse(response, body)
    await deliver(read, body, response)
  }

  /** Null if it was answered already, because nobody can tell that it is Slack's. */
  async function signed(request: IncomingMessage, response: ServerResponse) {
    try {
      return await http.parseAndVerifyHTTPRequest({ signingSecret, bodyLimit: defaultBodyLimit }, request)
    } catch (error) {
      logger.warn(`A request was turned away: ${whyNot(error as Error)}`)
      if (http.isRawBodyError(error) && error.statusCode === 413) await tooLong(request, response, lingerMs)
      else response.writeHead(401).end()
      return null
    }
  }

  async function deliver(
    request: Awaited<ReturnType<typeof http.parseAndVerifyHTTPRequest>>,
    body: object,
    response: ServerResponse,
  ) {
    const retryNum = http.extractRetryNumFromHTTPRequest(request)
    const retryReason = http.extractRetryReasonFromHTTPRequest(request)
    await app.processEvent({
      body,
      ack: async (answer) => {
        if (response.destroyed) throw new ClosedBySlack()
        http.buildContentResponse(response, answer)
      },
      ...(retryNum !== undefined && { retryNum }),
      ...(retryReason !== undefined && { retryReason }),
    })
  }
}

/**
 * A proxy that ends HTTPS in front of the app keeps connections for the next request: most keep them for 60 or 75
 * seconds, Google's for ten minutes. A connection closed here just when such a request comes loses it, and Slack never
 * sends a command or press again.
 */
const keptIdleMs = minutesToMilliseconds(11)

/** A wrong secret or clock gives the same Bolt error as a request that is not from Slack. */
function whyNot({ message }: Error): string {
  if (message.includes('request is stale'))
    return `${message}. If Slack sent it just now, this machine's clock is ahead: set it. "${asTyped('doctor')}" compares it with Slack's.`
  if (!message.includes('signature mismatch')) return message
  return `${message}. If Slack sent it, SLACK_SIGNING_SECRET does not belong to this app: copy the "Signing Secret" of its Basic Information.`
}

class ClosedBySlack extends Error {
  readonly code = closedBySlack
  constructor() {
    super('Slack has closed the connection that this came over.')
  }
}

const plain = { 'content-type': 'text/plain; charset=utf-8' }

/** Null if it is not an object, or not JSON where it has to be. */
function bodyOf(request: Parameters<typeof http.parseHTTPRequestBody>[0]): Record<string, unknown> | null {
  try {
    const body: unknown = http.parseHTTPRequestBody(request)
    return typeof body === 'object' && !Array.isArray(body) ? (body as Record<string, unknown> | null) : null
  } catch {
    return null
  }
}

/**
 * The rest of the body is still to come, so nothing else can be said on this connection: it is closed. If it were
 * closed at once, the answer would be lost on the way, so some of the rest is read first.
 */
async function tooLong(request: IncomingMessage, response: ServerResponse, lingerMs: number): Promise<void> {
  response.writeHead(413, { connection: 'close' }).flushHeaders()
  await atMost(lingerMs, new Promise((resolve) => request.once('close', resolve).once('end', resolve).resume()))
  response.end()
}
