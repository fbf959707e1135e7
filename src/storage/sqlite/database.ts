import { closeSync, existsSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { migrationState, migrationsFolder } from './migrations.ts'
import { requireSchema } from './schema-guard.ts'
import { isLocked } from './trouble.ts'

export type Database = BetterSQLite3Database & { $client: Sqlite.Database }

/** Milliseconds. While SQLite waits for another program's lock, this process does nothing else. */
export const lockWaits = {
  /** For a command at a terminal, and at start. */
  patient: 5000,
  /** For the running app, which tries again a little later instead: see `guarded`. */
  brief: 15,
}

/**
 * Opens the file at `path`, creating it when it is missing, and brings its tables up to date. A commit is on disk when it
 * returns (`synchronous=FULL`). `lockWait` is how long each statement waits for another program's lock from then on. Throws
 * when the file was written by a newer Countersign, and a Refusal when it defines something else than the migrations make, but
 * for an index that is missing; and leaves it as it was.
 */
export function openDatabase(path: string, lockWait = lockWaits.patient): Database {
  keepToOurselves(path)
  const sqlite = new Sqlite(path)
  try {
    sqlite.pragma(`busy_timeout = ${lockWaits.patient}`)
    const { pending, isNewer } = migrationState(sqlite)
    if (isNewer) throw new Error(writtenByNewer(path))
    if (pending > 0) atOneMoment(sqlite, () => requireSchema(path, sqlite, { indexesToo: true }))
    waitingForOthers(() => sqlite.pragma('journal_mode = WAL'))
    sqlite.pragma('synchronous = FULL')
    sqlite.pragma(`wal_autocheckpoint = ${pagesBeforeTidying}`)
    sqlite.pragma('foreign_keys = ON')
    sqlite.pragma(`cache_size = -${keptInMemoryKb}`)
    const db = drizzle(sqlite)
    if (pending > 0) bringUpToDate(db)
    atOneMoment(sqlite, () => requireSchema(path, sqlite, { indexesToo: false }))
    sqlite.pragma(`busy_timeout = ${lockWait}`)
    return db
  } catch (error) {
    sqlite.close()
    throw error
  }
}

/**
 * Does `work` whose commit need not be on disk when it returns; it is once the next one is that must be, never before what was
 * committed earlier. A process that is killed loses nothing of it; a machine whose power fails may, and then it is as if it
 * had never been done. Not for what anybody was told is kept, and not within a transaction.
 */
export function withoutDisk<T>(sqlite: Sqlite.Database, work: () => T): T {
  sqlite.pragma('synchronous = NORMAL')
  try {
    return work()
  } finally {
    sqlite.pragma('synchronous = FULL')
  }
}

/** For what SQLite itself does not wait for, such as another process that makes the same new file its own. */
function waitingForOthers<T>(work: () => T): T {
  const until = performance.now() + lockWaits.patient
  for (;;)
    try {
      return work()
    } catch (error) {
      if (!isLocked(error) || performance.now() > until) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
}

/** While another process brings the file up to date, what it defines and how far it says that it has come belong together. */
function atOneMoment(sqlite: Sqlite.Database, look: () => void): void {
  sqlite.transaction(look).deferred()
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

export function writtenByNewer(path: string): string {
  return (
    `${path} was written by a newer Countersign than this one, which would not understand it. Nothing was changed: ` +
    'start the newer version, or point COUNTERSIGN_DB at another file.'
  )
}
