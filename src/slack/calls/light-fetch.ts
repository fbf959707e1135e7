import type { FetchFunction } from '@slack/web-api'
import { request } from 'undici'

type Answer = Awaited<ReturnType<FetchFunction>>
type Headers = Readonly<Record<string, string>>

/**
 * The parts of `fetch` that Slack's web client needs, on the HTTP client's own request: the real `fetch` takes a
 * quarter of all the work under load, for streams, copies and caches that are not used here. A redirect is returned as
 * it came. Throws as the HTTP client does, and with the reason that `signal` was aborted with.
 */
export const lightFetch: FetchFunction = async (url, { method = 'GET', headers = {}, body, signal } = {}) => {
  if (typeof body !== 'string' && body !== undefined) throw new TypeError('Only text is sent to Slack.')
  const asked = read(url, {
    method,
    // Without this header any encoding may come, and none is decoded here.
    headers: { 'accept-encoding': 'identity', ...headers },
    ...(body !== undefined && { body }),
    ...(signal && { signal }),
  })
  return signal ? Promise.race([asked, ended(signal)]) : asked
}

async function read(url: string | URL, options: Parameters<typeof request>[1]): Promise<Answer> {
  const answer = await request(url, options)
  const text = await textOf(answer.body)
  const joined = Object.entries(answer.headers).map(([name, value]) => [name, [value].flat().join(', ')] as const)
  return answerOf({ url: String(url), status: answer.statusCode, headers: Object.fromEntries(joined), text })
}

/** Far more than any answer of Slack's that the app asks for: two hundred messages are a few megabytes. */
const mostBytes = 16 * 2 ** 20

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of body) {
    bytes += part.byteLength
    if (bytes > mostBytes) throw new Error('its answer is larger than 16 MB')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** The request by itself heeds its signal only once it is connected, and a proxy may keep it from that for ever. */
function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const over = () => reject(signal.reason)
    if (signal.aborted) over()
    else signal.addEventListener('abort', over, { once: true })
  })
}

/** An answer that has already been read; its headers' names are in lower case. */
export function answerOf({ url = '', status = 200, headers, text }: Read): Answer {
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText: '',
    url,
    headers: { get: (name) => headers[name.toLowerCase()] ?? null, entries: () => Object.entries(headers) },
    text: async () => text,
    json: async () => JSON.parse(text),
    arrayBuffer: async () => new TextEncoder().encode(text).buffer as ArrayBuffer,
  }
}

type Read = { readonly url?: string; readonly status?: number; readonly headers: Headers; readonly text: string }
