import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { Refusal } from '../../domain/refusal.ts'
import { visible } from '../../domain/text.ts'
import { notMoved, requireThisVersion, type Source, type Table, type Target, tables } from '../moving.ts'
import { rowsOf, writeRows } from './all-rows.ts'
import { commit, Unanswered } from './commit.ts'
import { connectTo, giveBack, take } from './connection.ts'
import { evidenceOn } from './evidence.ts'
import { keepOthersFromMigrating, runMigrations } from './migrating.ts'
import { migrationStateOf } from './migration-state.ts'
import { schemaDifferences } from './schema-check.ts'
import type { On } from './statements.ts'
import { isUsed } from './stopped.ts'
import { isLocked } from './trouble.ts'

/**
 * Opens the database at `url` to move all of it to a file; nobody else can write to it meanwhile, and nothing is written to
 * it. Throws a Refusal if a Countersign uses it, or if its tables are not as this version makes them.
 */
export function moveFromPostgres(url: string): Promise<Source> {
  return connected(url, async (on) => {
    await requireNobody(on, url)
    requireThisVersion(url, await migrationStateOf(on))
    await on.query('begin isolation level repeatable read read only')
    await lockAll(on, url)
    await requireStructure(on, url)
  })
}

/**
 * Opens the database at `url` to move everything into it, in one transaction, which makes the tables if they are missing.
 * Throws a Refusal if there is anything in it, or a Countersign uses it.
 */
export async function moveToPostgres(url: string): Promise<Target> {
  const { on, ...end } = await connected(url, async (on) => {
    await requireNobody(on, url)
    await on.query('begin')
    await keepOthersFromMigrating(on)
    const { applied, pending } = await migrationStateOf(on)
    if (applied === 0) await requireNothing(on, url)
    if (pending > 0) await runMigrations(on)
    requireThisVersion(url, await migrationStateOf(on))
    await lockAll(on, url)
    await requireNoRows(on, url)
    await requireStructure(on, url)
  })
  return {
    ...end,
    write: (table, rows) => writeRows(on, table, rows).catch((error) => Promise.reject(notKept(error, url, table))),
    finish: async () => {
      await commit(on).catch((error) => Promise.reject(notFinished(error, url)))
      await on.query(tidyUp).catch(() => {})
    },
  }
}

/**
 * Until the server does so by itself, some minutes later, it guesses how much is in the tables, and reads through them
 * where it could go by an index. It takes some seconds for a million rows; the longest wait is in milliseconds.
 */
const tidyUp: pg.QueryConfig & { query_timeout: number } = {
  text: `vacuum (analyze) ${tables.join(', ')}`,
  query_timeout: 600_000,
}

/** One connection, on which `begin` begins a transaction. */
async function connected(url: string, begin: (on: pg.PoolClient) => Promise<void>) {
  const pool = connectTo(url)
  try {
    const on = await take(pool)
    const close = async () => {
      giveBack(on, false)
      await pool.end()
    }
    try {
      // It may take long until the other end is read or written.
      await on.query('set idle_in_transaction_session_timeout = 0')
      await begin(on)
    } catch (error) {
      giveBack(on, false)
      throw error
    }
    return { place: url, evidence: () => evidenceOn(on), rows: (table: Table) => rowsOf(on, table), on, close }
  } catch (error) {
    await pool.end()
    throw error
  }
}

/** A program that has just ended may still be listed for a moment. */
const [mostLooks, betweenLooks] = [20, 100]

async function requireNobody(on: On, url: string): Promise<void> {
  for (let looks = 1; await isUsed(on); looks++) {
    if (looks === mostLooks) throw inUse(url)
    await pause(betweenLooks)
  }
}

/** Nobody else can write to any of them until the transaction is over. Before anything is read in it. */
async function lockAll(on: On, url: string): Promise<void> {
  try {
    await on.query(`lock table log_head, ${tables.join(', ')} in exclusive mode`)
  } catch (error) {
    throw isLocked(error) ? inUse(url) : error
  }
}

function inUse(url: string): Refusal {
  return notMoved(url, 'is in use, most likely by Countersign: stop it on every machine, and run this again')
}

async function requireStructure(on: On, url: string): Promise<void> {
  const [first] = await schemaDifferences(on)
  if (first !== undefined)
    throw notMoved(
      url,
      `does not have the structure that Countersign gives it (${first.what}), so what is written there could be dropped or changed unnoticed. Find out who did it, and undo it with psql`,
    )
}

async function requireNothing(on: On, url: string): Promise<void> {
  const { rows } = await on.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace order by 1 limit 1`,
  )
  const [first] = rows
  if (first !== undefined)
    throw notMoved(url, `is not empty: another program has "${visible(first.name)}" in it. Give a database of its own`)
}

async function requireNoRows(on: On, url: string): Promise<void> {
  for (const table of tables) {
    const { rows } = await on.query(`select 1 from ${table} limit 1`)
    if (rows.length > 0)
      throw notMoved(
        url,
        `is not empty: Countersign has recorded something in it (in "${table}"), and two logs can't be made one. Give an empty database`,
      )
  }
}

/** The server says of what it can't keep; nothing of the transaction is kept then. */
function notKept(error: unknown, url: string, table: Table): unknown {
  if (!(error instanceof pg.DatabaseError && /^(22|23|54)/.test(error.code ?? ''))) return error
  return notMoved(url, `can't keep a row of "${table}" (${visible(error.message)})`)
}

function notFinished(error: unknown, url: string): unknown {
  if (!(error instanceof Unanswered)) return error
  return new Refusal(
    'unavailable',
    `No answer came from ${url} at the very end, so nobody can tell whether everything is there now. Run this again: if it says that the database is not empty, everything was moved.`,
  )
}
