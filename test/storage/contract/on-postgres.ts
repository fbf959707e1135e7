import { getTableName, is } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import type pg from 'pg'
import { onTestFinished } from 'vitest'
import { createSteadyClock } from '../../../src/steady-clock.ts'
import { connectTo } from '../../../src/storage/postgres/connection.ts'
import { openPostgresEvidence } from '../../../src/storage/postgres/evidence.ts'
import { grantsIn } from '../../../src/storage/postgres/grants.ts'
import * as schema from '../../../src/storage/postgres/schema.ts'
import { openPostgresStore } from '../../../src/storage/postgres/store.ts'
import { isLocked, troubleOf } from '../../../src/storage/postgres/trouble.ts'
import { failStatements } from '../../support/fail-statements.ts'
import { briefPostgres, postgresWithTables, rawPostgres } from '../../support/postgres.ts'
import type { NewRow } from '../../support/rows.ts'
import type { Engine, Opening, Place, Sql } from './engines.ts'

export const postgres: Engine = {
  name: 'PostgreSQL',
  empty: async () => placeAt(await postgresWithTables()),
  troubleOf,
  isLocked,
  failWrites: failStatements,
  brief: async ({ now, monotonic }) => {
    const { url, drop } = await briefPostgres()
    const store = await openPostgresStore({ url, now, monotonic, holdClock: now })
    return { store, end: () => store.close().then(drop) }
  },
  share: 0.1,
}

const tables = Object.values(schema).flatMap((table) => (is(table, PgTable) ? getTableName(table) : []))

export function placeAt(url: string): Place {
  let connection: Promise<pg.Client> | undefined
  const raw = () => {
    connection ??= rawPostgres(url)
    return connection
  }
  const open = async ({ now = () => new Date(), ...opening }: Opening = {}) => {
    const store = await openPostgresStore({ url, now, holdClock: now, ...opening })
    onTestFinished(store.close)
    return store
  }
  const sql: Sql = async (statement, ...values) => run(await raw(), statement, values)
  const tamper: Sql = async (...asked) => {
    await run(await raw(), `set session_replication_role = replica`)
    try {
      return await sql(...asked)
    } finally {
      await run(await raw(), 'set session_replication_role = origin')
    }
  }
  return {
    open,
    openWithin: async (opening) => ({ store: await open(opening), within: tamper }),
    evidence: async () => {
      const evidence = await openPostgresEvidence(url)
      onTestFinished(evidence.close)
      return evidence
    },
    grants: ({ now, monotonic }) => {
      const pool = connectTo(url)
      onTestFinished(() => pool.end())
      return grantsIn(pool, createSteadyClock(now, monotonic), now)
    },
    sql,
    tamper,
    add: (table, rows) => add(sql, table, rows),
    state: async () => {
      const state = []
      for (const table of tables) state.push(await sql(`select ${table}::text, xmin from ${table} order by 1`))
      return state
    },
  }
}

async function run<Row>(on: pg.Client, statement: string, values: readonly unknown[] = []): Promise<Row[]> {
  let place = 0
  const text = statement.replaceAll('?', () => `$${++place}`)
  const { rows } = await on.query(text, [...values])
  return rows as Row[]
}

/** All of them in one statement: one by one, thousands would take seconds. */
async function add(sql: Sql, table: string, rows: readonly NewRow[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {})
  if (columns.length === 0) return
  const given = `select ${columns} from json_populate_recordset(null::${table}, ?)`
  await sql(`insert into ${table} (${columns}) ${given}`, JSON.stringify(rows))
}
