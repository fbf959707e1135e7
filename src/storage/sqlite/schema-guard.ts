import type Sqlite from 'better-sqlite3'
import { asTyped } from '../../domain/as-typed.ts'
import { thenSaySo } from '../../domain/audit/put-back.ts'
import { Refusal } from '../../domain/refusal.ts'
import { LogTrouble } from '../log-trouble.ts'
import { untrueIndexes, untrueInWords } from './index-check.ts'
import { migrationState } from './migrations.ts'
import { canBePutBack, inWords, remedyFor, schemaDifferences } from './schema-check.ts'

/** Throws a Refusal that says what to do if the file at `path` defines anything other than its migrations made. */
export function requireSchema(path: string, sqlite: Sqlite.Database, { indexesToo }: { indexesToo: boolean }): void {
  const found = schemaDifferences(sqlite).filter((one) => indexesToo || !canBePutBack(one))
  if (found.length === 0) return
  throw new Refusal(
    'unavailable',
    `${path} does not have the structure that Countersign gave it: ${inWords(found)}. What is recorded there could be dropped or ` +
      `changed unnoticed, so nothing was done. ${remedyFor(found[0]!)} "${asTyped('doctor')}" lists all of them, and "${asTyped('audit verify')}" says whether the log can be trusted.`,
  )
}

/**
 * Rebuilds the indexes that are missing or do not match their rows, and corrects the number of the last change, for a
 * transaction that records it. Returns what it did, in words.
 */
export function putBackWhatCanBe(sqlite: Sqlite.Database): string[] {
  const missing = schemaDifferences(sqlite).filter(canBePutBack)
  for (const { sql, what } of missing) makeAgain(sqlite, sql!, what)
  const untrue = untrueIndexes(sqlite)
  for (const name of untrue) makeAgain(sqlite, `reindex "${name}"`, untrueInWords(name))
  return [...missing.map(({ what }) => what), ...untrue.map(untrueInWords)]
}

function makeAgain(sqlite: Sqlite.Database, sql: string, what: string): void {
  try {
    sqlite.exec(sql)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Refusal(
      'unavailable',
      `In the database ${what}, and it can't be put back (${why}). Nothing was done. Replace this file with the last backup, and ${thenSaySo()}.`,
    )
  }
}

const woundBack = () =>
  'the database looks as an older Countersign made it: somebody has replaced it with an older copy, or changed ' +
  `it. Stop Countersign, and put the right file in its place. If that copy should stay, ${thenSaySo()}`

export type SchemaGuard = ReturnType<typeof createSchemaGuard>

/**
 * Checks for every transaction that writes that the file still defines what the migrations make. Compares all of it
 * only after somebody else has written: `schema_version` alone misses a definition that came with its number set back.
 * `first` is checked each time before that.
 */
export function createSchemaGuard(sqlite: Sqlite.Database, first: () => void) {
  const schemaVersion = sqlite.prepare<[], number>('pragma schema_version').pluck()
  const othersVersion = sqlite.prepare<[], number>('pragma data_version').pluck()
  let checkedSchema: number | undefined
  let checkedOthers: number | undefined
  let differed: string | null = null
  return { check, differed: () => differed, recorded }

  /** Throws LogTrouble while it does not. */
  function check(): void {
    first()
    const [schema, others] = [schemaVersion.get(), othersVersion.get()]
    if (schema === checkedSchema && others === checkedOthers) return
    const { isNewer, pending } = migrationState(sqlite)
    if (isNewer) throw new LogTrouble('a newer Countersign has brought the database up to date: start that one')
    if (pending > 0) throw new LogTrouble(woundBack())
    const found = schemaDifferences(sqlite)
    if (found.length > 0) {
      differed = inWords(found)
      throw new LogTrouble(
        `somebody changed the structure of the database: ${differed} ("${asTyped('doctor')}" says what to do)`,
      )
    }
    ;[checkedSchema, checkedOthers] = [schema, others]
  }
  /** Called once the log says that the schema differed until the last check. */
  function recorded(): void {
    differed = null
  }
}
