import type { Change, OpenStatus } from '../domain/change/change.ts'
import type { ChangeEvent, Proposed } from '../domain/change/event.ts'
import type { IsToldSince } from '../domain/looks/moved-by.ts'
import type { Waiting } from '../domain/room.ts'
import type { CardRef } from './cards.ts'

/** Which token, of which stack. */
export type TokenRef = { readonly stack: string; readonly tokenUid: string }

/** Who asks for something, and who types it in for them, if somebody does. */
export type Asker = { readonly requester: string; readonly enteredBy?: string | undefined }

/** A change as stored, with what is known of its card and of who was told. */
export type StoredChange = {
  readonly change: Change
  /** The number of its last audit event: what a card or a message is drawn for. */
  readonly seq: number
  readonly card: (CardRef & { readonly seq: number }) | null
  /** A card was being posted when the process last touched it, and nobody knows whether it arrived. */
  readonly cardInDoubt: boolean
  /** The status that the requester was last told. */
  readonly told: string | null
}

/**
 * `beside`: the other open changes of the same token; `recent`: those that ended recently, newest first. Both as they
 * are in that same moment. `isToldSince`: see `moved-by.ts`.
 */
export type Decision = (
  change: Change,
  beside: () => readonly Change[],
  recent: () => readonly Change[],
  isToldSince: IsToldSince,
) => ChangeEvent | null

/** The change after that, and the event written for it; null if none was. */
type Recorded = { readonly change: Change; readonly event: ChangeEvent | null }

type Admit = (waiting: Waiting) => void

/** Every write is one event, kept with the state it leads to in one transaction on disk. */
export type ChangeWrites = {
  /**
   * Opens a change, once for each `origin`: a second call with the same origin returns the first change. `admit` gets
   * what already waits, in the moment that the change is opened, and may throw.
   */
  open(event: Proposed, actor: string, origin: string, admit?: Admit): Promise<Change>
  /**
   * Decides on the stored change and writes the event that this returns, if any. `admit`: see `open`, for the actor.
   */
  record(id: number, actor: string, decide: Decision, admit?: Admit): Promise<Recorded>
}

/** Throws a Refusal `not_found` for a change that does not exist. */
export type ChangeReads = {
  get(id: number): Promise<StoredChange>
  /** The change that was opened from this origin; null if none was. */
  openedFrom(origin: string): Promise<StoredChange | null>
  /**
   * Changes that still call for something: a card, a message, an anchor, an end that is due; and all that are on the
   * way to their stack, due or not. `isDue` is asked about each open change, since a clock may have been set; without
   * it, whatever is due at `now` (an ISO instant) counts.
   */
  unfinished(now: string, isDue?: (change: Change) => boolean): Promise<readonly number[]>
  /** Open changes, of one token or of all, newest first. */
  openChanges(of?: TokenRef): Promise<readonly StoredChange[]>
  /**
   * The same for all tokens, with a lower number than `id`, at most `most`: for going through however many there are.
   */
  openChangesBefore(id: number, most: number): Promise<readonly StoredChange[]>
  /** The newest changes, ended or not, of one token or of all: at most `most`. */
  changes(wanted: { of?: TokenRef; most: number }): Promise<readonly StoredChange[]>
  /** Where each open change stands, by number: without reading them. */
  openStatuses(): Promise<ReadonlyMap<number, OpenStatus>>
  /** True if any change waits for approvals, or to be applied. */
  anythingWaiting(): Promise<boolean>
  /** Changes, ended or not, with an update that may still be seen to arrive after `now` (an ISO instant). */
  watched(now: string): Promise<readonly Change[]>
  /** Counts the open changes of this requester and of this token, with when the requester asked recently. */
  waiting(of: TokenRef & Asker): Promise<Waiting>
}
