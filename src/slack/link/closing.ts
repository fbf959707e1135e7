import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A server that can be brought to an end without losing what has begun to arrive. */
export type Closing = {
  /** Takes no new connection, and closes those over which nothing is coming. */
  begin(): void
  /** Resolves when none is left open. */
  readonly closed: Promise<void>
}

/**
 * From `begin` on each answer is the last of its connection and says so: what ends HTTPS in front of the app would send the
 * next request over it, which would be lost. To be called before the server has anybody who answers.
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

  /** Node closes itself what waits for a next request, and takes for busy what no first one has come over. */
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
