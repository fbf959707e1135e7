import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { hex } from './ids.ts'
import { LIMITS } from './limits.ts'
import { isRecord } from './rules.ts'
import type { Envelope, Receipt, Transport } from './transport.ts'
import type { Workspace } from './workspace.ts'

const envelopeTypes: Partial<Record<Envelope['kind'], string>> = { command: 'slash_commands', event: 'events_api' }
/** Kinds whose ack may carry an answer. */
const answerable = ['command', 'view_submission', 'block_suggestion']
const debugInfo = { host: 'sandbox', build_number: 1, approximate_connection_time: 18_060 }

export type Sockets = Transport & {
  /** The address of one new connection, good once. */
  ticket(): string
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  readonly count: number
  /** How many of them lead nowhere any more without Slack knowing. */
  readonly ghosts: number
  /**
   * Tells all of them to go. `counted`: they count as connections until they are closed; no source says if Slack does
   * that.
   */
  drop(reason: string, counted?: boolean): void
  cut(): void
  reset(): void
  /** How many stand, including those that were told to go. */
  readonly links: number
  forgetGhosts(): void
  close(): Promise<void>
}

/**
 * Socket Mode: up to 10 connections, each payload to one of them (slack.md §1.3). A link that was cut without a word
 * still counts, and payloads sent there are lost.
 */
export function createSockets(workspace: Workspace): Sockets {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  const tickets = new Set<string>()
  const open: WebSocket[] = []
  const ghosts = new Set<WebSocket>()
  const leaving = new Set<WebSocket>()
  const unanswered = new Set<Duplex>()
  const waiting = new Map<string, (receipt: Receipt) => void>()

  function leave(socket: WebSocket): void {
    if (ghosts.has(socket)) return
    const at = open.indexOf(socket)
    if (at >= 0) open.splice(at, 1)
    workspace.changed()
  }

  function welcome(socket: WebSocket): void {
    if (open.length >= LIMITS.sockets) dismiss(socket, 'too_many_websockets')
    else join(socket)
  }

  function join(socket: WebSocket): void {
    open.push(socket)
    socket.setMaxListeners(0)
    socket.on('close', () => {
      leaving.delete(socket)
      leave(socket)
    })
    socket.on('message', (data) => hear(String(data)))
    const connection = { num_connections: open.length + leaving.size, connection_info: { app_id: workspace.app.id } }
    socket.send(JSON.stringify({ type: 'hello', ...connection, debug_info: debugInfo }))
    workspace.changed()
  }

  /** Acks of unknown envelopes are ignored: they came too late. */
  function hear(data: string): void {
    const message: unknown = JSON.parse(data)
    if (isRecord(message)) waiting.get(String(message.envelope_id))?.({ kind: 'acked', body: message.payload })
  }

  function send(envelope: Envelope, signal: AbortSignal): Promise<Receipt> {
    const socket = open.shift()
    if (!socket) return Promise.resolve({ kind: 'no connection' })
    open.push(socket)
    const id = randomUUID()
    if (!ghosts.has(socket)) socket.send(JSON.stringify(wire(envelope, id)))
    const answer = Promise.withResolvers<Receipt>()
    const giveUp = () => answer.resolve({ kind: 'timed out' })
    waiting.set(id, answer.resolve)
    signal.addEventListener('abort', giveUp)
    // Nobody can ack any more, so the person need not wait.
    socket.once('close', giveUp)
    return answer.promise.finally(() => {
      waiting.delete(id)
      socket.off('close', giveUp)
    })
  }

  return {
    via: 'socket',
    send,
    ticket() {
      const ticket = hex(8)
      tickets.add(ticket)
      return `${workspace.url.replace('http', 'ws')}/link/?ticket=${ticket}&app_id=${workspace.app.id}`
    },
    upgrade(request, socket, head) {
      const ticket = new URL(request.url ?? '', workspace.url).searchParams.get('ticket') ?? ''
      // A client that is turned away may hang up first.
      socket.on('error', () => {})
      if (workspace.trouble.silentUpgrades) unanswered.add(socket)
      else if (tickets.delete(ticket)) server.handleUpgrade(request, socket, head, welcome)
      else socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    },
    get count() {
      return open.length
    },
    get ghosts() {
      return ghosts.size
    },
    drop(reason, counted = false) {
      for (const socket of open.filter((one) => !ghosts.has(one))) {
        leave(socket)
        if (counted) leaving.add(socket)
        dismiss(socket, reason)
      }
    },
    cut() {
      for (const socket of open.filter((one) => !ghosts.has(one))) {
        ghosts.add(socket)
        // Nothing is read from it, so it answers no ping and never learns of its end.
        socket.pause()
      }
      workspace.changed()
    },
    reset() {
      for (const socket of server.clients) socket.terminate()
    },
    get links() {
      return server.clients.size
    },
    forgetGhosts() {
      for (const socket of ghosts) {
        ghosts.delete(socket)
        leave(socket)
        socket.terminate()
      }
    },
    async close() {
      this.forgetGhosts()
      for (const socket of unanswered) socket.destroy()
      await Promise.all([...server.clients].map(goodbye))
      server.close()
    },
  }
}

/** Tells a connection to go. It gets no more payloads, but may still ack those it has. */
function dismiss(socket: WebSocket, reason: string): void {
  socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: debugInfo }))
}

/** Closes with the usual handshake, so that clients see no error; cuts off a client that does not take part. */
async function goodbye(socket: WebSocket): Promise<void> {
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.close(1001)
  const cut = setTimeout(() => socket.terminate(), 500)
  await closed
  clearTimeout(cut)
}

function wire({ kind, body, retry, retryReason }: Envelope, id: string): Record<string, unknown> {
  const message = {
    envelope_id: id,
    payload: body,
    type: envelopeTypes[kind] ?? 'interactive',
    accepts_response_payload: answerable.includes(kind),
  }
  return kind === 'event' ? { ...message, retry_attempt: retry, retry_reason: retryReason ?? '' } : message
}
