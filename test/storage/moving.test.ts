import { getTableName, is } from 'drizzle-orm'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { expect, test } from 'vitest'
import { tables } from '../../src/storage/moving.ts'
import { columnsOf as inPostgres } from '../../src/storage/postgres/all-rows.ts'
import { columnsOf } from '../../src/storage/sqlite/all-rows.ts'
import * as schema from '../../src/storage/sqlite/schema.ts'

test('every table is moved', () => {
  const all = Object.values(schema).flatMap((table) => (is(table, SQLiteTable) ? getTableName(table) : []))
  expect([...tables].sort()).toEqual(all.sort())
})

test.each(tables)('the rows of %s have the same values in both databases', (table) => {
  expect(inPostgres(table).map(({ name }) => name)).toEqual(columnsOf(table))
})
