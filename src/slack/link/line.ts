import type { App, Logger } from '@slack/bolt'
import { WebClient } from '@slack/web-api'
import type { Proxies } from '../../proxies-used.ts'
import { checkAppToken } from '../calls/app-token.ts'
import type { Rests } from '../calls/rests.ts'
import { optionsFor } from '../calls/web-api.ts'
import { httpReceiver } from './http-receiver.ts'
import { socketReceiver } from './socket-receiver.ts'
import type { Listening } from './watched-deliveries.ts'

export type Transport =
  /** `proxies` is the connection's way out of the machine; null for a direct one. */
  | { readonly kind: 'socket'; readonly appToken: string; readonly proxies: Proxies | null }
  /** `host` is the address that the port is on. */
  | { readonly kind: 'http'; readonly signingSecret: string; readonly port: number; readonly host: string }

type Options = {
  readonly transport: Transport
  readonly apiUrl: string | null
  readonly logger: Logger
  readonly rests: Rests
  readonly now?: () => Date
  /** A clock in milliseconds that nobody can set; the process's own unless given. */
  readonly ticks?: (() => number) | undefined
  /** How many other processes are known to share what Slack sends to this app; none unless given. */
  readonly elsewhere?: () => Promise<number>
}

export type Line = ReturnType<typeof createLine>

/** The one way by which Slack reaches this process, over sockets or HTTP. */
export function createLine({ transport, apiUrl, logger, rests, ...besides }: Options) {
  const way =
    transport.kind === 'socket'
      ? socketReceiver({ ...transport, apiUrl, logger, rests, ...besides })
      : httpReceiver({ ...transport, logger })
  const { end, isTaken } = handedOn(way)
  return { end, check }

  /** Throws a Refusal if the app-level token is not accepted; asks no more once it has been used. */
  async function check(): Promise<void> {
    if (transport.kind !== 'socket' || isTaken()) return
    await checkAppToken(new WebClient(transport.appToken, optionsFor(apiUrl, logger, { rests })))
  }
}

/**
 * Lets one app after another take over what a receiver delivers, without closing it in between: whatever comes from the
 * moment an end starts is for its app. The app before still acks what it got, over the connection it came by.
 */
export function handedOn(way: Listening) {
  let current: App | null = null
  const processEvent: App['processEvent'] = (event) => current!.processEvent(event)
  way.init({ processEvent } as App)
  return { end, isTaken: () => current !== null }

  /** One app's end of it. */
  function end(): Listening {
    let own: App
    return {
      isListening: way.isListening,
      links: way.links,
      init: (app) => {
        own = app
      },
      start: async (...args) => {
        const isOpen = current !== null
        current = own
        if (!isOpen) await way.start(...args)
      },
      stop: async () => {
        if (current === own) await way.stop()
      },
    }
  }
}
