import type { AnchorAfterChange } from './anchors.ts'
import type { CardRef } from './cards.ts'
import type { StoredChange } from './changes.ts'
import type { Edited, VoidApproval } from './telling.ts'

/** The reason to redraw a card: its own change differs from what it shows, or only other changes on it do. */
export type Redrawn = 'moved' | 'mentions'

/**
 * Gets a post in the moment that it is sent: after any wait that Slack demands, and again if Slack had too many.
 * Resolves to null if there is no longer anything to post.
 */
export type Leaving<T> = (post: () => Promise<T>) => Promise<T | null>

/** People and user groups whom a reminder calls; `inGroups`: whom it calls of a group that it does not call as a whole. */
export type Called = {
  readonly ids: readonly string[]
  readonly inGroups: Readonly<Record<string, readonly string[]>>
}

/** Where people see a change. Everything shown is drawn from the stored change that is passed in. */
export type Chat = {
  postCard(stored: StoredChange, leaving: Leaving<CardRef>): Promise<CardRef | null>
  /** The newest card of this change in its stack's channel, noted or not, if Slack lets the app look for one. */
  findCard(stored: StoredChange): Promise<CardRef | null>
  /**
   * Resolves to false if that card can no longer be edited, so that a new one is needed. `leaves` is called in the
   * moment that the edit is sent.
   */
  updateCard(card: CardRef, stored: StoredChange, what?: Redrawn, leaves?: () => void): Promise<boolean>
  /** Says in place of this card where the change has its card now. Resolves to false if it can no longer be edited. */
  pointOn(old: CardRef, stored: StoredChange): Promise<boolean>
  /** Says in place of this card that its change does not exist. Resolves to false if it can no longer be edited. */
  sayUnknown(card: CardRef, id: number): Promise<boolean>
  /** Resolves when Slack answers a question that changes nothing, and throws like any call if it does not. */
  reached(): Promise<void>
  /** True, using up one redraw, if a card that only mentions other changes may be drawn: nothing else waits. */
  hasRoom(): boolean
  /** Tells the requester privately where the change stands. */
  tellRequester(stored: StoredChange, leaving: Leaving<unknown>): Promise<void>
  /**
   * Tells somebody who asks for a change privately that another has edited it or taken it over, and what is different.
   */
  tellEdited(person: string, edited: Edited, stored: StoredChange, leaving: Leaving<unknown>): Promise<void>
  /** Reminds these in the card's thread: those who can decide. */
  remind(stored: StoredChange, called: Called): Promise<void>
  /** Keeps a checkpoint in the card's thread. Resolves to false if the thread is gone. */
  postAnchor(card: CardRef, anchor: AnchorAfterChange): Promise<boolean>
  /** Tells somebody privately that their approval no longer counts, and why. */
  tellApprovalVoid(approval: VoidApproval, stored: StoredChange, leaving: Leaving<unknown>): Promise<void>
}
