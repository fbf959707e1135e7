import { createHmac } from 'node:crypto'
import type { Envelope, Transport } from './transport.ts'
import { identity } from './workspace.ts'

/** Payloads as signed HTTP POSTs; the response is the ack. Commands and interactions are forms, events are JSON. */
export function createSignedPosts(url: string): Transport {
  return {
    via: 'http',
    async send(envelope, signal) {
      try {
        const response = await fetch(url, { method: 'POST', ...signed(envelope), signal })
        const text = await response.text()
        if (!response.ok) return { kind: 'failed', error: statusError(response.status) }
        return { kind: 'acked', body: ackBody(response.headers.get('content-type') ?? '', text) }
      } catch {
        return signal.aborted ? { kind: 'timed out' } : { kind: 'no connection' }
      }
    },
  }
}

/** The names that people report seeing after a command; Slack documents only `operation_timeout`. */
function statusError(status: number): string {
  return status < 500 ? 'http_client_error' : 'http_service_error'
}

/**
 * `v0:timestamp:body` under the signing secret (slack.md §5). The timestamp is always the real time, whatever clock the
 * workspace goes by: the app compares it with its own.
 */
function signed({ kind, body, retry, retryReason }: Envelope): { headers: Record<string, string>; body: string } {
  const text = encode(kind, body)
  const timestamp = String(Math.floor(Date.now() / 1000))
  const digest = createHmac('sha256', identity.signingSecret).update(`v0:${timestamp}:${text}`).digest('hex')
  const headers = {
    'content-type': kind === 'event' ? 'application/json' : 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${digest}`,
    ...(retry > 0 && { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': retryReason ?? '' }),
  }
  return { headers, body: text }
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
