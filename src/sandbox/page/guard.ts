import type { IncomingMessage } from 'node:http'
import { BadRequest } from './bad-request.ts'

/**
 * Lets in only requests from this machine's own page: a web page elsewhere that makes a browser call loopback (DNS
 * rebinding, a form that posts across origins) carries another Host or Origin.
 */
export function guard({ headers }: IncomingMessage, port: number) {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  if (!hosts.includes(headers.host ?? ''))
    throw new BadRequest(403, `This page is served as http://${hosts[0]} only. Open it at that address.`)
  if (headers.origin !== undefined && !hosts.map((host) => `http://${host}`).includes(headers.origin))
    throw new BadRequest(403, `Requests from ${headers.origin} are refused. Use the page at http://${hosts[0]}.`)
}
