import { isPostgres } from '../../domain/database-place.ts'
import type { Source, Target } from '../moving.ts'
import { moveFromFile, moveToFile } from '../sqlite/moving.ts'

/** Opens the database that everything is moved from: see the function of each engine. */
export async function openSource(from: string): Promise<Source> {
  return isPostgres(from) ? (await inPostgres()).moveFromPostgres(from) : moveFromFile(from)
}

/** Opens the one that everything is moved to. */
export async function openTarget(to: string): Promise<Target> {
  return isPostgres(to) ? (await inPostgres()).moveToPostgres(to) : moveToFile(to)
}

function inPostgres() {
  return import('../postgres/moving.ts')
}
