import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Forecast, under } from '../weather.ts'
import type { Answer } from './answers.ts'
import type { Asked } from './endpoints.ts'

export type Reply = (answer: Answer, headers: Record<string, string>) => void
type Handler = (asked: Asked, reply: Reply, hangUp: () => void) => Promise<void>

/** Long: a client that is slow to notice would write its next request into a connection that is just being closed. */
const keepAliveTimeout = 60_000

/** Serves `handler` on 127.0.0.1. Stopping breaks off open requests. */
export async function serve(handler: Handler, port: number, forecast: () => Forecast | null) {
  const server = createServer({ keepAliveTimeout }, (request, response) => {
    under(forecast(), request, response, () => answer(handler, request, response)).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(handler: Handler, request: IncomingMessage, response: ServerResponse) {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stack')
  const asked: Asked = {
    method: request.method ?? 'GET',
    path: pathname,
    query: searchParams,
    header: (name) => request.headers[name]?.toString(),
    ...(await bodyOf(request)),
  }
  const reply: Reply = ({ status, body, gzip }, headers) => {
    const [type, text] = typeof body === 'string' ? ['text/html', body] : ['application/json', JSON.stringify(body)]
    const encoding = gzip && { 'Content-Encoding': 'gzip' }
    const usual = { 'Content-Type': type, 'X-REQUEST-ID': randomUUID(), ...encoding }
    response.writeHead(status, { ...usual, ...headers })
    response.end(gzip ?? text)
  }
  await handler(asked, reply, () => request.socket.destroy())
}

async function bodyOf(request: IncomingMessage): Promise<Pick<Asked, 'body' | 'form'>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
  return { body: inJson(text), form: new URLSearchParams(isForm ? text : '') }
}

function inJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
