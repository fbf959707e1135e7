import { Refusal } from '../domain/refusal.ts'
import type { Evidence } from '../ports/evidence.ts'
import type { MigrationState } from '../ports/inspection.ts'

/**
 * Every table with rows of its own, those that others refer to first, and the columns that say in which order its rows are
 * read. Null: as they were saved last.
 */
export const orders = {
  change_requests: 'id',
  audit_events: 'seq',
  left_cards: 'change_id, channel, ts',
  void_approvals: 'change_id, person, approved_at',
  repeated_refusals: 'what',
  drafts: null,
  tokens: 'stack, uid',
  stacks: 'name',
  homes: 'person',
  oauth_grants: 'stack',
} as const

export type Table = keyof typeof orders

export const tables = Object.keys(orders) as Table[]

/** The values of a row, in the order of its table's columns. */
export type Row = readonly Value[]

export type Value = string | number | null

/** Rows read or written at once: memory stays flat for tables of any length. */
export const page = 250

/** Where everything is moved from: as it was at one moment, and nobody else writes to it until it is closed. */
export type Source = {
  /** For people: its path or address. */
  readonly place: string
  evidence(): Promise<Omit<Evidence, 'close'>>
  /** The rows of a table, a page at a time, in the same order wherever they are. */
  rows(table: Table): AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>
  close(): Promise<void>
}

/** Where everything is moved to. Until it is finished, what is written is seen only here; closed before that, it stays as it was. */
export type Target = Source & {
  write(table: Table, rows: readonly Row[]): Promise<void>
  finish(): Promise<void>
}

/** Throws a Refusal unless this version made all of the tables. */
export function requireThisVersion(place: string, { pending, applied, hasLater }: MigrationState): void {
  // Its additions would be left behind.
  if (hasLater) throw notMoved(place, 'was written by a newer Countersign: move it with that version')
  if (applied === 0) throw notMoved(place, 'has no tables of Countersign: give the database that the app has used')
  if (pending > 0)
    throw notMoved(
      place,
      'was written by an older Countersign: start this one on it once, which brings it up to date, stop it, and run this again',
    )
}

export function notMoved(place: string, why: string): Refusal {
  return new Refusal('unavailable', `${place} ${why}. Nothing was moved.`)
}
