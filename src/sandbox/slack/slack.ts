import { createActor } from './actor.ts'
import { createAdmin } from './admin.ts'
import { createDeliver } from './delivery.ts'
import { LIMITS } from './limits.ts'
import { eventBody } from './payloads.ts'
import type { Actor, Delivery, EmulatedSlack, SlackOptions } from './protocol.ts'
import { see } from './sight.ts'
import { createSignedPosts } from './signed-posts.ts'
import { createSockets } from './sockets.ts'
import type { Transport } from './transport.ts'
import { createWaitFor } from './wait-for.ts'
import { listen } from './web-server.ts'
import { createWorkspace, identity } from './workspace.ts'

/**
 * Starts a Slack workspace on loopback that an unmodified Bolt app can talk to, with `slackApiUrl` set to
 * `${url}/api/`. It says no where Slack would. Rejects if the port is taken.
 */
export async function startSlack(options: SlackOptions = {}): Promise<EmulatedSlack> {
  const workspace = createWorkspace(options)
  const sockets = createSockets(workspace)
  const server = await listen(workspace, sockets, options.port ?? 0)
  workspace.url = options.address ?? server.url

  let transport: Transport = sockets
  const stopping = new AbortController()
  const ackWithinMs = options.ackWithinMs ?? LIMITS.ackMs
  const deliver = createDeliver(workspace, { transport: () => transport, ackWithinMs, stopped: stopping.signal })
  const isSubscribed = (type: unknown) => workspace.app.events?.includes(String(type)) ?? true

  async function sendEvent(event: Readonly<Record<string, unknown>>): Promise<Delivery> {
    if (isSubscribed(event.type)) return deliver('event', eventBody(workspace, event))
    throw new Error(`The app does not subscribe to ${event.type}, so Slack sends it none.`)
  }

  // One actor for each person: it remembers the last options offered in its menus.
  const actors = new Map<string, Actor>()
  function as(person: string): Actor {
    const actor = actors.get(person) ?? createActor({ workspace, deliver, sendEvent }, person)
    actors.set(person, actor)
    return actor
  }

  const { botToken, appToken, signingSecret, teamId, botUserId } = identity
  return {
    url: workspace.url,
    botToken,
    appToken,
    signingSecret,
    teamId,
    botUserId,
    scopes: workspace.scopes,
    admin: createAdmin(workspace, async (event) => (isSubscribed(event.type) ? sendEvent(event) : null)),
    deliverTo(url) {
      transport = url === null ? sockets : createSignedPosts(url)
    },
    as,
    see: (person) => see(workspace, person),
    onChange: workspace.onChange,
    waitFor: createWaitFor(workspace),
    calls: workspace.calls,
    deliveries: workspace.deliveries,
    trouble: workspace.trouble,
    get connections() {
      return sockets.count
    },
    get ghosts() {
      return sockets.ghosts
    },
    sendEvent,
    send: deliver,
    redeliver: (delivery) => deliver(delivery.kind, delivery.body),
    dropSockets: (reason = 'refresh_requested', counted = false) => sockets.drop(reason, counted),
    cutLinks: sockets.cut,
    resetLinks: sockets.reset,
    get links() {
      return sockets.links
    },
    forgetGhosts: sockets.forgetGhosts,
    clear() {
      workspace.calls.length = 0
      workspace.deliveries.length = 0
    },
    async stop() {
      stopping.abort()
      await sockets.close()
      await server.close()
    },
  }
}
