import { stat } from 'node:fs/promises'
import { isPostgres } from '../../domain/database-place.ts'

/** The size of a database in bytes, for a file with what SQLite keeps beside it. Null if it can't be looked at. */
export async function bytesOf(database: string): Promise<number | null> {
  if (!isPostgres(database)) return bytesOfFile(database)
  const { bytesAt } = await import('../postgres/server.ts')
  return bytesAt(database).catch(() => null)
}

async function bytesOfFile(database: string): Promise<number | null> {
  const sizes = [database, `${database}-wal`].map((file) =>
    stat(file).then(
      ({ size }) => size,
      () => 0,
    ),
  )
  const sum = (await Promise.all(sizes)).reduce((all, one) => all + one, 0)
  return sum === 0 ? null : sum
}
