import { isPostgres } from '../../domain/database-place.ts'
import type { Inspection, ServerInspection } from '../../ports/inspection.ts'
import { inspectDatabase as inspectFile } from '../sqlite/inspect.ts'

/** Looks at the database without changing it. Null if there is none yet, or no tables in it. */
export async function inspectDatabase(database: string): Promise<Inspection | null> {
  if (!isPostgres(database)) return inspectFile(database)
  const { inspectPostgres } = await import('../postgres/inspect.ts')
  return inspectPostgres(database)
}

/** Looks at the server of a PostgreSQL database. */
export async function inspectServer(database: string, now: () => Date): Promise<ServerInspection> {
  const { inspectServer: inspect } = await import('../postgres/server.ts')
  return inspect(database, now)
}
