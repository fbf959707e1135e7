import type { Logger, SocketModeReceiver } from '@slack/bolt'
import { z } from 'zod'

/**
 * Passes on what Slack says about the connection itself. The client (3.1.0) throws on an event without content, like
 * Slack's own `app_rate_limited`, and does not ack it, so Slack would send it again. Source: slack.md §1.3, point 4.
 * `onMessage` gets each message first, and says whether the client gets it too.
 */
export function hear({ client }: SocketModeReceiver, logger: Logger, onMessage: (message: string) => boolean): void {
  const listeners = client.listeners('ws_message')
  client.removeAllListeners('ws_message')
  client.on('ws_message', async (...message: unknown[]) => {
    try {
      if (!onMessage(String(message[0]))) return
      for (const listener of listeners) await listener(...message)
    } catch (error) {
      logger.error('A message from Slack could not be read, and was skipped.', error)
      const envelope = envelopeOf(String(message[0]))
      if (envelope !== null) client.websocket?.send(JSON.stringify({ envelope_id: envelope }), () => {})
    }
  })
}

const delivered = z.looseObject({ envelope_id: z.string() })

/** The id that an ack of this message has to name; null for a message that takes none. */
function envelopeOf(message: string): string | null {
  try {
    return delivered.safeParse(JSON.parse(message)).data?.envelope_id ?? null
  } catch {
    return null
  }
}
