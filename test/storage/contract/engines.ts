import type { Breathe } from '../../../src/breathe.ts'
import type { AuditKey } from '../../../src/domain/audit/chain.ts'
import type { Keys } from '../../../src/domain/audit/chain-check.ts'
import type { Evidence } from '../../../src/ports/evidence.ts'
import type { Grants } from '../../../src/ports/grants.ts'
import type { Store } from '../../../src/ports/store.ts'
import type { OnUnreadable } from '../../../src/storage/unreadable-rows.ts'
import type { Clock } from '../../support/clock.ts'
import type { NewRow } from '../../support/rows.ts'
import { postgres } from './on-postgres.ts'
import { sqlite } from './on-sqlite.ts'

export type Opening = {
  readonly now?: () => Date
  readonly key?: AuditKey
  readonly earlier?: Keys['earlier']
  readonly pause?: Breathe
  readonly onUnreadable?: OnUnreadable
}

/** Runs a statement, with `?` for each of the values, and resolves to its rows. */
export type Sql = <Row extends object>(statement: string, ...values: readonly unknown[]) => Promise<Row[]>

/** A database of the test's own with nothing in it, gone when the test is over. */
export type Place = {
  /** A Store on it, as a process of its own opens one; closed when the test is over. */
  open(opening?: Opening): Promise<Store>
  /** The same, with a way to write that the store can't tell from its own, where there is one. */
  openWithin(opening?: Opening): Promise<{ readonly store: Store; readonly within: Sql }>
  /** For reading only, as of this moment; closed when the test is over. */
  evidence(): Promise<Evidence>
  /** The grants in it, as a process of its own reads and writes them. */
  grants(clock: Clock): Grants
  /** Behind the store's back. */
  readonly sql: Sql
  /** The same, past what keeps the log append-only, all of which is there again afterwards. */
  readonly tamper: Sql
  /** Adds rows, by the names of their columns. */
  add(table: string, rows: readonly NewRow[]): Promise<void>
  /** Differs once anything was written. */
  state(): Promise<unknown>
}

/** One way to keep everything that the ports promise. */
export type Engine = {
  readonly name: string
  empty(): Promise<Place>
  troubleOf(error: unknown): string | null
  isLocked(error: unknown): boolean
  /** Fails every statement that begins with these words, quotes apart, until it is stopped or the test is over. */
  failWrites(words: string, message: string): () => void
  /** A store on an empty database, both of which are gone after `end`: for tests that need many. */
  brief(clock: Clock): Promise<{ readonly store: Store; end(): Promise<void> }>
  /** The part of the random histories that a test runs on it. */
  readonly share: number
}

export const engines: readonly Engine[] = [sqlite, postgres]
