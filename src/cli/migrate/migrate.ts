import { loadTerminal } from '../../config/config.ts'
import { asTyped } from '../../domain/as-typed.ts'
import { isPostgres } from '../../domain/database-place.ts'
import { Refusal } from '../../domain/refusal.ts'
import { type Migrated, migrateAt } from '../../storage/engine/migrate.ts'
import { command } from '../command.ts'
import type { Terminal } from '../terminal.ts'

export type MigrateOptions = {
  /** The role that gets the rights that the app uses. */
  readonly grantTo?: string
}

/**
 * Makes or changes the tables on a PostgreSQL server, and grants rights on them: all of it, or nothing. For a SQLite file
 * it does nothing. Resolves to the exit code: 0, or 1 if it could not be done.
 */
export function migrate({ grantTo }: MigrateOptions, terminal: Terminal): Promise<number> {
  return command(terminal, async ({ env, tell }) => {
    const { database } = loadTerminal({}, env)
    if (!isPostgres(database)) return tell(ofFile(database, grantTo))
    const { made, migrations, granted } = await migrateAt(database, grantTo ?? null)
    tell(ofTables(database, { made, migrations }))
    if (grantTo !== undefined) tell(ofRights(grantTo, granted))
    else if (migrations.length > 0)
      tell(`If the app has a role of its own, run "${asTyped('migrate --grant-to ROLE')}" as well.`)
  })
}

/** Throws a Refusal for a role: whoever gives one does not mean a file. */
function ofFile(database: string, grantTo: string | undefined): string {
  if (grantTo !== undefined)
    throw new Refusal(
      'invalid',
      `COUNTERSIGN_DB names a SQLite file, ${database}, which has no roles to grant anything to: set it to the address in PostgreSQL, or leave --grant-to out. Nothing was done.`,
    )
  return `${database} is a SQLite file, and the app makes and changes the tables in it when it starts. There was nothing to do.`
}

function ofTables(database: string, { made, migrations }: Pick<Migrated, 'made' | 'migrations'>): string {
  if (made) return `The tables in ${database} were made.`
  return migrations.length === 0
    ? `The tables in ${database} are up to date.`
    : `The tables in ${database} were brought up to date: ${migrations.join(', ')}.`
}

function ofRights(role: string, granted: Migrated['granted']): string {
  if (granted.length === 0) return `${role} has all the rights that the app uses.`
  return `${role} was granted ${granted.map(({ table, rights }) => `${rights.join(', ')} on ${table}`).join('; ')}.`
}
