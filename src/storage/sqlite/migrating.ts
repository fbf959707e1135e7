import Sqlite from 'better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { change } from '../../domain/change/change.ts'
import { Refusal } from '../../domain/refusal.ts'
import { hasTable, migrationState, migrationsFolder } from './migrations.ts'
import { toRead } from './to-read.ts'

type Migrated = Parameters<typeof migrate>[0] & { readonly $client: Sqlite.Database }

/**
 * Two processes that start on a new file at once both try; the later one's second attempt finds it all done. References
 * are not checked meanwhile: a migration that makes a table anew drops it while rows refer to it, and drizzle-kit's own
 * `PRAGMA foreign_keys=OFF` does nothing within a transaction.
 */
export function bringUpToDate(db: Migrated, folder = migrationsFolder()): void {
  db.$client.pragma('foreign_keys = OFF')
  try {
    migrate(db, { migrationsFolder: folder })
  } catch {
    migrate(db, { migrationsFolder: folder })
  } finally {
    db.$client.pragma('foreign_keys = ON')
  }
}

/** Throws if a newer Countersign wrote the file and was killed: closing it again would move its -wal into it. */
export function requireNotNewer(path: string): void {
  const file = toRead(path)
  try {
    const sqlite = new Sqlite(file.path, { readonly: true, fileMustExist: true })
    try {
      if (migrationState(sqlite).isNewer) throw new Error(writtenByNewer(path))
    } finally {
      sqlite.close()
    }
  } finally {
    file.done()
  }
}

export function writtenByNewer(path: string): string {
  return (
    `${path} was written by a newer Countersign, and this one would not understand it. Nothing was changed: ` +
    'start the newer version, or point COUNTERSIGN_DB at another file.'
  )
}

/**
 * Throws a Refusal for changes as 0.1.0 stored them: nothing could be done with them, and 0.1.0 could not either, once
 * the file is migrated.
 */
export function requireReadableChanges(path: string, sqlite: Sqlite.Database): void {
  if (migrationState(sqlite).applied !== 1 || !hasTable(sqlite, 'change_requests')) return
  const states = sqlite.prepare<[], string>('select state from change_requests').pluck().all()
  if (states.length === 0 || states.some(isReadable)) return
  throw new Refusal(
    'unavailable',
    `${path} has changes that were stored as 0.1.0 stored them, and this version can't read any of them. Nothing was changed: ` +
      'decide or cancel those that are open with the version that wrote the file, keep it as your record, and set COUNTERSIGN_DB to a new path.',
  )
}

function isReadable(state: string): boolean {
  try {
    const { proposedAt, ...rest } = JSON.parse(state)
    return change.safeParse({ revisedAt: proposedAt, proposedAt, ...rest }).success
  } catch {
    return false
  }
}
