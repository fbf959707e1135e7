import { chownSync, closeSync, existsSync, linkSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { refused } from '../refused.ts'
import { fileToRead, requireStopped } from './beside-the-app.ts'
import { countAnew } from './mark.ts'
import { migrationState } from './migrations.ts'
import { isDamaged, isLocked, troubleOf } from './trouble.ts'

/**
 * Copies the database at `from` as it is at one moment, also while the app writes to it, to a new file that only this
 * account can read. Throws a Refusal if there is a file at `to` already; nothing is left there if copying fails.
 */
export async function copyDatabase(from: string, to: string): Promise<void> {
  makeNew(to)
  try {
    const file = fileToRead(from)
    try {
      await copyAtOnce(file.path, to)
    } finally {
      file.done()
    }
  } catch (error) {
    remove(to)
    throw notCopied(error, from, to)
  }
}

/** SQLite does not say which of two files it had trouble with, but only one is written. */
function notCopied(error: unknown, from: string, to: string): unknown {
  const trouble = troubleOf(error)
  if (isDamaged(error)) return refused(from, `can't be read as a database (${error.message})`)
  if (trouble === null || isLocked(error)) return error
  return refused(from, `could not be copied to ${to}: there, ${trouble}`)
}

/** In one step: with pauses in between, SQLite would begin again whenever the app writes. */
async function copyAtOnce(from: string, to: string): Promise<void> {
  const sqlite = new Sqlite(from, { readonly: true, fileMustExist: true })
  try {
    await sqlite.backup(to, { progress: ({ totalPages }) => Math.max(totalPages, 1) })
    countElsewhere(to)
  } finally {
    sqlite.close()
  }
}

function countElsewhere(path: string): void {
  const sqlite = new Sqlite(path, { fileMustExist: true })
  try {
    countAnew(sqlite)
  } finally {
    sqlite.close()
  }
}

function makeNew(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw refused(path, code === 'EEXIST' ? 'is there already, and is not overwritten' : `can't be written: ${message}`)
  }
}

/**
 * True if an older Countersign wrote the file, so that it has to be brought up to date before it can be verified. Throws
 * a Refusal if a newer one did, or none.
 */
export function isOlder(path: string): boolean {
  const sqlite = new Sqlite(path, { readonly: true, fileMustExist: true })
  try {
    const { applied, pending, isNewer } = migrationState(sqlite)
    if (isNewer) throw refused(path, 'was written by a newer Countersign: put it back with that version')
    if (applied === 0) throw refused(path, 'is not a backup: Countersign has recorded nothing in it')
    return pending > 0
  } finally {
    sqlite.close()
  }
}

/** Removes a database with what SQLite keeps beside it. */
export function remove(path: string): void {
  for (const end of ['', ...beside]) rmSync(`${path}${end}`, { force: true })
}

/** SQLite would read these into whatever has the name of the database. */
const beside = ['-wal', '-shm']

/**
 * Puts the database at `from` in the place of the one at `path`, which is kept at `aside` together with all that belongs
 * to it. It belongs to the same user then, also if root puts it back, so that the app can open it. Throws a Refusal while
 * another process has it open.
 */
export function exchange(from: string, path: string, aside: string): void {
  if (existsSync(path)) requireStoppedOrDamaged(path)
  giveTo(from, existsSync(path) ? path : dirname(path))
  for (const end of beside) if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, `${aside}${end}`)
  if (existsSync(path)) keepAt(path, aside)
  renameSync(from, path)
}

/** Gives the file at `path` to the user that another file or folder belongs to, so that the app can open it. Only root can. */
export function giveTo(path: string, like: string): void {
  const { uid, gid } = statSync(like)
  if (process.getuid?.() === 0) chownSync(path, uid, gid)
}

/** Under both names, so that there is a database at each moment: an app that is started finds no gap to fill. */
function keepAt(path: string, aside: string): void {
  try {
    linkSync(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error
    renameSync(path, aside)
  }
}

/** Like `requireStopped`, though not for a file that can't be read as a database any more: a backup is for that. */
export function requireStoppedOrDamaged(path: string): void {
  try {
    requireStopped(path)
  } catch (error) {
    if (!isDamaged(error)) throw error
  }
}
