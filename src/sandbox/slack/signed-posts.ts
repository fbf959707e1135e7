import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Envelope, Transport } from './transport.ts'
import { identity } from './workspace.ts'

/**
 * Sends payloads as signed HTTP POSTs; the response is the ack. Commands and interactions are forms, events are JSON.
 */
export function createSignedPosts(url: string): Transport {
  return {
    via: 'http',
    async send(envelope, signal) {
      try {
        const { status, contentType, text } = await post(url, signed(envelope), signal)
        if (status < 200 || status > 299) return { kind: 'failed', error: statusError(status) }
        return { kind: 'acked', body: ackBody(contentType, text) }
      } catch {
        return signal.aborted ? { kind: 'timed out' } : { kind: 'no connection' }
      }
    },
  }
}

type Post = { readonly headers: Record<string, string>; readonly body: string }
type Response = { readonly status: number; readonly contentType: string; readonly text: string }

/** One connection for each POST, closed with it: keeping it would hold up the app's own stop. */
async function post(url: string, { headers, body }: Post, signal: AbortSignal): Promise<Response> {
  const outgoing = request(url, { method: 'POST', headers, agent: false, signal })
  outgoing.end(body)
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  return {
    status: incoming.statusCode ?? 0,
    contentType: incoming.headers['content-type'] ?? '',
    text: await text(incoming),
  }
}

/** The names that people report seeing after a command; Slack documents only `operation_timeout`. */
function statusError(status: number): string {
  return status < 500 ? 'http_client_error' : 'http_service_error'
}

/**
 * `v0:timestamp:body` under the signing secret (slack.md §5). The timestamp is always the real time, whatever clock the
 * workspace uses: the app compares it with its own.
 */
function signed({ kind, body, retry, retryReason }: Envelope): Post {
  const content = encode(kind, body)
  const timestamp = String(Math.floor(Date.now() / 1000))
  const digest = createHmac('sha256', identity.signingSecret).update(`v0:${timestamp}:${content}`).digest('hex')
  const headers = {
    'content-type': kind === 'event' ? 'application/json' : 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${digest}`,
    ...(retry > 0 && { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': retryReason ?? '' }),
  }
  return { headers, body: content }
}

function encode(kind: Envelope['kind'], body: Envelope['body']): string {
  if (kind === 'event') return JSON.stringify(body)
  if (kind === 'command') return new URLSearchParams(body as Record<string, string>).toString()
  return new URLSearchParams({ payload: JSON.stringify(body) }).toString()
}

function ackBody(contentType: string, text: string): unknown {
  try {
    return contentType.includes('json') ? JSON.parse(text) : text
  } catch {
    return text
  }
}
