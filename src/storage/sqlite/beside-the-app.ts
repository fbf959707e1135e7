import { existsSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import type { AuditKey } from '../../domain/audit/chain.ts'
import type { LastEntry } from '../../domain/audit/key-check.ts'
import { thenSaySo } from '../../domain/audit/put-back.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Store } from '../../ports/store.ts'
import { refused } from '../refused.ts'
import type { OnUnreadable } from '../unreadable-rows.ts'
import { openDatabase } from './database.ts'
import { empty, isEmpty } from './empty-file.ts'
import { lastEntryOf } from './log-key.ts'
import { writtenByNewer } from './migrating.ts'
import { migrationState } from './migrations.ts'
import { requireOwnWal } from './own-wal.ts'
import { requireSchema } from './schema-guard.ts'
import { storeIn } from './store.ts'
import { type ToRead, toRead, whereItCanBeRead } from './to-read.ts'
import { isLocked } from './trouble.ts'

type Options = {
  readonly path: string
  readonly now: () => Date
  /** The key that chains new entries; left out by readers. */
  readonly key?: AuditKey
  /** Called once for each row that can't be read. */
  readonly onUnreadable?: OnUnreadable
}

/**
 * Opens the Store on a file that the app made and may have open; neither creates nor migrates it. Throws a Refusal if
 * the file is missing, of another version, or has a log chained with another key.
 */
export function openBesideTheApp(options: Options): Store {
  const { path, now, key, onUnreadable } = options
  if (key === undefined) return openToRead(options)
  const last = lastEntryIn(path)
  if (last !== null && !isKeptWith(key, last)) throw refused(path, wrongKey(key))
  return storeIn(openDatabase(path), now, key, [], undefined, undefined, onUnreadable)
}

/** Changes neither the file nor anything beside it. */
function openToRead({ path, now, onUnreadable }: Options): Store {
  requireThere(path)
  const file = fileToRead(path)
  try {
    lastEntryIn(path, file.path)
    const db = openDatabase(file.path)
    db.$client.pragma('query_only = on')
    const store = storeIn(db, now, null, [], undefined, undefined, onUnreadable)
    const close = async () => {
      await store.close()
      file.done()
    }
    return { ...store, close }
  } catch (error) {
    file.done()
    const instead = whereItCanBeRead(error)
    throw instead === null ? error : refused(path, `can't be read (${(error as Error).message}). ${instead}`)
  }
}

/** Like `toRead`, and refuses in words what can't be read, such as with no room for a copy. */
export function fileToRead(path: string): ToRead {
  try {
    return toRead(path)
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw refused(path, `can't be read: ${error instanceof Error ? error.message : error}`)
  }
}

function wrongKey(key: AuditKey): string {
  return key === null
    ? 'has a log that was written with a key, but AUDIT_KEY is not set: set it as for the app'
    : 'has a log that was written with another AUDIT_KEY, or with none: set it as for the app'
}

/** Throws a Refusal while another process on this machine has the file open, as the app does while it runs. */
export function requireStopped(path: string): void {
  openAlone(path).close()
}

/** Opens the file so that no other process can until it is closed. Throws a Refusal while another has it open. */
export function openAlone(path: string): Sqlite.Database {
  requireOwnWal(path)
  const sqlite = new Sqlite(path, { fileMustExist: true, timeout: 0 })
  try {
    sqlite.pragma('locking_mode = exclusive')
    sqlite.prepare('select count(*) from sqlite_schema').get()
    return sqlite
  } catch (error) {
    sqlite.close()
    if (!isLocked(error)) throw error
    throw refused(path, 'is open in another process, most likely Countersign. Stop it first, then run this again')
  }
}

/** Throws a Refusal unless this version of the app made the file. `read`: the path that it is read at. */
export function lastEntryIn(path: string, read = path): LastEntry | null {
  requireThere(path)
  requireOwnWal(read)
  const { pending, isNewer, last } = lookInto(path, read)
  if (isNewer) throw new Error(writtenByNewer(path))
  if (pending > 0)
    throw refused(
      path,
      `was written by an older Countersign: start this one once to bring it up to date. If it is a backup, ${thenSaySo()}`,
    )
  return last
}

/** Throws a Refusal if there is no such file, or nothing in it. */
export function requireThere(path: string): void {
  if (!existsSync(path))
    throw refused(path, 'does not exist: set COUNTERSIGN_DB as for the app, and start the app once')
  if (isEmpty(path)) throw refused(path, empty())
}

/** Only the app starts to use another key. */
function isKeptWith(key: AuditKey, { key: last, type }: LastEntry): boolean {
  return last === (key?.id ?? null) || (key === null && type === 'key_left')
}

function lookInto(path: string, read: string): { pending: number; isNewer: boolean; last: LastEntry | null } {
  const sqlite = new Sqlite(read, { fileMustExist: true })
  try {
    const { pending, isNewer } = migrationState(sqlite)
    if (pending > 0 || isNewer) return { pending, isNewer, last: null }
    requireSchema(path, sqlite, { indexesToo: true })
    return { pending, isNewer, last: lastEntryOf(sqlite) }
  } finally {
    sqlite.close()
  }
}
