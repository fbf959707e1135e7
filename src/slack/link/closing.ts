import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A server that can be closed without losing anything that has begun to arrive. */
export type Closing = {
  /** Takes no new connection, and closes those over which nothing is coming. */
  begin(): void
  /** Resolves once no connection is open. */
  readonly closed: Promise<void>
}

/**
 * From `begin` on, each answer says that it is the last on its connection: a proxy that ends HTTPS in front of the app
 * would otherwise send the next request over it, and that would be lost. Call it before anything answers on the server.
 */
export function closing(server: Server): Closing {
  const underWay = new Set<ServerResponse>()
  const open = new Set<Socket>()
  const closed = Promise.withResolvers<void>()
  let isClosing = false
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  server.on('request', (_, response) => {
    underWay.add(response)
    if (isClosing) isLast(response)
    response.once('close', () => underWay.delete(response))
  })
  return { begin, closed: closed.promise }

  /**
   * Node itself closes connections that wait for their next request, but treats one that never had a first request as
   * busy.
   */
  function begin(): void {
    isClosing = true
    for (const response of underWay) isLast(response)
    server.close(() => closed.resolve())
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
  }
}

function isLast(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close')
}
