import { asTyped } from '../../domain/as-typed.ts'
import { Refusal } from '../../domain/refusal.ts'
import { LogTrouble } from '../log-trouble.ts'
import { migrationStateOf } from './migration-state.ts'
import { rightsTrouble } from './rights.ts'
import { schemaDifferences } from './schema-check.ts'
import type { On } from './statements.ts'

export type SchemaGuard = ReturnType<typeof createSchemaGuard>

/**
 * Keeps everything from being written while the database defines anything other than what the migrations make, or the role
 * lacks rights: what needs them would fail now and then, and the rest would look as if all were well. A look at all of it
 * takes some milliseconds, so it is taken at the start and with each round, and not for each write.
 */
export function createSchemaGuard() {
  let trouble: string | null = null
  let differed: string | null = null
  return { look, check, explain, differed: () => (trouble === null ? differed : null), recorded }

  /** Throws LogTrouble if it does. */
  async function look(on: On): Promise<void> {
    const lacking = await rightsTrouble(on)
    const structure = await structureTrouble(on).catch((error) => {
      // Without rights it may not be possible to look.
      if (lacking === null) throw error
      return null
    })
    trouble = structure ?? lacking
    check()
  }

  async function structureTrouble(on: On): Promise<string | null> {
    const differences = await differencesIn(on)
    // Afterwards: a newer version may have changed it all meanwhile.
    const { isNewer } = await migrationStateOf(on)
    if (isNewer) return 'a newer Countersign has brought the database up to date: start that one'
    if (differences === null) return null
    differed = differences
    return `somebody changed the structure of the database: ${differences} ("${asTyped('doctor')}" says what to do)`
  }

  /** Called when the role was not allowed something. Throws LogTrouble if it is known why, at the latest after another look. */
  async function explain(on: On): Promise<void> {
    check()
    await look(on)
  }

  /** Throws LogTrouble if it did at the last look. */
  function check(): void {
    if (trouble !== null) throw new LogTrouble(trouble)
  }

  /** Called once the log says this; another look may have found something else meanwhile. */
  function recorded(what: string): void {
    if (differed === what && trouble === null) differed = null
  }
}

/** Throws a Refusal that says what to do if the database defines anything other than its migrations made. */
export async function requireSchema(on: On): Promise<void> {
  const found = await differencesIn(on)
  if (found === null) return
  throw new Refusal(
    'unavailable',
    `The database does not have the structure that Countersign gave it: ${found}. What is recorded there could be dropped or ` +
      `changed unnoticed, so nothing was done. Find out who did it, and undo it with psql. "${asTyped('doctor')}" lists all of it, and "${asTyped('audit verify')}" says whether the log can be trusted.`,
  )
}

/** Short enough for one sentence; null if there are none. */
async function differencesIn(on: On): Promise<string | null> {
  const [first, second, third, ...more] = (await schemaDifferences(on)).map(({ what }) => what)
  const told = [first, second, third].filter((what) => what !== undefined).join('; ')
  return first === undefined ? null : more.length > 0 ? `${told}; and ${more.length} more` : told
}
