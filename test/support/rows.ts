import type Sqlite from 'better-sqlite3'

/** A row by the names of its columns, as any database takes it. */
export type NewRow = Readonly<Record<string, unknown>>

/** Adds rows to a table in one transaction, all with the columns of the first. */
export function addRows(db: Sqlite.Database, table: string, rows: readonly NewRow[]): void {
  const columns = Object.keys(rows[0] ?? {})
  if (columns.length === 0) return
  const values = columns.map((column) => `@${column}`)
  const insert = db.prepare(`insert into ${table} (${columns}) values (${values})`)
  db.transaction(() => {
    for (const row of rows) insert.run(row)
  })()
}

/** The largest number in a column; 0 in an empty table. */
export function largest(db: Sqlite.Database, column: string, table: string): number {
  return Number(db.prepare(`select coalesce(max(${column}), 0) from ${table}`).pluck().get())
}
