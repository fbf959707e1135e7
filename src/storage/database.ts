import { closeSync, existsSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { migrationState, migrationsFolder } from './migrations.ts'

export type Database = BetterSQLite3Database & { $client: Sqlite.Database }

/**
 * Opens the file at `path`, creating it when it is missing, and brings its tables up to date. A commit is on disk when it
 * returns (`synchronous=FULL`). Throws when the file was written by a newer Countersign, and leaves it as it was.
 */
export function openDatabase(path: string): Database {
  keepToOurselves(path)
  const sqlite = new Sqlite(path)
  try {
    sqlite.pragma('busy_timeout = 5000')
    const { pending, isNewer } = migrationState(sqlite)
    if (isNewer) throw new Error(writtenByNewer(path))
    sqlite.pragma('journal_mode = WAL')
    sqlite.pragma('synchronous = FULL')
    sqlite.pragma(`wal_autocheckpoint = ${pagesBeforeTidying}`)
    sqlite.pragma('foreign_keys = ON')
    sqlite.pragma(`cache_size = -${keptInMemoryKb}`)
    const db = drizzle(sqlite)
    if (pending > 0) bringUpToDate(db)
    return db
  } catch (error) {
    sqlite.close()
    throw error
  }
}

/** SQLite's name for no file at all. */
const inMemory = ':memory:'

/** A new file can be read by this account alone, and so can what SQLite puts beside it. One that is there stays as it is. */
function keepToOurselves(path: string): void {
  if (path === inMemory || existsSync(path) || !existsSync(dirname(path))) return
  closeSync(openSync(path, 'a', 0o600))
}

/**
 * Commits are written to a file beside the database (its WAL), of 4 KB pages. When it has so many, a commit has to move
 * them into the database itself, and somebody waits for it: `Store.tidy` does so earlier, as long as it is called.
 */
const pagesBeforeTidying = 4000

/**
 * SQLite's own 2 MB are soon full of what lists read, and then a decision waits while the pages that it needs are read
 * again. Memory is taken only for pages that are read.
 */
const keptInMemoryKb = 16_000

/** Two processes that start on a new file at once both try; the second attempt of the later one finds all done. */
function bringUpToDate(db: Database): void {
  const folder = { migrationsFolder: migrationsFolder() }
  try {
    migrate(db, folder)
  } catch {
    migrate(db, folder)
  }
}

function writtenByNewer(path: string): string {
  return (
    `${path} was written by a newer Countersign than this one, which would not understand it. Nothing was changed: ` +
    'start the newer version, or point COUNTERSIGN_DB at another file.'
  )
}
