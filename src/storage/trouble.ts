import Sqlite from 'better-sqlite3'
import { LogTrouble } from './log-trouble.ts'

/** SQLite's primary result codes for what is wrong with the file and not with a statement. Source: sqlite.org/rescode.html. */
const troubles: Readonly<Record<string, string>> = {
  SQLITE_FULL: 'the disk is full',
  SQLITE_READONLY: 'the database can only be read',
  SQLITE_IOERR: 'the disk failed',
  SQLITE_CORRUPT: 'the database is damaged',
  SQLITE_NOTADB: 'the database is damaged',
  SQLITE_CANTOPEN: 'the database can not be opened',
  SQLITE_BUSY: 'another program keeps the database locked',
}

/** What ails the database when an error comes of that, as a clause; null for every other error. */
export function troubleOf(error: unknown): string | null {
  if (error instanceof LogTrouble) return error.why
  if (!(error instanceof Sqlite.SqliteError)) return null
  return troubles[primary(error)] ?? null
}

/** Whether another connection holds what was asked for, so that the same may succeed a little later. */
export function isLocked(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && primary(error) === 'SQLITE_BUSY'
}

function primary({ code }: { readonly code: string }): string {
  return /^SQLITE_[A-Z]+/.exec(code)?.[0] ?? ''
}
