import { type buildConnector, type Dispatcher, EnvHttpProxyAgent, install, Pool, setGlobalDispatcher } from 'undici'
import { causeOf, isExplained, ProxySilence, ProxyTrouble } from '../../domain/from-outside.ts'
import { noteProxy, type Proxies, proxyTo } from '../../proxies-used.ts'

/** Shorter than any call waits, so that a proxy's silence is known to be the proxy's. */
const answersWithinMs = 8_000

/**
 * Goes through proxies as Node itself does, but reports a proxy that hangs up, never answers, or makes no connection.
 * The HTTP client (undici 7.30) treats a proxy that hangs up as a connection to be made again at once: it asked a
 * thousand times a second, until the call was given up as unanswered.
 */
export function throughProxies({ http, https, except }: Proxies, withinMs = answersWithinMs): Dispatcher {
  const named = { ...(http && { httpProxy: http }), ...(https && { httpsProxy: https }) }
  const clientFactory = (origin: URL, options: object) => proxyAt(origin, options, withinMs)
  const ways = { clientFactory, factory: tunnelTo, proxyTls: { timeout: withinMs } }
  return new EnvHttpProxyAgent({ ...named, noProxy: except, allowH2: false, ...ways })
}

/** From now on, applies to every request of this process that says nothing else. */
export function goThroughProxies(proxies: Proxies): void {
  install()
  setGlobalDispatcher(throughProxies(proxies))
}

/** The connections to one proxy. */
function proxyAt(origin: URL, options: object, withinMs: number): Dispatcher {
  const { host: proxy } = origin
  const pool = new Pool(origin, options)
  const connect = pool.connect.bind(pool) as (options: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData>
  const asked = async (options: Dispatcher.ConnectOptions) => {
    noteProxy(options.path, proxy)
    const late = AbortSignal.timeout(withinMs)
    const answer = await connect({ ...options, signal: late }).catch((error: unknown) => {
      throw late.aborted ? silence(proxy, withinMs) : new ProxyTrouble(failed(error, proxy), { cause: error })
    })
    if (answer.statusCode === 200) return answer
    answer.socket.on('error', () => {}).destroy()
    throw new ProxyTrouble(refused(answer.statusCode, origin))
  }
  return Object.assign(pool, { connect: asked })
}

type Way = Pool.Options & { connect?: Pool.Options['connect'] | buildConnector.connector }

/** The connections to one host, through a proxy if `connect` makes tunnels. */
function tunnelTo(origin: string | URL, options: Way): Dispatcher {
  const { connect } = options
  if (typeof connect !== 'function') return new Pool(origin, options)
  const told: buildConnector.connector = (to, callback) =>
    connect(to, (...made: Parameters<buildConnector.Callback>) =>
      made[0] === null ? callback(...made) : callback(inTunnel(made[0], origin), null),
    )
  return new Pool(origin, { ...options, connect: told })
}

/** Words the failure of a connection that a proxy may have made a tunnel for. */
function inTunnel(error: Error, origin: string | URL): Error {
  const proxy = proxyTo(origin)
  const { code } = error as { code?: unknown }
  if (proxy === null || isExplained(error) || code === 'ERR_TLS_CERT_ALTNAME_INVALID') return error
  return new ProxyTrouble(tunnelFailed(error, proxy), { cause: error })
}

function tunnelFailed(error: Error, proxy: string): string {
  const { code } = error as { code?: unknown }
  if (notOfTls.includes(String(code)))
    return `what came through the proxy at ${proxy} does not speak TLS (${code}): ask whoever runs the proxy, or sign in there`
  if (code === 'UND_ERR_CONNECT_TIMEOUT')
    return `nothing came through the proxy at ${proxy} in time: ask whoever runs the proxy whether it lets this host through`
  return `the connection through the proxy at ${proxy} ended before it could be used (${causeOf(error)}): ask whoever runs the proxy whether it lets this host through`
}

/** Plain text, or bytes of something else, where TLS was expected. */
const notOfTls = ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_HTTP_REQUEST']

function silence(proxy: string, withinMs: number): ProxySilence {
  return new ProxySilence(
    `the proxy at ${proxy} did not answer within ${withinMs / 1000} seconds: check HTTPS_PROXY, and whether it works`,
  )
}

function failed(error: unknown, proxy: string): string {
  if (wasClosed(error)) return `the proxy at ${proxy} closed the connection`
  return `the proxy at ${proxy} can't be reached: ${causeOf(error)}; check HTTPS_PROXY, and whether it runs`
}

function refused(status: number, { host: proxy, username, password }: URL): string {
  if (status === 407 && username && password)
    return `the proxy at ${proxy} does not accept the user and password in its address, HTTP status 407: check them in HTTPS_PROXY, where special characters have to be percent-encoded, such as %40 for @`
  if (status === 407)
    return `the proxy at ${proxy} wants a user and password, HTTP status 407: give them in its address, as http://user:password@host:port`
  if (status === 403)
    return `the proxy at ${proxy} does not allow this host, HTTP status 403: ask whoever runs the proxy to allow it`
  return `the proxy at ${proxy} refuses to connect, HTTP status ${status}: ask whoever runs it`
}

function wasClosed(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'UND_ERR_SOCKET'
}
