import { asideBecause, type Change } from '../../domain/change/change.ts'
import type { CardStore } from '../../ports/cards.ts'
import type { ChangeReads, StoredChange } from '../../ports/changes.ts'
import type { Chat } from '../../ports/chat.ts'

type Deps = {
  store: Pick<ChangeReads, 'openChanges'> & Pick<CardStore, 'cardFellBehind'>
  /** By its name in a lease. */
  processId: string
  /** When this process started. */
  since: string
  /** True for another in this process that finishes what it has begun. */
  isAtWork?: (holder: string) => boolean
  /** Called for each, with the time until which nothing more is sent for it. */
  onFound: (id: number, until: string) => void
}

export type CutOff = ReturnType<typeof createCutOff>

/** Changes that another process had begun to apply before this one started: as far as is known, it is gone. */
export function createCutOff({ store, processId, since, isAtWork = () => false, onFound }: Deps) {
  return { shown, find }

  function shown(stored: StoredChange): StoredChange {
    const { change } = stored
    return isCutOff(change) ? { ...stored, change: { ...change, cutOff: true } } : stored
  }

  /** Redraws their cards at start, which still say that they are being applied. */
  async function find(): Promise<void> {
    for (const { change, card } of await store.openChanges())
      if (isCutOff(change)) {
        onFound(change.id, change.lease.until)
        if (card) await store.cardFellBehind(change.id)
      }
  }

  function isCutOff(change: Change): change is Extract<Change, { status: 'applying' }> {
    if (change.status !== 'applying' || change.unseen !== undefined || asideBecause(change) !== null) return false
    const { holder } = change.lease
    return holder !== processId && !isAtWork(holder) && (change.startedAt ?? '') < since
  }
}

/** The same chat, whose cards don't say that these changes are being applied. */
export function sayingWhatWasCutOff(chat: Chat, { shown }: CutOff): Chat {
  return {
    ...chat,
    postCard: (stored, leaving) => chat.postCard(shown(stored), leaving),
    updateCard: (card, stored, ...how) => chat.updateCard(card, shown(stored), ...how),
  }
}
