import { closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { asTyped } from '../../domain/as-typed.ts'
import { Refusal } from '../../domain/refusal.ts'
import { stateOf } from './file-state.ts'
import { markOf, readWal } from './wal.ts'

/**
 * An app that is killed leaves a -wal beside its database, with what was recorded last, and SQLite reads that into
 * whatever has the name of the database by then: a backup that was copied there, for one. Throws a Refusal, before
 * SQLite opens either, unless they belong together.
 */
export function requireOwnWal(path: string): void {
  const file = existsSync(path) ? realpathSync(path) : path
  const before = stateOf(file)
  if (!existsSync(`${file}-wal`)) return
  try {
    const why = whyNotOwn(file)
    if (why !== null) throw new Refusal('unavailable', inWords(file, why))
  } catch (error) {
    // Somebody has it open, or closed it meanwhile, which takes the -wal away: both were read while they changed.
    if (stateOf(file) === before) throw error
  }
}

const foreign = (file: string) =>
  `${file}-wal was not left by the database that is at ${file} now: it holds what was last recorded in another one, most likely the one that was there before. SQLite would mix the two.`

const unsound = (file: string) =>
  `${file} and ${file}-wal do not make one sound database: either the -wal was left by another one, most likely the one that was there before, or the database is damaged.`

function inWords(file: string, why: string): string {
  return (
    `${why} Nothing was changed. Stop Countersign, and move ${file}-wal and ${file}-shm to another folder. ` +
    `Then, if you put a backup there by hand, run "${asTyped('audit put-back')}"; if nobody did, put the last backup in its place with "${asTyped('restore')}".`
  )
}

/** Null if the -wal adds to this file, or nothing at all. */
function whyNotOwn(file: string): string | null {
  const wal = readWal(`${file}-wal`)
  if (wal === null) return null
  const page = firstPage(file, wal.pageSize)
  if (page === null) return foreign(file)
  const [mark, first, last] = [markOf(page), wal.marks[0] ?? 0, wal.marks.at(-1) ?? 0]
  // Written by an earlier version, or before the first mark.
  if (mark === 0 || first === 0) return areOne(file) ? null : unsound(file)
  return first - 1 <= mark && mark <= last ? null : foreign(file)
}

/** Null if the file is shorter than that. */
function firstPage(file: string, bytes: number): Buffer | null {
  if (!existsSync(file)) return null
  const opened = openSync(file, 'r')
  try {
    const page = Buffer.alloc(bytes)
    return readSync(opened, page, 0, bytes, 0) === bytes ? page : null
  } finally {
    closeSync(opened)
  }
}

/** Without marks to go by: true if copies of both make one sound database, in which the log of the file goes on. */
function areOne(file: string): boolean {
  const folder = copiesOf(file)
  try {
    return isSound(join(folder, 'both.db'), endOf(join(folder, 'alone.db')))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A folder with both, and with the file alone. Throws a Refusal if there is no room for them. */
function copiesOf(file: string): string {
  let folder: string | null = null
  try {
    folder = mkdtempSync(join(tmpdir(), 'countersign-'))
    for (const name of ['alone.db', 'both.db']) copyFileSync(file, join(folder, name))
    copyFileSync(`${file}-wal`, join(folder, 'both.db-wal'))
    return folder
  } catch (error) {
    if (folder !== null) rmSync(folder, { recursive: true, force: true })
    const why = `copies of both, which that takes, could not be made in ${tmpdir()}: ${(error as Error).message}`
    throw new Refusal(
      'unavailable',
      `Nobody can tell if ${file}-wal belongs to ${file}, since ${why}. Nothing was done.`,
    )
  }
}

type End = { readonly seq: number; readonly body: string }

/** The last entry of its log. Null if there is none, or if SQLite was killed while it wrote to the file. */
function endOf(path: string): End | null {
  try {
    return reading(path, (sqlite) => entry(sqlite, '(select max(seq) from audit_events)'))
  } catch {
    return null
  }
}

function isSound(path: string, end: End | null): boolean {
  try {
    return reading(path, (sqlite) => {
      if (sqlite.pragma('integrity_check(1)', { simple: true }) !== 'ok') return false
      return end === null || entry(sqlite, String(end.seq))?.body === end.body
    })
  } catch {
    return false
  }
}

function entry(sqlite: Sqlite.Database, seq: string): End | null {
  return sqlite.prepare<[], End>(`select seq, at || body as body from audit_events where seq = ${seq}`).get() ?? null
}

function reading<T>(path: string, read: (sqlite: Sqlite.Database) => T): T {
  const sqlite = new Sqlite(path, { fileMustExist: true })
  try {
    return read(sqlite)
  } finally {
    sqlite.close()
  }
}
