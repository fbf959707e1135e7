import { existsSync } from 'node:fs'
import { isPostgres } from '../../domain/database-place.ts'
import { openDatabase } from '../sqlite/database.ts'

/** Makes the database, or its tables, as the first start of the app would. One that is there stays as it is. */
export async function makeIfMissing(database: string): Promise<void> {
  if (isPostgres(database)) {
    const { makeTablesIfMissing } = await import('../postgres/migrating.ts')
    await makeTablesIfMissing(database)
  } else if (!existsSync(database)) openDatabase(database).$client.close()
}
