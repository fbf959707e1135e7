import type { Change } from '../domain/change/change.ts'
import type { ChangeEvent, Proposed } from '../domain/change/event.ts'
import type { IsToldSince } from '../domain/looks/moved-by.ts'
import type { Waiting } from '../domain/room.ts'
import type { CardRef } from './cards.ts'

/** Which token, of which stack. */
export type TokenRef = { readonly stack: string; readonly tokenUid: string }

/** Who asks for something, and who types it in for them, where somebody does. */
export type Asker = { readonly requester: string; readonly enteredBy?: string | undefined }

/** A change as stored, with what is known of its card and of whom was told. */
export type StoredChange = {
  readonly change: Change
  /** The number of its last audit event: what a card or a message is drawn for. */
  readonly seq: number
  readonly card: (CardRef & { readonly seq: number }) | null
  /** A card was being posted when the process last touched it, and nobody knows whether it arrived. */
  readonly cardInDoubt: boolean
  /** The status that the requester was last told of. */
  readonly told: string | null
}

/**
 * `beside`: the other changes of the same token that have not ended; `recent`: those that ended of late, the newest first. Both
 * as they are in that same moment. `isToldSince`: see `moved-by.ts`.
 */
export type Decision = (
  change: Change,
  beside: () => readonly Change[],
  recent: () => readonly Change[],
  isToldSince: IsToldSince,
) => ChangeEvent | null

/** The change as it then is, and what was written of it; null where nothing was. */
type Recorded = { readonly change: Change; readonly event: ChangeEvent | null }

type Admit = (waiting: Waiting) => void

/** Every write is one event, kept with the state it leads to in one transaction on disk. */
export type ChangeWrites = {
  /**
   * Opens a change, once for each `origin`: a second call with the same origin returns the first change. `admit` is told what
   * waits already, in the moment that it is opened, and may throw.
   */
  open(event: Proposed, actor: string, origin: string, admit?: Admit): Promise<Change>
  /**
   * Decides on the stored change and writes the event it returns; null writes nothing. `admit`: as for `open`, of the actor.
   */
  record(id: number, actor: string, decide: Decision, admit?: Admit): Promise<Recorded>
}

/** Throws a Refusal `not_found` for a change that is not there. */
export type ChangeReads = {
  get(id: number): Promise<StoredChange>
  /** The change that was opened from this origin; null when none was. */
  openedFrom(origin: string): Promise<StoredChange | null>
  /**
   * Changes that still call for something: a card, a word, an anchor, an end that is due; and all that are on the way to their
   * stack, whether the next step is due or not. `isDue` is asked of each that is open, since a clock may have been set; without
   * it, what is due at `now` (an ISO instant) is.
   */
  unfinished(now: string, isDue?: (change: Change) => boolean): Promise<readonly number[]>
  /** Changes that have not ended, of one token or of all, the newest first. */
  openChanges(of?: TokenRef): Promise<readonly StoredChange[]>
  /** The same of all tokens, those with a lower number than `id`, at most `most`: for going through however many there are. */
  openChangesBefore(id: number, most: number): Promise<readonly StoredChange[]>
  /** The newest changes, ended or not, of one token or of all: at most `most`. */
  changes(wanted: { of?: TokenRef; most: number }): Promise<readonly StoredChange[]>
  /** Whether any change waits for approvals, or to be applied. */
  anythingWaiting(): Promise<boolean>
  /** Changes, ended or not, of which an update may still be seen to arrive after `now` (an ISO instant). */
  watched(now: string): Promise<readonly Change[]>
  /** What there is already of whoever asks, and of this token. */
  waiting(of: TokenRef & Asker): Promise<Waiting>
}
