import ky, { type KyInstance } from 'ky'
import { isOfProxy, ProxySilence } from '../domain/from-outside.ts'
import { Refusal } from '../domain/refusal.ts'
import { isSendable } from '../domain/text.ts'
import { bounded } from './bounds.ts'
import { type Leaving, NeverLeft, neverLeft, watching } from './leaving.ts'
import { createTurns, type Wanted } from './turns.ts'

export type HttpOptions = {
  readonly baseUrl: string
  readonly apiKey: string
  readonly authtoken: string
  /** Milliseconds that one try of a read may take. */
  readonly readTimeoutMs: number
  /** Milliseconds that a write may take in all, including the wait for its turn. */
  readonly writeTimeoutMs: number
  readonly requestsPerSecond: number
  /** Milliseconds before the first retry of a read; doubles with each. */
  readonly retryDelayMs: number
  readonly fetch: typeof fetch
}

export type Http = {
  /**
   * Reads, and tries again after a network failure, a 429 or a 5xx. `headers` set to undefined are left out. Throws
   * TooLarge for an answer too long to read, and TooManyWaiting if its turn would be too long in coming.
   */
  get(
    path: string,
    query: Record<string, string | number>,
    headers?: Record<string, string | undefined>,
    wanted?: Wanted,
  ): Promise<unknown>
  /**
   * Sends once, ahead of the reads that wait, and resolves for a 2xx; throws NotSent or NeverLeft if it is certain that
   * nothing left this process.
   */
  put(path: string, body: unknown): Promise<PutAnswer>
}

/** `body`: of a 2xx, as JSON or as it came; undefined if it broke off. */
export type PutAnswer = { readonly body: unknown; readonly requestId: string | null }

/** The write's time ran out before its turn came. */
export class NotSent extends Error {
  override name = 'NotSent'
}

/** Half a minute at two requests a second. Few ever meet this: a person's looks wait one at a time. */
export const mostWaiting = 60

/** Speaks HTTP with one stack, inside its organisation's request limits, which other clients share. */
export function createHttp(given: HttpOptions): Http {
  const options = { ...given, fetch: bounded(given.fetch) }
  const { readTimeoutMs, writeTimeoutMs, requestsPerSecond } = options
  const stack = inTurn(options, createTurns({ perSecond: requestsPerSecond, mostWaiting }))
  const reads = stack.extend({ timeout: readTimeoutMs, retry: retries(options.retryDelayMs) })
  const writes = stack.extend({ timeout: writeTimeoutMs, totalTimeout: writeTimeoutMs, retry: 0 })

  return {
    get: (path, searchParams, headers = {}, wanted = {}) =>
      reads.get(path, { searchParams, headers, context: { ...wanted } }).json(),
    put,
  }

  async function put(path: string, json: unknown) {
    let sent = false
    const leaving: Leaving = { isHeld: false, hasBegun: false }
    const send: typeof fetch = (input, init) => {
      sent = true
      return watching(leaving, () => options.fetch(input, init))
    }
    try {
      const context: Wanted = { first: true, until: performance.now() + writeTimeoutMs }
      const response = await writes.put(path, { json, fetch: send, context: { ...context } })
      const body = await response.json().catch(() => undefined)
      return { body, requestId: response.headers.get('x-request-id') }
    } catch (error) {
      if (!sent) throw new NotSent('the write did not get its turn in time, and was not sent')
      throw neverLeft(leaving) ? new NeverLeft('nothing of the write was sent', { cause: error }) : error
    }
  }
}

/** Redirects are not followed: they would carry the authtoken to another host, or send a write twice. */
function inTurn(
  { baseUrl, apiKey, authtoken, fetch }: HttpOptions,
  turn: (wanted: Wanted) => Promise<void>,
): KyInstance {
  refuseUnsendable({ 'API key': apiKey, authtoken })
  return ky.create({
    prefix: `${baseUrl.replace(/\/+(v3\/*)?$/, '')}/v3`,
    headers: { api_key: apiKey, authtoken },
    redirect: 'manual',
    fetch,
    hooks: {
      beforeRequest: [({ options }) => turn(options.context)],
      beforeRetry: [({ options }) => turn({ ...options.context, again: true })],
    },
  })
}

/** The platform's own error for a header that can't be sent quotes the value. */
function refuseUnsendable(headers: Record<string, string>) {
  for (const [name, value] of Object.entries(headers))
    if (!isSendable(value))
      throw new Refusal(
        'unavailable',
        `The ${name} is empty or has a space, line break or other character in it that Contentstack never uses in one: copy it again.`,
      )
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
