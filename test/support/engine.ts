import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'vitest'
import type { AuditKey } from '../../src/domain/audit/chain.ts'
import { isPostgres } from '../../src/domain/database-place.ts'
import type { Store } from '../../src/ports/store.ts'
import { openBesideTheApp } from '../../src/storage/postgres/beside-the-app.ts'
import type { Place } from '../storage/contract/engines.ts'
import * as server from '../storage/contract/on-postgres.ts'
import * as file from '../storage/contract/on-sqlite.ts'
import { failStatements } from './fail-statements.ts'
import { emptyDatabase, storeBeside } from './file.ts'
import type { World } from './journey.ts'
import { postgresWithTables } from './postgres.ts'
import { type Fails, failWrites as failInFile } from './tamper.ts'

/** With `ENGINE=postgres`, whole apps run on PostgreSQL instead of SQLite. */
export const isOnPostgres = process.env.ENGINE === 'postgres'

/** A test of what only a file has: its locks, its backups, its own SQL. */
export const onFile = test.skipIf(isOnPostgres)

/** A database with its tables and nothing in them: a file in this folder, or one on the server. */
export async function databaseIn(folder: string): Promise<string> {
  return isOnPostgres ? postgresWithTables() : emptyDatabase(join(folder, 'countersign.db'))
}

/** A store of the test's own on the database of an app. */
export async function storeAt(database: string, key: AuditKey = null): Promise<Store> {
  return isPostgres(database)
    ? openBesideTheApp({ path: database, now: () => new Date(), key })
    : storeBeside(database, key)
}

/** The database of an app, to look behind its back or to get in its way. */
export function placeAt(database: string): Place {
  return isOnPostgres ? server.placeAt(database) : file.placeAt(database)
}

/** Keeps the app from writing into its log, as another program can. Call what it resolves to, and it can again. */
export async function lock(database: string): Promise<() => Promise<void>> {
  const { sql } = placeAt(database)
  await sql(isOnPostgres ? 'begin' : 'begin immediate')
  if (isOnPostgres) await sql('select from log_head for update')
  return async () => void (await sql('rollback'))
}

/** Everything that an app has on disk, by where it is. */
export async function writtenBy({ env, config }: Pick<World, 'env' | 'config'>): Promise<Record<string, string>> {
  const folder = dirname(env.COUNTERSIGN_CONFIG!)
  const files = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')] as const)
  const rows = isOnPostgres ? { database: JSON.stringify(await placeAt(config.database).state()) } : {}
  return { ...Object.fromEntries(files), ...rows }
}

/**
 * Until it is stopped or the test is over, fails every statement of this process that begins with these words, quotes
 * apart, as on a full disk.
 */
export function failWrites(words: string, { message = 'disk is full', ...fails }: Fails = {}): () => void {
  return isOnPostgres ? failStatements(words, message, fails.when) : failInFile(words, { message, ...fails })
}
