import { isPostgres } from '../../domain/database-place.ts'

type SharedClock = { readonly now: () => Date; stop(): Promise<void> }

/**
 * The clock that all instances on this database go by: this machine's for a file, and the server's for PostgreSQL. Throws
 * if that can't be asked. `monotonic`: milliseconds that pass, whatever is done to a clock.
 */
export async function clockOf(database: string, monotonic: () => number): Promise<SharedClock> {
  if (!isPostgres(database)) return { now: () => new Date(), stop: async () => {} }
  const { databaseClock } = await import('../postgres/clock.ts')
  return databaseClock(database, monotonic)
}
