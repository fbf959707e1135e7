import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { Store } from '../../../src/ports/store.ts'
import { openDatabase } from '../../../src/storage/sqlite/database.ts'
import { storeIn } from '../../../src/storage/sqlite/store.ts'

export type Memory = {
  /** A process's own Store on the database. */
  readonly opened: (now: () => Date, monotonic: () => number) => Store
  /** The newest entry of the log about each change, by its id. */
  readonly newest: () => ReadonlyMap<number, number>
  readonly close: () => void
}

let withTables: Buffer | undefined

/** A database in memory; its tables are created only once. */
export function createMemory(): Memory {
  withTables ??= openDatabase(':memory:').$client.serialize()
  const sqlite = new Sqlite(withTables)
  sqlite.pragma('foreign_keys = ON')
  const newest = sqlite.prepare<[], [number, number]>('select id, seq from change_requests').raw()
  return {
    opened: (now, monotonic) => storeIn(drizzle(sqlite), now, null, [], undefined, monotonic),
    newest: () => new Map(newest.all()),
    close: () => void sqlite.close(),
  }
}
