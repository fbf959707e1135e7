import type { Doubt } from '../domain/audit/borne-out.ts'
import type { Checkpoint } from '../domain/audit/chain.ts'
import type { Entry } from '../domain/audit/chain-check.ts'
import type { Fact, Refused } from '../domain/audit/fact.ts'
import type { KeyNeeded } from '../domain/audit/missing-keys.ts'
import type { Change } from '../domain/change/change.ts'
import type { ChangeEvent } from '../domain/change/event.ts'

export type AuditEvent = {
  readonly seq: number
  readonly at: string
  readonly actor: string
  readonly changeId: number | null
  readonly event: ChangeEvent | Fact
}

/** Facts that are not events of a change, each on disk before its promise resolves. */
export type LogWrites = {
  note(fact: Fact, actor: string, changeId: number | null): Promise<void>
  /** Facts about no change, in this order: all of them, or none. */
  noteAll(facts: readonly Fact[], actor: string): Promise<void>
  /**
   * Notes a refusal at once, unless the same was noted for the same person within the last ten minutes: then it is counted,
   * and `sumUpRefusals` notes in one entry how many there were.
   */
  noteRefusal(refused: Refused, actor: string, changeId: number | null): Promise<void>
  /** Notes how often refusals were repeated whose ten minutes are over. */
  sumUpRefusals(): Promise<void>
}

/** Reads the log, and tells if it bears out what is stored. */
export type LogReads = {
  events(id?: number): Promise<readonly AuditEvent[]>
  /** The next entries from this number on, as they stand in the log: some at a time, and none after the last. */
  entriesFrom(seq: number): Promise<readonly Entry[]>
  /** The newest fact of this type in the log. */
  lastFact<T extends Fact['type']>(type: T): Promise<Extract<Fact, { type: T }> | null>
  /** When a backup was last recorded as put back; null if that was long ago, or never. */
  putBackAt(): Promise<string | null>
  /** The log as it is now, to be kept where nobody who can write the database can change it. */
  checkpoint(): Promise<Checkpoint>
  /** True if the log has more than its first `size` entries, apart from those that say where it is anchored. */
  hasGrownSince(size: number): Promise<boolean>
  /**
   * The reason the log does not bear out this change as it is stored; null if it does. Hashes the part of the log since
   * it was asked for that is not known yet.
   */
  doubt(change: Change): Promise<Doubt | null>
  /** Keys that are not at hand, and that the log was written with since the open changes were asked for. */
  keysLacking(): Promise<readonly KeyNeeded[]>
}
