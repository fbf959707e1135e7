import { channel } from 'node:diagnostics_channel'
import { ping, type WebSocket } from 'undici'

type Watch = {
  /** How long the other side may leave pings unanswered, in milliseconds. */
  readonly withinMs: number
  /** Called once, when it has left three in a row unanswered. */
  readonly onSilence: () => void
}

/** The client publishes every answer to a ping here. Source: undici 8, docs/api/DiagnosticsChannel. */
const pongs = channel('undici:websocket:pong')
const mostOwed = 3

/**
 * Pings the other side of a connection until it is stopped. Slack's client dates answers; here they are counted: after
 * a clock was set or a process stood still, dates would cut good connections.
 */
export function watchPongs(socket: WebSocket, { withinMs, onSilence }: Watch): () => void {
  let owed = 0
  const heard = (message: unknown) => {
    if ((message as { websocket?: unknown }).websocket === socket) owed = 0
  }
  pongs.subscribe(heard)
  const timer = setInterval(ask, withinMs / mostOwed)
  return stop

  function ask(): void {
    if (socket.readyState !== socket.OPEN) return
    if (owed < mostOwed) {
      owed += 1
      ping(socket)
    } else {
      stop()
      onSilence()
    }
  }

  function stop(): void {
    clearInterval(timer)
    pongs.unsubscribe(heard)
  }
}
