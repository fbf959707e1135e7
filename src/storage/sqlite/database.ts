import { closeSync, existsSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Sqlite from 'better-sqlite3'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'
import { Refusal } from '../../domain/refusal.ts'
import { bringUpToDate, requireNotNewer, requireReadableChanges, writtenByNewer } from './migrating.ts'
import { migrationState } from './migrations.ts'
import { requireOwnWal } from './own-wal.ts'
import { requireSchema } from './schema-guard.ts'
import { isLocked } from './trouble.ts'

export type Database = BetterSQLite3Database & { $client: Sqlite.Database }

/** Milliseconds. While SQLite waits for another program's lock, this process does nothing else. */
export const lockWaits = {
  /** For a command at a terminal, and for the start. */
  patient: 5000,
  /** For the running app, which tries again a little later instead: see `guarded`. */
  brief: 15,
}

/**
 * Opens the file at `path`, creating it if it is missing, and migrates it. A commit is on disk when it returns
 * (`synchronous=FULL`). `lockWait` is how long each statement waits for another program's lock from then on. Throws if
 * a newer Countersign wrote the file, and throws a Refusal if the file defines anything other than what the migrations
 * make, apart from a missing index, has changes that no version since 0.1.0 can read, or has the -wal of another file
 * beside it; in all cases both stay as they were.
 */
export function openDatabase(path: string, lockWait = lockWaits.patient): Database {
  if (path !== inMemory) requireOwnWal(path)
  if (existsSync(`${path}-wal`)) requireNotNewer(path)
  keepToOurselves(path)
  const sqlite = new Sqlite(path)
  try {
    sqlite.pragma(`busy_timeout = ${lockWaits.patient}`)
    const { pending, isNewer } = migrationState(sqlite)
    if (isNewer) throw new Error(writtenByNewer(path))
    if (pending > 0)
      atOneMoment(sqlite, () => {
        requireSchema(path, sqlite, { indexesToo: true })
        requireReadableChanges(path, sqlite)
      })
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
 * Does `work` whose commit need not be on disk when it returns; it is on disk with the next commit that must be, and
 * never before an earlier one. A killed process loses nothing; a power failure may undo it as if it never happened. Not
 * for anything that people were told is saved, and not within a transaction.
 */
export function withoutDisk<T>(sqlite: Sqlite.Database, work: () => T): T {
  sqlite.pragma('synchronous = NORMAL')
  try {
    return work()
  } finally {
    sqlite.pragma('synchronous = FULL')
  }
}

/** For what SQLite itself does not wait for, like another process that sets up the same new file. */
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

/** Reads the schema and the list of migrations together, since another process may be migrating the file. */
function atOneMoment(sqlite: Sqlite.Database, look: () => void): void {
  sqlite.transaction(look).deferred()
}

/** SQLite's name for no file at all. */
const inMemory = ':memory:'

/** Only this account can read a new file, and what SQLite puts beside it. A file that exists keeps its mode. */
function keepToOurselves(path: string): void {
  if (path === inMemory || existsSync(path)) return
  const folder = dirname(resolve(path))
  if (!existsSync(folder))
    throw new Refusal(
      'unavailable',
      `${path} can't be made, since ${folder} is not there: make it, or set COUNTERSIGN_DB as for the app. Nothing was done.`,
    )
  closeSync(openSync(path, 'a', 0o600))
}

/**
 * SQLite writes commits to a file beside the database (its WAL), in pages of 4 KB. At this many, a commit has to move
 * them into the database, and somebody waits for it: `Store.tidy` does so earlier if it is called regularly.
 */
const pagesBeforeTidying = 4000

/**
 * SQLite's default cache of 2 MB soon fills with what lists read, and then a decision waits while its pages are read
 * again. Only pages that are read take memory.
 */
const keptInMemoryKb = 16_000
