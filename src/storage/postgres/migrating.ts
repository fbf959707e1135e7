import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { asTyped } from '../../domain/as-typed.ts'
import { connectTo, giveBack, take } from './connection.ts'
import { type Defined, definedIn, keyOf } from './definitions.ts'
import { knownMigrations, type Migration } from './migration-files.ts'
import { migrationStateOf, refused, writtenByNewer } from './migration-state.ts'
import { presentNow } from './presence.ts'
import type { On } from './statements.ts'
import { isLocked } from './trouble.ts'

/** Any number, the same for every Countersign: whoever has this lock migrates, and the others wait. */
const migrationLock = 7_265_001

export type Brought = {
  /** True if there were no tables before. */
  readonly made: boolean
  /** The names of the migrations that were done, in order. */
  readonly migrations: readonly string[]
  /** True if the version that used the tables before can go on with them. */
  readonly canGoBack: boolean
}

type Options = {
  /** Done in the same transaction, also if the database was up to date. */
  readonly finish?: (on: pg.ClientBase) => Promise<void>
  /** How often the tables are waited for. */
  readonly mostWaits?: number
}

/**
 * Brings the database up to date, in one transaction. Of several that start at once, one does it. Throws if a newer
 * Countersign made it; and a Refusal while instances of an older one run that could not live with it, or if others keep the
 * tables locked.
 */
export async function bringUpToDate(pool: pg.Pool, { finish, mostWaits = aMinute }: Options = {}): Promise<Brought> {
  const on = await take(pool)
  let isSound = false
  try {
    const result = await inShortTransaction(on, mostWaits, () => brought(on, finish))
    isSound = true
    return result
  } finally {
    giveBack(on, isSound)
  }
}

async function brought(on: pg.ClientBase, finish: Options['finish']): Promise<Brought> {
  await waitForOthers(on)
  const { applied, isNewer } = await migrationStateOf(on)
  if (isNewer) throw new Error(`${writtenByNewer} Nothing was changed.`)
  const todo = knownMigrations().slice(applied)
  const canGoBack = todo.every(({ isMarked }) => isMarked)
  if (!canGoBack) await requireAlone(on)
  if (applied > 0 && todo.length > 0) await keepWritersOut(on)
  await run(on, todo)
  await finish?.(on)
  return { made: applied === 0, migrations: todo.map(({ name }) => name), canGoBack }
}

/**
 * However long they migrate. The lock is the transaction's: the server keeps one of a session for hours if the network of
 * whoever has it fails, and nobody could start.
 */
async function waitForOthers(on: On): Promise<void> {
  await on.query('set local lock_timeout = 0')
  await keepOthersFromMigrating(on)
  await on.query(`set local lock_timeout = ${eachWait}`)
}

/** Throws a Refusal while others run on the tables as they are: they could not live with what a migration makes of them. */
async function requireAlone(on: On): Promise<void> {
  const present = await presentNow(on)
  const named = [...new Set(present.map(({ version, host }) => `Countersign ${version} on ${host}`))]
  if (named.length === 0) return
  const [still, them] = named.length === 1 ? ['still runs', 'it'] : ['still run', 'them']
  throw refused(
    `${named.join(' and ')} ${still} with the database that COUNTERSIGN_DB names, and could not work with what this version changes in its tables: stop ${them} first. If that has been done, wait half a minute.`,
  )
}

/**
 * Milliseconds. Whoever waits for a table keeps everybody waiting who comes after, and instances of the app wait no longer
 * than two seconds for anything: so each wait is short, and there are many.
 */
const [eachWait, betweenWaits] = [500, 1500]
/** In waits. */
const aMinute = 30

/** Throws a Refusal if others keep the tables locked all the time. */
async function inShortTransaction<T>(on: On, mostWaits: number, work: () => Promise<T>): Promise<T> {
  for (let waits = 1; ; waits++) {
    try {
      await on.query('begin')
      const result = await work()
      await on.query('commit')
      return result
    } catch (error) {
      if (!isLocked(error)) throw error
      await on.query('rollback')
      if (waits === mostWaits) throw refused(keptLocked())
      await pause(betweenWaits)
    }
  }
}

const keptLocked = () =>
  `Something keeps the tables locked, most likely pg_dump or "${asTyped('audit verify')}", so they could not be changed: wait until it is over, and try again.`

/** So that two that each wait for the other's table are rare. */
async function keepWritersOut(on: On): Promise<void> {
  await on.query('select 1 from log_head for update')
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
 * itself.
 */
export async function runMigrations(on: On): Promise<void> {
  const { applied } = await migrationStateOf(on)
  await run(on, knownMigrations().slice(applied))
}

/** The list of what was done is drizzle's, with a column of ours: see `Done` in migration-state.ts. */
async function run(on: On, migrations: readonly Migration[]): Promise<void> {
  if (migrations.length === 0) return
  await on.query(
    'create table if not exists public.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)',
  )
  await on.query('alter table public.__drizzle_migrations add column if not exists adds text')
  for (const { statements, hash, when, isMarked } of migrations) {
    const before = isMarked ? await definedIn(on) : []
    for (const text of statements) await on.query({ text, query_timeout: longestStatement } as pg.QueryConfig)
    const adds = isMarked ? JSON.stringify(addedTo(before, await definedIn(on))) : null
    await on.query('insert into public.__drizzle_migrations (hash, created_at, adds) values ($1, $2, $3)', [
      hash,
      when,
      adds,
    ])
  }
}

/** In milliseconds: an index on a long log takes its time. */
const longestStatement = 600_000

function addedTo(before: readonly Defined[], after: readonly Defined[]): Defined[] {
  const were = new Set(before.map(keyOf))
  return after.filter((one) => !were.has(keyOf(one)))
}
