import { isPostgres } from '../../domain/database-place.ts'
import { contradictedIn as inFile } from '../sqlite/contradicted.ts'

/** The anchors that the log in this database contradicts: see the function of each engine. */
export const contradictedIn: typeof inFile = async (database, ...given) => {
  if (!isPostgres(database)) return inFile(database, ...given)
  const { contradictedInPostgres } = await import('../postgres/contradicted.ts')
  return contradictedInPostgres(database, ...given)
}
