import Sqlite from 'better-sqlite3'
import { exampleTokens } from '../../src/sandbox/stack/example-tokens.ts'
import { openStore } from '../../src/storage/sqlite/store.ts'
import { writePast } from '../support/past.ts'
import { settings } from '../support/world.ts'

/** Gives the first of the example tokens that many changes, and an edit made elsewhere for every tenth. */
export function longPast(database: string, changes: number): void {
  openStore(database).close()
  const sqlite = new Sqlite(database)
  writePast(sqlite, { tokenUid: exampleTokens()[0]!.uid, settings: settings(), changes, editEvery: 10 })
  sqlite.close()
}
