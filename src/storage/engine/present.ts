import { isPostgres } from '../../domain/database-place.ts'
import type { Named } from '../../ports/presence.ts'

/**
 * The processes of the app that were there on this database within the last half minute; none for a file, which one alone
 * uses. Throws if the database can't be asked.
 */
export async function presentAt(database: string): Promise<readonly Named[]> {
  if (!isPostgres(database)) return []
  const { presentAt: present } = await import('../postgres/presence.ts')
  return present(database)
}
