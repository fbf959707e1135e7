import { isPostgres } from '../../domain/database-place.ts'
import type { Evidence } from '../../ports/evidence.ts'
import { openEvidence as openFile } from '../sqlite/evidence.ts'

/** Opens a database without changing it. Throws a Refusal if it is missing, or not a database of this version. */
export async function openEvidence(database: string): Promise<Evidence> {
  if (!isPostgres(database)) return openFile(database)
  const { openPostgresEvidence } = await import('../postgres/evidence.ts')
  return openPostgresEvidence(database)
}
