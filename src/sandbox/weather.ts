import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'

/**
 * The fate of one request on its way. `lost`: it never arrives. `page`: a proxy answers in its place, with status 200.
 * `busy` and `broken`: so does a gateway, with 429 and 502. After `answer lost`, `cut short` and `broken after`, it did
 * arrive and was done, and nobody hears so.
 */
export type Weather = 'fine' | 'lost' | 'page' | 'busy' | 'broken' | 'answer lost' | 'cut short' | 'broken after'

/** The fate of each request; a number is how many milliseconds it takes longer. */
export type Forecast = (request: { readonly method: string; readonly path: string }) => Weather | number

const page = `<!DOCTYPE html><title>Sign in to the proxy</title>${'<p>Please sign in.</p>'.repeat(40)}`

/** Runs `handle` if the request gets through. Its answer may not. */
export async function under(
  forecast: Forecast | null,
  request: IncomingMessage,
  response: ServerResponse,
  handle: () => Promise<void> | void,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://sandbox')
  const met = forecast?.({ method: request.method ?? 'GET', path: pathname }) ?? 'fine'
  const weather = typeof met === 'number' ? 'fine' : met
  if (typeof met === 'number') await new Promise((resolve) => setTimeout(resolve, met).unref())
  if (weather in inPlace) return inPlace[weather as keyof typeof inPlace](response)
  if (weather in spoilt) spoilt[weather as keyof typeof spoilt](response)
  return handle()
}

const inPlace = {
  lost: (response: ServerResponse) => void response.socket?.destroy(),
  page: (response: ServerResponse) => void response.writeHead(200, { 'content-type': 'text/html' }).end(page),
  busy: (response: ServerResponse) => void response.writeHead(429, { 'retry-after': '1' }).end(),
  broken: (response: ServerResponse) => void response.writeHead(502, { 'content-type': 'text/html' }).end(page),
}

const spoilt = {
  'answer lost': (response: ServerResponse) => answering(response, () => response.socket?.destroy()),
  'cut short': (response: ServerResponse) =>
    answering(response, (body) => {
      response.setHeader('content-length', body.length)
      response.write(body.subarray(0, Math.ceil(body.length / 2)))
      response.socket?.destroySoon()
    }),
  'broken after': (response: ServerResponse) =>
    answering(response, () => response.writeHead(502, { 'content-type': 'text/html' }).end(page)),
}

/** Does `instead` of sending the answer, whose status and headers are set by then. */
function answering(response: ServerResponse, instead: (body: Buffer) => void): void {
  const own = {
    writeHead: (status: number, headers: OutgoingHttpHeaders = {}) => {
      response.statusCode = status
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value!)
      return response
    },
    end: (body: string | Buffer = '') => {
      for (const name of ['writeHead', 'end']) Reflect.deleteProperty(response, name)
      instead(Buffer.from(body))
      return response
    },
  }
  Object.assign(response, own)
}
