import type { Duplex } from 'node:stream'
import { Agent, DecoratorHandler, type Dispatcher } from 'undici'
import { causeOf } from '../../domain/from-outside.ts'
import type { Proxies } from '../../proxies-used.ts'
import { throughProxies } from './through-proxies.ts'

/** One connection's way out of the machine. */
export type WayOut = {
  readonly dispatcher: Dispatcher
  /** The last address a WebSocket was requested at, and why that failed; null if not known. */
  address(): string | null
  failure(): string | null
  /** Ends everything on it at once, without a word to the other side. */
  cut(): void
}

/**
 * The WebSocket client neither takes the proxies that Node takes for HTTP nor says why an upgrade failed, so it gets
 * this. Slack's client can't end a connection on somebody else's dispatcher while the other side is silent: the socket
 * leaves the dispatcher with its upgrade. So the socket is kept here, and `cut` ends it. Source: slack.md §1.3, point
 * 4.
 */
export function openWayOut(proxies: Proxies | null): WayOut {
  const agent = proxies ? throughProxies(proxies) : new Agent({ allowH2: false })
  const sockets = new Set<Duplex>()
  let address: string | null = null
  let failure: string | null = null
  const dispatcher = agent.compose((dispatch) => (options, handler) => {
    if (!options.upgrade) return dispatch(options, handler)
    address = String(options.origin)
    const onFailure = (why: string) => {
      failure ??= why
    }
    return dispatch(options, new Upgrade(handler, { onSocket: (socket) => sockets.add(socket), onFailure }))
  })
  return { dispatcher, address: () => address, failure: () => failure, cut }

  function cut(): void {
    for (const socket of sockets) socket.destroy()
    void agent.destroy()
  }
}

type Watch = { onSocket: (socket: Duplex) => void; onFailure: (why: string) => void }

type Handler = Dispatcher.DispatchHandler
type Args<Name extends keyof Handler> = Parameters<NonNullable<Handler[Name]>>
/** The package has these, but leaves them out of its types. */
type Passing = {
  onRequestUpgrade(...upgrade: Args<'onRequestUpgrade'>): void
  onResponseStart(...start: Args<'onResponseStart'>): void
  onResponseError(...failed: Args<'onResponseError'>): void
}
const Passing = DecoratorHandler as unknown as new (handler: Handler) => Passing

class Upgrade extends Passing {
  readonly #watch: Watch

  constructor(handler: Handler, watch: Watch) {
    super(handler)
    this.#watch = watch
  }

  override onRequestUpgrade(...upgrade: Args<'onRequestUpgrade'>) {
    this.#watch.onSocket(upgrade[3])
    return super.onRequestUpgrade(...upgrade)
  }

  override onResponseStart(...start: Args<'onResponseStart'>) {
    this.#watch.onFailure(`HTTP status ${start[1]} instead of a WebSocket`)
    return super.onResponseStart(...start)
  }

  override onResponseError(...failed: Args<'onResponseError'>) {
    this.#watch.onFailure(causeOf(failed[1]))
    return super.onResponseError(...failed)
  }
}
