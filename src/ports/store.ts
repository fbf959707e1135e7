import type { AnchorStore } from './anchors.ts'
import type { CardStore } from './cards.ts'
import type { ChangeReads, ChangeWrites } from './changes.ts'
import type { DraftStore } from './drafts.ts'
import type { GrantStore } from './grants.ts'
import type { HomeStore } from './homes.ts'
import type { LogReads, LogWrites } from './log.ts'
import type { LookReads, LookWrites } from './looks.ts'
import type { PastReads } from './past.ts'
import type { PresenceStore } from './presence.ts'
import type { TellingStore } from './telling.ts'

/** The upkeep of the database itself. */
export type Upkeep = {
  /** Writes something to the disk that leaves no trace, and throws if that fails. */
  tryToWrite(): Promise<void>
  /**
   * Moves recent writes to where they belong, so that no decision has to wait for that. Called at start, which leaves
   * it for the next time, and now and then.
   */
  tidy(): Promise<void>
  /** Lets go of the database. Nothing else may be called from then on. */
  close(): Promise<void>
}

/** Everything kept of changes, of the log, and of what people are shown. */
export type Store = ChangeReads &
  ChangeWrites &
  CardStore &
  TellingStore &
  AnchorStore &
  PastReads &
  LookReads &
  LookWrites &
  DraftStore &
  HomeStore &
  GrantStore &
  LogReads &
  LogWrites &
  PresenceStore &
  Upkeep
