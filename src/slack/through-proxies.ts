import { type Dispatcher, EnvHttpProxyAgent, install, Pool, setGlobalDispatcher } from 'undici'
import { causeOf, ProxyTrouble } from '../domain/from-outside.ts'
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
  const asked = async (options: Dispatcher.ConnectOptions) => {
    const answer = await connect(options).catch((error: unknown) => {
      throw new ProxyTrouble(failed(error, origin.host), { cause: error })
    })
    if (answer.statusCode === 200) return answer
    answer.socket.on('error', () => {}).destroy()
    throw new ProxyTrouble(refused(answer.statusCode, origin.host))
  }
  return Object.assign(pool, { connect: asked })
}

function failed(error: unknown, proxy: string): string {
  if (wasClosed(error)) return `the proxy at ${proxy} closed the connection`
  return `the proxy at ${proxy} can't be reached: ${causeOf(error)}; check HTTPS_PROXY, and whether it runs`
}

function refused(status: number, proxy: string): string {
  if (status === 407)
    return `the proxy at ${proxy} wants a user and password, HTTP status 407: give them in its address, as http://user:password@host:port`
  if (status === 403)
    return `the proxy at ${proxy} does not allow this host, HTTP status 403: ask whoever runs the proxy to allow it`
  return `the proxy at ${proxy} makes no connection, HTTP status ${status}: ask whoever runs it`
}

function wasClosed(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'UND_ERR_SOCKET'
}
