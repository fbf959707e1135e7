import type { Migrated } from '../postgres/as-owner.ts'

export type { Migrated }

/** Makes or changes the tables on a PostgreSQL server: see `migratePostgres`. */
export async function migrateAt(database: string, role: string | null): Promise<Migrated> {
  const { migratePostgres } = await import('../postgres/as-owner.ts')
  return migratePostgres(database, role)
}
