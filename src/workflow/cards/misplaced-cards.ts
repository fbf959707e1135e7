import { asideBecause } from '../../domain/change/change.ts'
import { endOf } from '../../domain/outside-trouble.ts'
import type { CardRef, CardStore } from '../../ports/cards.ts'
import type { ChangeReads, StoredChange } from '../../ports/changes.ts'
import type { Chat } from '../../ports/chat.ts'

type Deps = {
  store: ChangeReads & CardStore
  chat: Pick<Chat, 'pointOn'>
  channelFor: (stack: string) => string
  /** Called once for an old card that stays as it is, with the reason; null if it is gone. */
  onLeft: (id: number, old: CardRef, error: unknown) => void
}

/**
 * Cards in a channel that is no longer their stack's, since another was configured. Each is posted again in the new
 * channel, as if it had been deleted, and the old one then says where it is.
 */
export function createMisplacedCards({ store, chat, channelFor, onLeft }: Deps) {
  const places = new Map<number, CardRef>()
  return { find, isMisplaced, pointOn }

  /** Called once, before catching up. Resolves to the changes, all of them open. */
  async function find(): Promise<number[]> {
    for (const { change, card } of await store.openChanges()) {
      if (!card || asideBecause(change) !== null || card.channel === channelFor(change.stack)) continue
      places.set(change.id, card)
      await store.cardFellBehind(change.id)
    }
    return [...places.keys()]
  }

  function isMisplaced({ change, card }: StoredChange): boolean {
    return card !== null && places.get(change.id)?.ts === card.ts
  }

  /** In every earlier channel of the card. Throws if one could not be edited, unless Slack refuses that for good. */
  async function pointOn(id: number): Promise<void> {
    const left = await store.cardsLeft(id)
    if (left.length === 0) return
    const stored = await store.get(id)
    if (!stored.card || isMisplaced(stored)) return
    const tries = await Promise.allSettled(left.map((old) => pointOnFrom(old, stored)))
    const failed = tries.find((tried) => tried.status === 'rejected')
    if (failed) throw failed.reason
  }

  async function pointOnFrom(old: CardRef, stored: StoredChange): Promise<void> {
    const { id } = stored.change
    try {
      if (!(await chat.pointOn(old, stored))) onLeft(id, old, null)
    } catch (error) {
      if (endOf(error) !== 'nothing') throw error
      onLeft(id, old, error)
    }
    await store.cardPointsOn(id, old)
  }
}
