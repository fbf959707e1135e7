import { isPostgres } from '../../domain/database-place.ts'
import type { By, PutBack, WasPutBack } from '../put-back.ts'
import { bringBackupUpToDate as bringFile, recordPutBack as recordInFile } from '../sqlite/put-back.ts'

/** Migrates a backup as a start of the app would: see the function of each engine. */
export async function bringBackupUpToDate(database: string, by: By): Promise<void> {
  if (!isPostgres(database)) return bringFile(database, by)
  const { bringBackupUpToDate: bring } = await import('../postgres/put-back.ts')
  await bring(database, by)
}

/** Records that the database is a backup that was put back: see the function of each engine. */
export async function recordPutBack(database: string, putBack: PutBack): Promise<WasPutBack> {
  if (!isPostgres(database)) return recordInFile(database, putBack)
  const { recordPutBack: record } = await import('../postgres/put-back.ts')
  return record(database, putBack)
}
