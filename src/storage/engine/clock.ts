import { isPostgres } from '../../domain/database-place.ts'
import { orOutage } from './trouble.ts'

type SharedClock = {
  readonly now: () => Date
  /** Resolves once it is right. Throws if the server can't be asked: an Outage if that passes by itself. */
  measure(): Promise<void>
  stop(): Promise<void>
}

/**
 * The clock that all instances on this database go by: this machine's for a file, and the server's for PostgreSQL, which
 * is to be measured first. `monotonic`: milliseconds that pass, whatever is done to a clock.
 */
export async function clockOf(database: string, monotonic: () => number): Promise<SharedClock> {
  if (!isPostgres(database)) return { now: () => new Date(), measure: async () => {}, stop: async () => {} }
  const { databaseClock } = await import('../postgres/clock.ts')
  const clock = databaseClock(database, monotonic)
  return { ...clock, measure: () => orOutage(clock.measure(), database) }
}
