import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { under } from '../weather.ts'
import type { ApiCall } from './protocol.ts'
import { respond } from './respond.ts'
import type { Sockets } from './sockets.ts'
import { readArgs } from './web-api/args.ts'
import { answerInPlace, createWebApi, sufferTrouble } from './web-api/serve.ts'
import type { Workspace } from './workspace.ts'

/** Long: a client that is slow to notice would write its next call into a connection that is just being closed. */
const keepAliveTimeout = 60_000

export type WebServer = { readonly url: string; close(): Promise<void> }

/** Listens on loopback for the Web API, for answers to response addresses, and for Socket Mode. */
export async function listen(workspace: Workspace, sockets: Sockets, port: number): Promise<WebServer> {
  const webApi = createWebApi(workspace, sockets.ticket)
  const server = createServer({ keepAliveTimeout }, (request, response) =>
    under(workspace.trouble.weather, request, response, () => serve(request, response)),
  )
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('date', new Date(workspace.clock.now()).toUTCString())
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname
    const body = await readBody(request)
    if (path.startsWith('/api/')) return webApi({ method: path.slice('/api/'.length), request, body }, response)
    if (path.startsWith('/hooks/')) return answerHook(workspace, path, request, body, response)
    response.writeHead(404).end()
  }
  server.on('upgrade', sockets.upgrade)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => close(server) }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** Over-used and expired addresses answer 404; Slack's status for a refused message is not documented. */
async function answerHook(
  workspace: Workspace,
  path: string,
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
): Promise<void> {
  const { args } = readArgs(request.headers['content-type'] ?? '', body)
  const call: ApiCall = {
    method: 'response_url',
    args,
    answer: null,
    status: 0,
    at: workspace.clock.now(),
    by: 'nobody',
  }
  workspace.calls.push(call)
  const inPlace = workspace.trouble.inPlace.response_url
  if (inPlace) {
    call.status = answerInPlace(inPlace, response)
    return workspace.changed()
  }
  const inTrouble = await sufferTrouble(workspace)
  const target = inTrouble ? null : workspace.responseUrls.use(path)
  const error = typeof target === 'string' ? target : target && respond(workspace, target, args)
  call.status = inTrouble || (typeof target === 'string' ? 404 : error ? 400 : 200)
  call.answer = inTrouble ? null : error ? { ok: false, error } : { ok: true }
  response.writeHead(call.status).end(error ?? (inTrouble ? '' : 'ok'))
  workspace.changed()
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
