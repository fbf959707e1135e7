import { isPostgres } from '../../domain/database-place.ts'
import {
  lastEntryIn,
  requireStopped as requireFileStopped,
  requireThere as requireFileThere,
} from '../sqlite/beside-the-app.ts'

/** Throws a Refusal while the app runs: on this machine for a file, on any for PostgreSQL. */
export async function requireStopped(database: string): Promise<void> {
  if (!isPostgres(database)) return requireFileStopped(database)
  const { requireNobodyConnected } = await import('../postgres/while-stopped.ts')
  await requireNobodyConnected(database)
}

/** The same, and unless this version of the app made the database. */
export async function requireThisVersionStopped(database: string): Promise<void> {
  if (isPostgres(database)) {
    const { whileStopped } = await import('../postgres/while-stopped.ts')
    return whileStopped(database, async () => {})
  }
  lastEntryIn(database)
  requireFileStopped(database)
}

/** Throws a Refusal unless there is a database that an app has made. */
export async function requireThere(database: string): Promise<void> {
  if (!isPostgres(database)) return requireFileThere(database)
  const { requireTablesAt } = await import('../postgres/while-stopped.ts')
  await requireTablesAt(database)
}
