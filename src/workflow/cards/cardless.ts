import { asideBecause, hasEnded } from '../../domain/change/change.ts'
import type { StoredChange } from '../../ports/changes.ts'
import type { Chat } from '../../ports/chat.ts'

type Deps = {
  /**
   * The reason Slack gave for not taking the card of a change at the last try, as a clause; null if it did not say no.
   */
  whyRefused: (id: number) => string | null
  /** True while the first card of a change is on its way, so that none can be there already. */
  isFirstCard: (id: number) => boolean
  now: () => Date
}

export type Cardless = ReturnType<typeof createCardless>

/** A card that is still missing after this is worth mentioning, whatever the reason. */
const postedWithinMs = 60_000

/**
 * Marks a change that is shown as having no card: not in the moment before the card is posted, but once Slack has
 * refused it, or it is late.
 */
export function createCardless({ whyRefused, isFirstCard, now }: Deps) {
  return { shown }

  function shown(stored: StoredChange): StoredChange {
    const { change, card, cardInDoubt } = stored
    if (card !== null || hasEnded(change) || asideBecause(change) !== null) return stored
    const why = whyRefused(change.id)
    const isLate = now().getTime() - Date.parse(change.proposedAt) >= postedWithinMs
    if (why === null && !isLate) return stored
    // It is also marked in doubt while a refused card is posted once more.
    const isInDoubt = cardInDoubt && (why === null || !isFirstCard(change.id))
    return { ...stored, change: { ...change, cardless: { why, isInDoubt } } }
  }
}

/** The same chat, which tells the requester when there is no card to ask anybody. */
export function tellingOfNoCard(chat: Chat, { shown }: Cardless): Chat {
  return { ...chat, tellRequester: (stored, leaving) => chat.tellRequester(shown(stored), leaving) }
}
