import Sqlite from 'better-sqlite3'
import { asTyped } from '../../domain/as-typed.ts'
import { LogTrouble } from '../log-trouble.ts'

/** `why` is a clause; `todo` another, for whoever runs the app: what helps before the next start. */
type Trouble = { readonly why: string; readonly todo: string }

/** A remedy if the database can't be written, as a clause. */
export const mayWrite =
  'let the user that Countersign runs as write the database and its folder, on a disk that is mounted for writing'
const full: Trouble = { why: 'the disk is full', todo: 'make room on its disk' }
const readOnly: Trouble = { why: 'the database is not writable', todo: mayWrite }
const lastBackup = () => `put the last backup in its place with "${asTyped('restore FILE')}"`

/** SQLite's result codes for faults of the file rather than of a statement. Source: sqlite.org/rescode.html. */
const troubles = (): Readonly<Record<string, Trouble>> => ({
  SQLITE_FULL: full,
  SQLITE_READONLY: readOnly,
  SQLITE_IOERR: { why: 'the disk failed', todo: 'check what the system says about its disk' },
  // "This error may indicate that the underlying filesystem volume is out of space."
  SQLITE_IOERR_SHMSIZE: { ...full, why: 'the disk seems to be full' },
  SQLITE_CORRUPT: { why: 'the database is damaged', todo: lastBackup() },
  SQLITE_NOTADB: {
    why: 'the file is not a database, or is damaged',
    todo: `check the path in COUNTERSIGN_DB. If it is the right file, ${lastBackup()}`,
  },
  SQLITE_CANTOPEN: {
    why: "the database can't be opened",
    todo: `check COUNTERSIGN_DB, and ${mayWrite}`,
  },
  SQLITE_BUSY: { why: 'another program keeps the database locked', todo: 'stop that program' },
})

/** The system's codes for a database that could not be created. */
const notMade: Readonly<Record<string, Trouble>> = {
  ENOSPC: full,
  EDQUOT: full,
  EROFS: { ...readOnly, why: 'its folder is not writable' },
  EACCES: { ...readOnly, why: 'this user may not write it' },
  EPERM: { ...readOnly, why: 'this user may not write it' },
}

/** The trouble of the database that caused the error, as a clause; null for every other error. */
export function troubleOf(error: unknown): string | null {
  if (error instanceof LogTrouble) return error.why
  return error instanceof Sqlite.SqliteError ? (inTable(error)?.why ?? null) : null
}

/** True if the file is not, or is no longer, a database that can be read. */
export function isDamaged(error: unknown): error is Error {
  return error instanceof Sqlite.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)
}

/** A remedy for a damaged database, as a clause. */
export function helpsDamaged(): string {
  return `stop Countersign, and ${lastBackup()}`
}

/** The reason the app could not start with the database at `path`, and what to do; null for every other error. */
export function startTroubleOf(error: unknown, path: string): string | null {
  const found = causesOf(error).map((one) => troubleAtStart(one, path))
  const trouble = found.find((one) => one !== null)
  if (!trouble) return null
  const { why, todo } = trouble
  return `Countersign has not started, since it can't use its database ${path}: ${why}. To start it, ${todo}. Then start it again.`
}

function troubleAtStart(error: Error, path: string): Trouble | null {
  if (error instanceof LogTrouble) return { why: error.why, todo: `fix that first; ${asTyped('doctor')} says more` }
  if (error instanceof Sqlite.SqliteError) return inTable(error)
  const { code, path: of } = error as NodeJS.ErrnoException
  return of === path ? (notMade[code ?? ''] ?? null) : null
}

/** An error with everything that caused it. */
function causesOf(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : []
}

function inTable({ code }: { readonly code: string }): Trouble | null {
  const known = troubles()
  return known[code] ?? known[primary(code)] ?? null
}

/** True if another connection holds a lock, so that the same may succeed a little later. */
export function isLocked(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && primary(error.code) === 'SQLITE_BUSY'
}

function primary(code: string): string {
  return /^SQLITE_[A-Z]+/.exec(code)?.[0] ?? ''
}
