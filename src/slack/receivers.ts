import { type App, HTTPReceiver, type Logger, type Receiver, SocketModeReceiver } from '@slack/bolt'

/** A receiver that knows whether Slack can reach the app through it, as far as can be told from here. */
export type Listening = Receiver & { isListening(): boolean }

type SocketOptions = { appToken: string; apiUrl: string | null; logger: Logger; secondAfterMs?: number }

/**
 * Two connections over Socket Mode. Slack recycles each every few hours, and the client then has none for five seconds;
 * Slack sends a payload to any connection that stands, so the other one takes what comes meanwhile. The second starts
 * later, so that both are not recycled at once. Source: slack.md §1.3, points 3 and 4.
 */
export function socketReceiver({ appToken, apiUrl, logger, secondAfterMs = 10_000 }: SocketOptions): Listening {
  const open = new Set<SocketModeReceiver>()
  const sockets = [connection(), connection()] as const
  let second: NodeJS.Timeout | undefined
  return {
    isListening: () => open.size > 0,
    init: (app) => {
      for (const socket of sockets) socket.init(app)
    },
    start: async () => {
      await sockets[0].start()
      second = setTimeout(() => sockets[1].start().catch(die), secondAfterMs).unref()
    },
    stop: async () => {
      clearTimeout(second)
      await Promise.all(sockets.map((socket) => socket.stop()))
    },
  }

  function connection(): SocketModeReceiver {
    // Its own clientOptions: the socket client writes its retry policy into the object it is given.
    const clientOptions = { timeout: 10_000, ...(apiUrl && { slackApiUrl: apiUrl }) }
    const socket = new SocketModeReceiver({ appToken, logger, installerOptions: { clientOptions } })
    keepAliveThroughBadMessages(socket, logger)
    socket.client.on('connected', () => open.add(socket)).on('close', () => open.delete(socket))
    return socket
  }
}

/** A connection that can't be opened is fatal: the supervisor restarts the process. It must not go unseen. */
function die(error: unknown): never {
  throw error
}

/** Slack's `app_rate_limited` has no inner event, on which the socket client (3.1.0) throws. Source: slack.md §1.3, point 4. */
function keepAliveThroughBadMessages({ client }: SocketModeReceiver, logger: Logger): void {
  const listeners = client.listeners('ws_message')
  client.removeAllListeners('ws_message')
  client.on('ws_message', async (...message: unknown[]) => {
    try {
      for (const listener of listeners) await listener(...message)
    } catch (error) {
      logger.error('A message from Slack could not be read, and was passed over.', error)
    }
  })
}

type HttpOptions = { signingSecret: string; port: number; logger: Logger }

/** Signed requests from Slack at `/slack/events`, for commands, buttons, forms and events alike. */
export function httpReceiver({ signingSecret, port, logger }: HttpOptions): Listening {
  const receiver = new HTTPReceiver({ signingSecret, port, logger })
  let started = false
  return {
    isListening: () => started,
    init: (app) => receiver.init(app),
    start: async () => {
      await receiver.start(port)
      started = true
    },
    // Bolt's own stop rejects on a server that was never started.
    stop: async () => {
      if (!started) return
      started = false
      await receiver.stop()
    },
  }
}

/** What the edge of the app knows of one delivery: it is reachable from Bolt's context. */
export type Delivery = { acked: boolean }

/**
 * Watches every delivery that passes through a receiver: whether it was acked, so that it is answered exactly once, and
 * how many are under way, so that a stop can wait for them.
 */
export function watched(receiver: Listening): Listening & { idle: () => Promise<void> } {
  const underWay = new Set<Promise<void>>()
  return {
    isListening: receiver.isListening,
    start: (...args) => receiver.start(...args),
    stop: () => receiver.stop(),
    idle: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
    init: (app) => {
      const processEvent: App['processEvent'] = (event) => {
        const delivery: Delivery = { acked: false }
        const ack: typeof event.ack = (response) => {
          delivery.acked = true
          return event.ack(response)
        }
        const run = app.processEvent({ ...event, ack, customProperties: { ...event.customProperties, delivery } })
        underWay.add(run)
        return run.finally(() => underWay.delete(run))
      }
      receiver.init(Object.assign(Object.create(app), { processEvent }))
    },
  }
}
