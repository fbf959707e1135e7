import type { AnchorAfterChange } from './anchors.ts'
import type { CardRef } from './cards.ts'
import type { StoredChange } from './changes.ts'
import type { Edited, VoidApproval } from './telling.ts'

/** Why a card is drawn anew: its own change is another than it shows, unless it is only what it mentions of other changes. */
export type Redrawn = 'moved' | 'mentions'

/**
 * Given a post in the moment that it leaves: after whatever Slack makes it wait for, and again when Slack had too much of it.
 * Resolves to null where nothing is to be posted any more.
 */
export type Leaving<T> = (post: () => Promise<T>) => Promise<T | null>

/** Where people see a change. Everything shown is drawn from the stored change that is handed in. */
export type Chat = {
  postCard(stored: StoredChange, leaving: Leaving<CardRef>): Promise<CardRef | null>
  /** The newest card of this change in its stack's channel, noted down or not, when Slack lets the app look for one. */
  findCard(stored: StoredChange): Promise<CardRef | null>
  /** Resolves to false when that card can no longer be edited, so that a new one is needed. */
  updateCard(card: CardRef, stored: StoredChange, what?: Redrawn): Promise<boolean>
  /** Says in place of this card where the change has its card now. Resolves to false when it can no longer be edited. */
  pointOn(old: CardRef, stored: StoredChange): Promise<boolean>
  /** Says in place of this card that there is no change with this number. Resolves to false when it can no longer be edited. */
  sayUnknown(card: CardRef, id: number): Promise<boolean>
  /** Resolves when Slack answers a question that changes nothing, and throws as any call does when it does not. */
  reached(): Promise<void>
  /** True, and one redraw less, when a card that only mentions other changes may be drawn now: nothing waits that is worth more. */
  hasRoom(): boolean
  /** A private word to the requester about where the change stands. */
  tellRequester(stored: StoredChange, leaving: Leaving<unknown>): Promise<void>
  /** A private word to somebody who asks for a change that another has edited or taken over, and what is different. */
  tellEdited(person: string, edited: Edited, stored: StoredChange, leaving: Leaving<unknown>): Promise<void>
  /** Reminds, in the card's thread, these people and user groups: those who can decide. */
  remind(stored: StoredChange, asked: readonly string[]): Promise<void>
  /** Keeps a checkpoint in the card's thread. Resolves to false when the thread is gone. */
  postAnchor(card: CardRef, anchor: AnchorAfterChange): Promise<boolean>
  /** A private word to somebody whose approval no longer counts, and why. */
  tellApprovalVoid(approval: VoidApproval, stored: StoredChange, leaving: Leaving<unknown>): Promise<void>
}
