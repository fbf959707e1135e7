import { isPostgres } from '../../domain/database-place.ts'
import { recordLostKey as recordInFile } from '../sqlite/lost-key.ts'

/** Records that nobody has the key of the log any more: see the function for a SQLite file. */
export async function recordLostKey(database: string, actor: string, now: Date, atHand: readonly string[]) {
  if (!isPostgres(database)) return recordInFile(database, actor, now, atHand)
  const { recordLostKey: record } = await import('../postgres/lost-key.ts')
  return record(database, actor, now, atHand)
}
