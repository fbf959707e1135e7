import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import type pg from 'pg'
import { z } from 'zod'
import { asTyped } from '../../domain/as-typed.ts'
import { thenSaySo } from '../../domain/audit/put-back.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { MigrationState } from '../../ports/inspection.ts'
import { shipped } from '../../shipped.ts'
import { connectTo, giveBack, take } from './connection.ts'
import { presentNow } from './presence.ts'
import type { On } from './statements.ts'

/** Any number, the same for every Countersign: whoever has this lock migrates, and the others wait. */
const migrationLock = 7_265_001

/** `made`: there were no tables before. `migrations`: the names of those that were done, in order. */
type Brought = { readonly made: boolean; readonly migrations: readonly string[] }

/**
 * Brings the database up to date, in one transaction, together with what `finish` does. Of several that start at once, one
 * does it. Throws if a newer Countersign made it.
 */
export async function bringUpToDate(
  pool: pg.Pool,
  finish: ((on: pg.ClientBase) => Promise<void>) | null = null,
): Promise<Brought> {
  const on = await take(pool)
  let isSound = false
  try {
    await on.query('set lock_timeout = 0')
    await on.query('select pg_advisory_lock($1)', [migrationLock])
    const { pending, applied, isNewer } = await migrationStateOf(on)
    if (isNewer) throw new Error(`${writtenByNewer} Nothing was changed.`)
    if (pending > 0) await requireAlone(on)
    await on.query('begin')
    const migrations = pending > 0 ? await runMigrations(on) : []
    await finish?.(on)
    await on.query('commit')
    await on.query('select pg_advisory_unlock($1)', [migrationLock])
    await on.query('reset lock_timeout')
    isSound = true
    return { made: applied === 0, migrations }
  } finally {
    giveBack(on, isSound)
  }
}

/** Throws a Refusal while others run on the tables as they are: they could not live with what a migration makes of them. */
async function requireAlone(on: On): Promise<void> {
  const { rows } = await on.query<{ is: boolean }>(`select to_regclass('public.instances') is not null as is`)
  const [one] = rows[0]?.is ? await presentNow(on) : []
  if (one === undefined) return
  throw refused(
    `Countersign ${one.version} runs on ${one.host} with the database that COUNTERSIGN_DB names, and this version changes its tables: stop it there first. If it has been stopped, wait half a minute.`,
  )
}

/** Tables that are there stay as they are. */
export async function makeTablesIfMissing(url: string): Promise<void> {
  const pool = connectTo(url)
  try {
    if ((await migrationStateOf(pool)).applied === 0) await bringUpToDate(pool)
  } finally {
    await pool.end()
  }
}

/** Until the end of the transaction of `on`, nobody else migrates. */
export async function keepOthersFromMigrating(on: On): Promise<void> {
  await on.query('select pg_advisory_xact_lock($1)', [migrationLock])
}

/**
 * Makes the tables, or brings them up to date, in the transaction of `on`: drizzle's own migrator begins and commits one
 * itself. The list of what was done is drizzle's. Resolves to the names of what it did.
 */
export async function runMigrations(on: On): Promise<readonly string[]> {
  const { applied } = await migrationStateOf(on)
  await on.query(
    'create table if not exists public.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)',
  )
  for (const { sql, hash, folderMillis } of readMigrationFiles({ migrationsFolder: migrationsFolder() }).slice(
    applied,
  )) {
    for (const one of sql) await on.query(one)
    await on.query('insert into public.__drizzle_migrations (hash, created_at) values ($1, $2)', [hash, folderMillis])
  }
  return entries()
    .slice(applied)
    .map(({ tag }) => tag)
}

/** Throws a Refusal unless this version made the tables. */
export async function requireThisVersion(on: On): Promise<void> {
  if ((await requireTables(on)).pending > 0)
    throw refused(
      `The database was written by an older Countersign: start this one once ("${asTyped('start')}"), which brings it up to date. If it is a backup, ${thenSaySo()}.`,
    )
}

/** Throws a Refusal unless this version or an older one made tables. */
export async function requireTables(on: On): Promise<MigrationState> {
  const state = await migrationStateOf(on)
  if (state.isNewer) throw refused(writtenByNewer)
  if (state.applied === 0)
    throw refused(
      'The database has no tables of Countersign: give the address that the app has in COUNTERSIGN_DB, and start the app once.',
    )
  return state
}

function refused(why: string): Refusal {
  return new Refusal('unavailable', `${why} Nothing was done.`)
}

const writtenByNewer =
  'The database was written by a newer Countersign, and this one would not understand it. Start the newer version.'

const journal = z.object({ entries: z.array(z.object({ when: z.number(), tag: z.string() })) })

export async function migrationStateOf(on: On): Promise<MigrationState> {
  const done = await doneIn(on)
  const newest = done.at(-1) ?? 0
  const known = entries().map(({ when }) => when)
  const applied = known.filter((when) => when <= newest).length
  const isInOrder = done.length === applied && done.every((when, i) => when === known[i])
  return { pending: known.length - applied, applied, isNewer: newest > Math.max(...known), isInOrder }
}

async function doneIn(on: On): Promise<number[]> {
  const { rows: found } = await on.query<{ is: boolean }>(
    `select to_regclass('public.__drizzle_migrations') is not null as is`,
  )
  if (!found[0]?.is) return []
  const { rows } = await on.query<{ at: number }>(
    'select created_at::bigint as at from public.__drizzle_migrations order by created_at',
  )
  return rows.map(({ at }) => at)
}

function entries() {
  return journal.parse(JSON.parse(readFileSync(join(migrationsFolder(), 'meta', '_journal.json'), 'utf8'))).entries
}

function migrationsFolder(): string {
  return dirname(shipped('migrations/postgres/meta'))
}
