import { isUtf8 } from 'node:buffer'
import type Sqlite from 'better-sqlite3'
import { getTableColumns, getTableName, is } from 'drizzle-orm'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { orders, page, type Row, type Table, type Value } from '../moving.ts'
import * as schema from './schema.ts'

const made = Object.values(schema).flatMap((table) => (is(table, SQLiteTable) ? table : []))
const columns = new Map(
  made.map((table) => [getTableName(table), Object.values(getTableColumns(table)).map(({ name }) => name)]),
)

export function columnsOf(table: Table): readonly string[] {
  return columns.get(table)!
}

/** All rows of a table, a page at a time. */
export function* rowsOf(db: Sqlite.Database, table: Table): Generator<readonly Row[]> {
  const rows = db.prepare<[], Row>(`select ${quoted(table)} from ${table} order by ${orders[table] ?? 'rowid'}`).raw()
  let some: Row[] = []
  for (const row of rows.iterate()) {
    some.push(row)
    if (some.length < page) continue
    yield some
    some = []
  }
  if (some.length > 0) yield some
}

/** Writes rows to a table, one after the other: SQLite gains nothing from more of them at once. */
export function prepareWrite(db: Sqlite.Database, table: Table): (rows: readonly Row[]) => void {
  const places = columnsOf(table).map(() => '?')
  const insert = db.prepare<Value[]>(`insert into ${table} (${quoted(table)}) values (${places})`)
  return (rows) => {
    for (const row of rows) insert.run(...row)
  }
}

/**
 * The first row with a text that another database can't keep as it is, for people: SQLite keeps any bytes in a text. Null
 * if there is none.
 */
export function rowWithOddText(db: Sqlite.Database, table: Table): string | null {
  db.function('are_texts', { varargs: true, deterministic: true }, areTexts)
  const bytes = columnsOf(table).map((column) => `cast("${column}" as blob)`)
  const called = orders[table] ?? 'id'
  const found = db.prepare<[], Row>(`select ${called} from ${table} where not are_texts(${bytes}) limit 1`).raw().get()
  return found === undefined ? null : `the row of "${table}" with ${called} = ${found.join(', ')}`
}

function areTexts(...values: unknown[]): 0 | 1 {
  return values.every((value) => value === null || (isUtf8(value as Buffer) && !(value as Buffer).includes(0))) ? 1 : 0
}

function quoted(table: Table): string {
  return columnsOf(table)
    .map((column) => `"${column}"`)
    .join(', ')
}
