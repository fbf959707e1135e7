import type pg from 'pg'
import type { LastEntry } from '../../domain/audit/key-check.ts'
import { lastEntry } from './audit.ts'
import { connectTo } from './connection.ts'
import { requireTables, requireThisVersion } from './migration-state.ts'
import { requireSchema } from './schema-guard.ts'
import { requireStopped } from './stopped.ts'
import { inWords } from './trouble.ts'

/** Does `work` with a database of this version that nobody else uses. Throws a Refusal if it is of another, or in use. */
export async function whileStopped<T>(
  url: string,
  work: (pool: pg.Pool, last: LastEntry | null) => Promise<T>,
): Promise<T> {
  return connected(url, async (pool) => {
    await requireThisVersion(pool)
    await requireSchema(pool)
    const [last] = await lastEntry(pool)
    await requireStopped(pool, url)
    return work(pool, last ?? null)
  })
}

/** With one connection, which the work has for itself. */
export async function connected<T>(url: string, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = connectTo(url)
  try {
    return await work(pool)
  } catch (error) {
    throw inWords(error, url)
  } finally {
    await pool.end()
  }
}

/** Throws a Refusal while the app, or a command of it, uses the database. */
export function requireNobodyConnected(url: string): Promise<void> {
  return connected(url, (pool) => requireStopped(pool, url))
}

/** Throws a Refusal unless Countersign has made its tables in the database. */
export async function requireTablesAt(url: string): Promise<void> {
  await connected(url, requireTables)
}
