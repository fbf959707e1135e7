/** By `host:port`, as a proxy is asked for a tunnel there. */
const asked = new Map<string, string>()

/** From now on it is known that connections to `place` are asked of this proxy; both are `host:port`. */
export function noteProxy(place: string, proxy: string): void {
  asked.set(place, proxy)
}

/** The proxy of which a connection to where this address leads was asked last; null where none was. */
export function proxyTo(address: string | URL): string | null {
  const url = URL.parse(address)
  if (url === null) return null
  const place = url.port ? url.host : `${url.host}:${/^(http|ws):$/.test(url.protocol) ? 80 : 443}`
  return asked.get(place) ?? null
}

/** Where an address leads, for whoever reads why nothing came from there. */
export function placeInWords(address: string | URL): string {
  const { host } = new URL(address)
  const proxy = proxyTo(address)
  return proxy === null ? host : `${host} through the proxy at ${proxy}`
}

/** The proxies that the environment names for what leaves the machine; `except` are the hosts that are reached without one. */
export type Proxies = { readonly http: string | null; readonly https: string | null; readonly except: string }
