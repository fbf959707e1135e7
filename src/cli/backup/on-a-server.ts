import { asTyped } from '../../domain/as-typed.ts'
import { isPostgres } from '../../domain/database-place.ts'
import { Refusal } from '../../domain/refusal.ts'

/** Throws a Refusal that says how PostgreSQL itself copies a database, and how to verify the copy. */
export function requireFileToCopy(database: string): void {
  if (!isPostgres(database)) return
  throw refused(
    `This command copies a SQLite file, and COUNTERSIGN_DB names a PostgreSQL database: copy it with "pg_dump --format=custom --file=FILE ${database}", also while Countersign runs. To verify the copy, put it into a new, empty database with "pg_restore --exit-on-error --no-owner --dbname=ADDRESS FILE", and run "${asTyped('audit verify --db ADDRESS')}".`,
  )
}

/** The same for putting a backup back. */
export function requireFileToRestore(database: string): void {
  if (!isPostgres(database)) return
  throw refused(
    `This command puts back a SQLite file, and COUNTERSIGN_DB names a PostgreSQL database. Stop Countersign. Put the backup into a new, empty database with "pg_restore --exit-on-error --no-owner --dbname=ADDRESS FILE", and keep the old database. Verify it with "${asTyped('audit verify --db ADDRESS')}". If its log is intact, set COUNTERSIGN_DB to that address, run "${asTyped('audit put-back')}", and start Countersign.`,
  )
}

function refused(what: string): Refusal {
  return new Refusal('invalid', `${what} Nothing was done.`)
}
