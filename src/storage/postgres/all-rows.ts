import { getTableColumns, getTableName, is } from 'drizzle-orm'
import { type PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type pg from 'pg'
import { orders, page, type Row, type Table, type Value } from '../moving.ts'
import * as schema from './schema.ts'
import type { On } from './statements.ts'

/** `type`: without its collation. */
type Column = { readonly name: string; readonly type: string }

const made = Object.values(schema).flatMap((table) => (is(table, PgTable) ? table : []))
const columns = new Map(made.map((table) => [getTableName(table), Object.values(getTableColumns(table)).map(asColumn)]))

function asColumn(column: PgColumn): Column {
  return { name: column.name, type: column.getSQLType().split(' ')[0]! }
}

/** Without those that only PostgreSQL has. */
export function columnsOf(table: Table): readonly Column[] {
  return columns.get(table)!.filter(({ name }) => table !== 'drafts' || name !== savedLast)
}

/** Counted by PostgreSQL itself. */
const savedLast = 'saved'

/** All rows of a table, a page at a time, within a transaction. One table after the other. */
export async function* rowsOf(on: pg.ClientBase, table: Table): AsyncGenerator<readonly Row[]> {
  const order = orders[table] ?? savedLast
  await on.query(`declare moving no scroll cursor for select ${quoted(table)} from ${table} order by ${order}`)
  for (;;) {
    const { rows } = await on.query<Value[]>({ text: `fetch ${page} from moving`, rowMode: 'array' })
    if (rows.length === 0) break
    yield rows
  }
  await on.query('close moving')
}

/** Adds rows to a table in one statement, in their order. */
export async function writeRows(on: On, table: Table, rows: readonly Row[]): Promise<void> {
  const given = columnsOf(table).map(({ type }, i) => `$${i + 1}::${type}[]`)
  const values = columnsOf(table).map((_, i) => rows.map((row) => row[i]))
  const text = `insert into ${table} (${quoted(table)}) select * from unnest(${given})`
  await on.query({ name: `move-${table}`, text, values })
}

function quoted(table: Table): string {
  return columnsOf(table)
    .map(({ name }) => `"${name}"`)
    .join(', ')
}
