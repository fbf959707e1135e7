/** By `host:port`, as a proxy is asked for a tunnel there. */
const asked = new Map<string, string>()

/** Notes that connections to `place` are requested from this proxy from now on; both are `host:port`. */
export function noteProxy(place: string, proxy: string): void {
  asked.set(place, proxy)
}

/** The proxy that was last asked for a connection to this address; null if none was. */
export function proxyTo(address: string | URL): string | null {
  const url = URL.parse(address)
  if (url === null) return null
  const place = url.port ? url.host : `${url.host}:${/^(http|ws):$/.test(url.protocol) ? 80 : 443}`
  return asked.get(place) ?? null
}

/** The place an address leads to, for whoever reads why nothing came from there. */
export function placeInWords(address: string | URL): string {
  const { host } = new URL(address)
  const proxy = proxyTo(address)
  return proxy === null ? host : `${host} through the proxy at ${proxy}`
}

/** The proxies that the environment names for outgoing connections; `except` are the hosts reached without one. */
export type Proxies = { readonly http: string | null; readonly https: string | null; readonly except: string }
