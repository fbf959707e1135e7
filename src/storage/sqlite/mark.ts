import { randomInt } from 'node:crypto'
import type Sqlite from 'better-sqlite3'

/**
 * SQLite's -wal does not say which database it belongs to. So that it can be told (`requireOwnWal`), the first thing
 * that is committed to a new -wal counts up a number in the first page of the database (`user_version`). It begins
 * anywhere, so that two databases are not taken for one.
 */
export function prepareMark(sqlite: Sqlite.Database) {
  let isDue = true
  return { due, make, made }

  /** Called once what was in the -wal is in the database: SQLite begins it anew with the next commit. */
  function due(): void {
    isDue = true
  }

  /** Called in each transaction. */
  function make(): void {
    if (isDue) count(sqlite)
  }

  /** Called once it is committed. */
  function made(): void {
    isDue = false
  }
}

export type Mark = ReturnType<typeof prepareMark>

function count(sqlite: Sqlite.Database): void {
  const last = sqlite.pragma('user_version', { simple: true }) as number
  sqlite.pragma(`user_version = ${last > 0 ? last + 1 : anywhere()}`)
}

/** A copy counts from another place than the database it was made of. */
export function countAnew(sqlite: Sqlite.Database): void {
  sqlite.pragma(`user_version = ${anywhere()}`)
}

function anywhere(): number {
  return randomInt(1, 2 ** 30)
}
