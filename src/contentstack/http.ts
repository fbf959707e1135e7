import ky, { type KyInstance } from 'ky'
import { isOfProxy, ProxySilence } from '../domain/from-outside.ts'
import { bounded } from './bounds.ts'
import { type Credential, type Header, requireSendable } from './credential.ts'
import { isUnauthorised } from './errors.ts'
import { type Leaving, NeverLeft, neverLeft, watching } from './leaving.ts'
import { createTurns, type Wanted } from './turns.ts'

export type HttpOptions = {
  readonly baseUrl: string
  readonly apiKey: string
  readonly credential: Credential
  /** Milliseconds that one try of a read may take. */
  readonly readTimeoutMs: number
  /** Milliseconds that a write may take in all, including the wait for its turn. */
  readonly writeTimeoutMs: number
  readonly requestsPerSecond: number
  /** How many processes share that; one unless given. */
  readonly sharedBy?: () => number
  /** Milliseconds before the first retry of a read; doubles with each. */
  readonly retryDelayMs: number
  readonly fetch: typeof fetch
}

export type Http = {
  /**
   * Reads, and tries again after a network failure, a 429 or a 5xx. `headers` set to undefined are left out. Throws
   * TooLarge for an answer too long to read, and TooManyWaiting if its turn would be too long in coming.
   */
  get(path: string, query: Query, headers?: Headers, wanted?: Wanted): Promise<unknown>
  /**
   * Sends once, ahead of the reads that wait, and resolves for a 2xx; throws NotSent or NeverLeft if it is certain that
   * the stack got nothing that it let in.
   */
  put(path: string, body: unknown): Promise<PutAnswer>
}

/** `body`: of a 2xx, as JSON or as it came; undefined if it broke off. */
export type PutAnswer = { readonly body: unknown; readonly requestId: string | null }

/**
 * The write's time ran out before its turn came, there was nothing to send it with (the cause says why), or Contentstack
 * did not accept that, and the next try is made with something else.
 */
export class NotSent extends Error {
  override name = 'NotSent'
}

/** Half a minute at two requests a second. Few ever meet this: a person's looks wait one at a time. */
export const mostWaiting = 60

/** Speaks HTTP with one stack, inside its organisation's request limits, which other clients share. */
export function createHttp(given: HttpOptions): Http {
  const options = { ...given, fetch: bounded(given.fetch) }
  const { readTimeoutMs, writeTimeoutMs, requestsPerSecond: perSecond, sharedBy } = options
  const stack = inTurn(options, createTurns({ perSecond, mostWaiting, ...(sharedBy && { sharedBy }) }))
  const reads = stack.extend({ timeout: readTimeoutMs, retry: retries(options.retryDelayMs) })
  const writes = stack.extend({ timeout: writeTimeoutMs, totalTimeout: writeTimeoutMs, retry: 0 })

  const { credential } = options
  return { get, put }

  async function get(path: string, searchParams: Query, headers: Headers = {}, wanted: Wanted = {}): Promise<unknown> {
    const read = ([name, value]: Header) =>
      reads.get(path, { searchParams, headers: { [name]: value, ...headers }, context: { ...wanted } }).json()
    const header = await credential.header()
    try {
      return await read(header)
    } catch (error) {
      if (!isUnauthorised(error) || !credential.wasRefused(header)) throw error
      return read(await credential.header())
    }
  }

  async function put(path: string, json: unknown) {
    const until = performance.now() + writeTimeoutMs
    const header = await headerBy(until)
    let sent = false
    const leaving: Leaving = { isHeld: false, hasBegun: false }
    const send: typeof fetch = (input, init) => {
      sent = true
      return watching(leaving, () => options.fetch(input, init))
    }
    try {
      const context: Wanted = { first: true, until }
      const left = Math.max(1, until - performance.now())
      const how = { headers: { [header[0]]: header[1] }, timeout: left, totalTimeout: left }
      const response = await writes.put(path, { json, ...how, fetch: send, context: { ...context } })
      const body = await response.json().catch(() => undefined)
      return { body, requestId: response.headers.get('x-request-id') }
    } catch (error) {
      if (!sent) throw new NotSent(noTurn)
      if (isUnauthorised(error) && credential.wasRefused(header)) throw new NotSent(refusedFirst(credential))
      throw neverLeft(leaving) ? new NeverLeft('nothing of the write was sent', { cause: error }) : error
    }
  }

  async function headerBy(until: number): Promise<Header> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new NotSent(noTurn)), Math.max(0, until - performance.now()))
    })
    try {
      return await Promise.race([credential.header(), late])
    } catch (error) {
      throw error instanceof NotSent ? error : new NotSent((error as Error).message, { cause: error })
    } finally {
      clearTimeout(timer)
    }
  }
}

type Query = Record<string, string | number>
type Headers = Record<string, string | undefined>

const noTurn = 'the write did not get its turn in time, and was not sent'

function refusedFirst({ called }: Credential): string {
  return `Contentstack did not accept the ${called} for this update, so it took nothing, and the next try is made with a new one`
}

/** Redirects are not followed: they would carry the credential to another host, or send a write twice. */
function inTurn({ baseUrl, apiKey, fetch }: HttpOptions, turn: (wanted: Wanted) => Promise<void>): KyInstance {
  requireSendable('API key', apiKey)
  return ky.create({
    prefix: `${baseUrl.replace(/\/+(v3\/*)?$/, '')}/v3`,
    headers: { api_key: apiKey },
    redirect: 'manual',
    fetch,
    hooks: {
      beforeRequest: [({ options }) => turn(options.context)],
      beforeRetry: [({ options }) => turn({ ...options.context, again: true })],
    },
  })
}

/** Retrying a proxy that stays silent for seconds would make people wait four times as long. */
function retries(delayMs: number) {
  return {
    limit: 3,
    shouldRetry: ({ error }: { error: Error }) => (isOfProxy(error, ProxySilence) ? false : undefined),
    methods: ['get'],
    statusCodes: [429, 500, 502, 503, 504],
    maxRetryAfter: 5_000,
    delay: (attempt: number) => delayMs * 2 ** (attempt - 1),
  }
}
