import { type Dispatcher, EnvHttpProxyAgent, install, Pool, setGlobalDispatcher } from 'undici'
import type { Proxies } from './way-out.ts'

/**
 * As Node itself goes through proxies, but that one which hangs up on whoever wants to go through it is told as such. The HTTP
 * client (undici 7.30) takes that for a connection to be made again at once: it asked a thousand times a second, until the call
 * was given up as unanswered.
 */
export function throughProxies({ http, https, except }: Proxies): Dispatcher {
  const named = { ...(http && { httpProxy: http }), ...(https && { httpsProxy: https }) }
  const options = { ...named, noProxy: except, allowH2: false, clientFactory: proxyAt }
  return new EnvHttpProxyAgent(options)
}

/** From now on, every request of this process that says nothing else. */
export function goThroughProxies(proxies: Proxies): void {
  install()
  setGlobalDispatcher(throughProxies(proxies))
}

/** The connections to one proxy. */
function proxyAt(origin: URL, options: object): Dispatcher {
  const pool = new Pool(origin, options)
  const connect = pool.connect.bind(pool) as (options: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData>
  const asked = (options: Dispatcher.ConnectOptions) =>
    connect(options).catch((error: unknown) => {
      throw wasClosed(error) ? new Error(`the proxy at ${origin.host} closed the connection`) : error
    })
  return Object.assign(pool, { connect: asked })
}

function wasClosed(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'UND_ERR_SOCKET'
}
