import { existsSync, linkSync, renameSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type Sqlite from 'better-sqlite3'
import { notMoved, requireThisVersion, type Source, type Table, type Target, tables } from '../moving.ts'
import { prepareWrite, rowsOf, rowWithOddText } from './all-rows.ts'
import { openAlone } from './beside-the-app.ts'
import { giveTo, remove, requireStoppedOrDamaged } from './copies.ts'
import { openDatabase } from './database.ts'
import { empty, isEmpty } from './empty-file.ts'
import { evidenceIn } from './evidence.ts'
import { countAnew } from './mark.ts'
import { migrationState } from './migrations.ts'
import { requireSchema } from './schema-guard.ts'

/**
 * Opens the file at `path` to move all of it to PostgreSQL; no other process can open it meanwhile, and nothing is written
 * to it. Throws a Refusal if one has it open, if it is not a whole database of this version, or if a text in it is one that
 * PostgreSQL can't keep.
 */
export function moveFromFile(path: string): Source {
  if (!existsSync(path)) throw notMoved(path, 'does not exist: give the path of the database that the app has used')
  if (isEmpty(path)) throw notMoved(path, empty())
  const db = openAlone(path)
  try {
    db.pragma('query_only = on')
    db.exec('begin')
    requireThisVersion(path, migrationState(db))
    requireSchema(path, db, { indexesToo: true })
    for (const table of tables) requireTexts(path, db, table)
    return { ...endOf(path, db), close: async () => void db.close() }
  } catch (error) {
    db.close()
    throw error
  }
}

function requireTexts(path: string, db: Sqlite.Database, table: Table): void {
  const named = rowWithOddText(db, table)
  if (named === null) return
  throw notMoved(
    path,
    `has a text that PostgreSQL can't keep, with a NUL character or bytes that are not UTF-8, in ${named}. Countersign writes none: find out who did, and mend that row with the sqlite3 program`,
  )
}

/**
 * Makes a new database that becomes the file at `path` once it is finished; until then it is beside it, and what is left of
 * one that was cut off is removed. Only this account can read it. Throws a Refusal if there is anything at `path`.
 */
export function moveToFile(path: string): Target {
  for (const there of ['', '-wal', '-shm'].map((end) => `${path}${end}`))
    if (existsSync(there))
      throw notMoved(there, 'is there already, and is not overwritten: give the path of a new file')
  const folder = dirname(resolve(path))
  if (!existsSync(folder)) throw notMoved(path, `can't be made, since ${folder} is not there: make it`)
  const beside = `${path}.moving`
  if (existsSync(beside)) requireStoppedOrDamaged(beside)
  remove(beside)
  const { $client: db } = openDatabase(beside)
  db.exec('begin immediate')
  const writes = new Map<Table, ReturnType<typeof prepareWrite>>()
  return {
    ...endOf(path, db),
    write: async (table, rows) => {
      const write = writes.get(table) ?? prepareWrite(db, table)
      writes.set(table, write)
      write(rows)
    },
    finish: async () => {
      countAnew(db)
      db.exec('commit')
      db.pragma('wal_checkpoint(truncate)')
      db.close()
      giveTo(beside, folder)
      putAt(beside, path)
    },
    close: async () => {
      db.close()
      remove(beside)
    },
  }
}

function endOf(place: string, db: Sqlite.Database): Omit<Source, 'close'> {
  return { place, evidence: async () => evidenceIn(db), rows: (table) => rowsOf(db, table) }
}

/** A rename would replace what somebody put there meanwhile. */
function putAt(beside: string, path: string): void {
  try {
    linkSync(beside, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw notMoved(path, 'is there now, and is not overwritten: give the path of a new file')
    renameSync(beside, path)
  }
  rmSync(beside, { force: true })
}
