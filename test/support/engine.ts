import { join } from 'node:path'
import type { AuditKey } from '../../src/domain/audit/chain.ts'
import type { Store } from '../../src/ports/store.ts'
import { openBesideTheApp } from '../../src/storage/postgres/beside-the-app.ts'
import { emptyDatabase, storeBeside } from './file.ts'
import { postgresWithTables } from './postgres.ts'

/** With `ENGINE=postgres`, whole apps run on PostgreSQL instead of SQLite. */
const isOnPostgres = process.env.ENGINE === 'postgres'

/** A database with its tables and nothing in them: a file in this folder, or one on the server. */
export async function databaseIn(folder: string): Promise<string> {
  return isOnPostgres ? postgresWithTables() : emptyDatabase(join(folder, 'countersign.db'))
}

/** A store of the test's own on the database of an app. */
export async function storeAt(database: string, key: AuditKey = null): Promise<Store> {
  return isOnPostgres ? openBesideTheApp({ path: database, now: () => new Date(), key }) : storeBeside(database, key)
}
