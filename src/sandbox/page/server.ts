import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { EmulatedSlack } from '../slack/protocol.ts'
import type { EmulatedStack } from '../stack/stack.ts'
import { BadRequest } from './bad-request.ts'
import type { FirstSteps } from './first-steps.ts'
import { guard } from './guard.ts'
import { createLiveEvents } from './live-events.ts'
import { replyJson, replyText } from './reply.ts'
import { createRoutes } from './routes.ts'
import type { Cast } from './state.ts'
import { staticFiles } from './static-files.ts'

export type PageOptions = {
  readonly slack: EmulatedSlack
  readonly stack: EmulatedStack
  /** The people a visitor can act as, starting with the first. */
  readonly cast?: Cast
  /** None, the default, leaves them out. */
  readonly firstSteps?: FirstSteps | null
  /** 0, the default, takes any free port. */
  readonly port?: number
}

const usualCast: Cast = [
  { id: 'U0ALICE', role: 'asks' },
  { id: 'U0BOB', role: 'approves' },
  { id: 'U0CAROL', role: 'approves' },
  { id: 'U0MALLORY', role: 'may not' },
]

/**
 * Serves, only on 127.0.0.1, the page on which one visitor acts as everybody in an emulated workspace, beside an
 * emulated stack. It works only with the two emulators and knows nothing of the app between them.
 */
export async function startPage({ slack, stack, cast = usualCast, firstSteps = null, port = 0 }: PageOptions) {
  const live = createLiveEvents()
  const unfollow = [slack.onChange(live.changed), stack.onChange(live.changed)]
  const routes = createRoutes({ slack, stack, cast, firstSteps, live })
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const ownPort = (server.address() as AddressInfo).port

  return { url: `http://127.0.0.1:${ownPort}`, stop }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    try {
      guard(request, ownPort)
      await dispatch(request, response)
    } catch (error) {
      const status = error instanceof BadRequest ? error.status : 500
      replyJson(response, status, { error: error instanceof Error ? error.message : String(error) })
    }
  }

  async function dispatch(request: IncomingMessage, response: ServerResponse) {
    const { method = 'GET' } = request
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page')
    const file = staticFiles.get(pathname)
    const route = file ? { GET: () => replyText(response, 200, file.type, file.read()) } : routes[pathname]
    if (!route) throw new BadRequest(404, `There is nothing at ${pathname}. The page itself is at /.`)
    const handle = new Map(Object.entries(route)).get(method)
    if (!handle) throw new BadRequest(405, `${pathname} does not take ${method}. It takes ${Object.keys(route)}.`)
    await handle(request, response, searchParams)
  }

  async function stop() {
    for (const unfollowOne of unfollow) unfollowOne()
    live.end()
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
  }
}
