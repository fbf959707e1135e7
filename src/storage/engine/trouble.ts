import { isPostgres } from '../../domain/database-place.ts'
import { LogNotWritten } from '../../domain/refusal.ts'
import { isLocked as isFileLocked, startTroubleOf as ofFile, troubleOf as troubleOfFile } from '../sqlite/trouble.ts'

type Troubles = {
  /** The trouble of the database that caused the error, as a clause; null for every other error. */
  readonly troubleOf: (error: unknown) => string | null
  /** True if another's lock caused the error, perhaps only for a moment. */
  readonly isLocked: (error: unknown) => boolean
}

export async function troublesOf(database: string): Promise<Troubles> {
  if (!isPostgres(database)) return { troubleOf: troubleOfFile, isLocked: isFileLocked }
  const { troubleOf, isLocked } = await import('../postgres/trouble.ts')
  return { troubleOf, isLocked }
}

/** The reason the app could not start with this database, and what to do; null for every other error. */
export async function startTroubleOf(error: unknown, database: string): Promise<string | null> {
  if (!isPostgres(database)) return ofFile(error, database)
  const { startTroubleOf } = await import('../postgres/trouble.ts')
  return startTroubleOf(error, database)
}

/**
 * Resolves as `under` does, and rejects with an Outage for trouble of a server that passes by itself, also if a store has put
 * it in words.
 */
export function orOutage<T>(under: Promise<T>, database: string): Promise<T> {
  return under.catch(async (error) => {
    if (!isPostgres(database)) throw error
    const { outageOf } = await import('../postgres/trouble.ts')
    throw outageOf(error instanceof LogNotWritten ? error.cause : error, database) ?? error
  })
}

/** The error as a Refusal, if nothing but a database on a server can have caused it; every other error as it is. */
export async function inWords(error: unknown, database: string): Promise<unknown> {
  if (!isPostgres(database)) return error
  const { inWords, isSurelyOurs } = await import('../postgres/trouble.ts')
  return isSurelyOurs(error) ? inWords(error, database) : error
}
