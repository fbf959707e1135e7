import { channel } from 'node:diagnostics_channel'
import { ping, type WebSocket } from 'undici'

type Watch = {
  /** How long the other side may leave pings without an answer, in milliseconds. */
  readonly withinMs: number
  /** It has left three in a row: told once. */
  readonly onSilence: () => void
}

/** The client publishes every answer to a ping here. Source: undici 8, docs/api/DiagnosticsChannel. */
const pongs = channel('undici:websocket:pong')
const mostOwed = 3

/**
 * Pings the other side of a connection until it is stopped. Answers are counted, not dated, as Slack's client does: a clock that
 * was set, or a process that stood still, would cut connections that are as they should be.
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
