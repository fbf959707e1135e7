import { withIds } from './blocks.ts'
import type { Clock } from './clock.ts'
import type { Block } from './protocol.ts'
import { createTyped, type Typed } from './typed.ts'

export type StoredMessage = {
  readonly ts: string
  readonly channel: string
  readonly author: string
  text: string
  blocks: readonly Block[]
  edited: { readonly user: string; readonly ts: string } | null
  /** The only person who sees it, if it is ephemeral. */
  readonly onlyFor: string | null
  readonly threadTs: string | null
  metadata: unknown
}

type NewMessage = {
  readonly channel: string
  readonly author: string
  readonly text: string
  readonly blocks: readonly unknown[]
  readonly onlyFor?: string
  readonly threadTs?: string | undefined
  readonly metadata?: unknown
}

export type Messages = {
  post(message: NewMessage): StoredMessage
  edit(message: StoredMessage, content: { readonly text: string; readonly blocks: readonly unknown[] }): void
  remove(message: StoredMessage): void
  find(channel: string, ts: string): StoredMessage | undefined
  /** Everything in a conversation, oldest first. */
  in(channel: string): readonly StoredMessage[]
  /** One person's choices in one message's menus. */
  typed(message: StoredMessage, person: string): Typed
}

export function createMessages(clock: Clock): Messages {
  const rooms = new Map<string, StoredMessage[]>()
  const inRoom = (channel: string) => rooms.get(channel) ?? []
  const typed = new Map<string, Typed>()
  return {
    post(message) {
      const { channel, author, text, onlyFor = null, threadTs = null, metadata = null } = message
      const blocks = withIds(message.blocks)
      const stored = { ts: clock.ts(), channel, author, text, blocks, edited: null, onlyFor, threadTs, metadata }
      rooms.set(channel, [...inRoom(channel), stored])
      return stored
    },
    edit(message, { text, blocks }) {
      message.text = text
      message.blocks = withIds(blocks)
      message.edited = { user: message.author, ts: clock.ts() }
    },
    remove: (message) =>
      void rooms.set(
        message.channel,
        inRoom(message.channel).filter((other) => other !== message),
      ),
    find: (channel, ts) => inRoom(channel).find((message) => message.ts === ts),
    in: inRoom,
    typed(message, person) {
      const key = `${person} ${message.channel} ${message.ts}`
      const known = typed.get(key) ?? createTyped()
      typed.set(key, known)
      return known
    },
  }
}
