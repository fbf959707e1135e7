import { addressProblem } from '../config/database.ts'
import { isPostgres } from '../domain/database-place.ts'
import { Refusal } from '../domain/refusal.ts'

/** The database that --db gives, or the one in the settings. Throws a Refusal for an address with a password in it. */
export function whichDatabase(db: string | undefined, inSettings: string): string {
  if (db === undefined) return inSettings
  const problem = isPostgres(db) ? addressProblem(db) : null
  if (problem !== null) throw new Refusal('invalid', `--db ${problem} Nothing was read.`)
  return db
}
