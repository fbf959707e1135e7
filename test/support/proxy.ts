import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { freePort } from './port.ts'

export type EgressProxy = {
  readonly url: string
  /** `CONNECT host:port` or `POST host:port`, for each request so far. */
  readonly passed: readonly string[]
  /** From now on, closes the connection of a client that wants a tunnel. */
  hangUp(): void
  stop(): Promise<void>
}

/** The address where a workspace listens, and the one it is known by: only a proxy knows that they are the same. */
export async function hiddenPlace() {
  const [port, nowhere] = [await freePort(), await freePort()]
  const name = `127.0.0.1:${nowhere}`
  return { name, slack: { port, address: `http://${name}` }, places: { [name]: `http://127.0.0.1:${port}` } }
}

/**
 * A proxy like those between a company's servers and the world: it makes tunnels, and passes on plain requests. Only it
 * knows where these hosts (`name:port`) really are, so they are reached through it or not at all; it answers 403 for
 * any other.
 */
export async function startProxy(places: Readonly<Record<string, string>>): Promise<EgressProxy> {
  const passed: string[] = []
  const tunnels = new Set<Duplex>()
  let hangsUp = false
  const server = createServer(forward).on('connect', tunnel)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, passed, hangUp, stop }

  function placeOf(method: string | undefined, host: string): URL | null {
    passed.push(`${method} ${host}`)
    const place = places[host]
    return place === undefined ? null : new URL(place)
  }

  function tunnel({ method, url }: IncomingMessage, client: Duplex, head: Buffer): void {
    const place = placeOf(method, url ?? '')
    if (hangsUp) return void client.destroy()
    if (!place) return void client.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    const onward = connect(Number(place.port), place.hostname, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      onward.write(head)
      onward.pipe(client).pipe(onward)
    })
    for (const [one, other] of [[client, onward] as const, [onward, client] as const]) {
      tunnels.add(one)
      one.on('error', () => {}).once('close', () => other.destroy())
    }
  }

  function forward(request: IncomingMessage, response: ServerResponse): void {
    const { host, pathname, search } = new URL(request.url ?? '', 'http://nowhere.invalid')
    const place = placeOf(request.method, host)
    if (!place) return void response.writeHead(403).end()
    const { method, headers } = request
    const onward = send(new URL(`${pathname}${search}`, place), { method: method ?? 'GET', headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    request.pipe(onward.on('error', () => response.destroy()))
  }

  function hangUp(): void {
    hangsUp = true
  }

  async function stop(): Promise<void> {
    for (const end of tunnels) end.destroy()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}
