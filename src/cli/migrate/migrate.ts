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
    const { granted, ...brought } = await migrateAt(database, grantTo ?? null)
    tell(ofTables(database, brought))
    if (grantTo !== undefined) tell(ofRights(grantTo, granted))
    else if (brought.migrations.length > 0)
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

function ofTables(database: string, { made, migrations, canGoBack }: Omit<Migrated, 'granted'>): string {
  if (made) return `The tables in ${database} were made.`
  if (migrations.length === 0) return `The tables in ${database} are up to date.`
  const before = canGoBack ? 'can go on with them' : 'can no longer be started on them'
  return `The tables in ${database} were brought up to date: ${migrations.join(', ')}. The version that used them before ${before}.`
}

function ofRights(role: string, granted: Migrated['granted']): string {
  if (granted.length === 0) return `${role} has all the rights that the app uses.`
  return `${role} was granted ${granted.map(({ on, rights }) => `${rights.join(', ')} on ${on}`).join('; ')}.`
}
