import { asideBecause, hasEnded } from '../domain/change/change.ts'
import type { StoredChange } from '../ports/changes.ts'
import type { Chat } from '../ports/chat.ts'

type Deps = {
  /** Why Slack did not take the card of a change when it was tried last, as a clause; null where it did not say no. */
  whyRefused: (id: number) => string | null
  /** True while its card is on its way that can't stand already. */
  isFirstCard: (id: number) => boolean
  now: () => Date
}

export type Cardless = ReturnType<typeof createCardless>

/** A card that is not there by then is worth a word, whatever keeps it. */
const postedWithinMs = 60_000

/** Says of a change that is shown that it has no card: not in the moment before that is posted, but once Slack has refused it, or late. */
export function createCardless({ whyRefused, isFirstCard, now }: Deps) {
  return { shown }

  function shown(stored: StoredChange): StoredChange {
    const { change, card, cardInDoubt } = stored
    if (card !== null || hasEnded(change) || asideBecause(change) !== null) return stored
    const why = whyRefused(change.id)
    const isLate = now().getTime() - Date.parse(change.proposedAt) >= postedWithinMs
    if (why === null && !isLate) return stored
    // It is also said to be in doubt while one that was refused is posted once more.
    const isInDoubt = cardInDoubt && (why === null || !isFirstCard(change.id))
    return { ...stored, change: { ...change, cardless: { why, isInDoubt } } }
  }
}

/** The same chat, which tells whoever asked that no card asks anybody. */
export function tellingOfNoCard(chat: Chat, { shown }: Cardless): Chat {
  return { ...chat, tellRequester: (stored, leaving) => chat.tellRequester(shown(stored), leaving) }
}
