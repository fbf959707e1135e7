import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { toJSONSchema } from 'zod'
import { fact } from '../../src/domain/audit/fact.ts'
import { change } from '../../src/domain/change/change.ts'
import { changeEvent } from '../../src/domain/change/event.ts'
import { settings, stackFacts } from '../../src/domain/token/token.ts'
import { knownMigrations, type Migration } from '../../src/storage/postgres/migration-files.ts'
import { filesOf } from './released.ts'

/** The forms in which a version writes what the others on its database have to read. */
export type Forms = {
  /** Of its last migration for PostgreSQL: see `Migration`. */
  readonly when: number
  readonly hash: string
}

export function formsOfThisVersion(): Forms {
  const schemas = [change, changeEvent, fact, settings, stackFacts].map((one) =>
    toJSONSchema(one, { unrepresentable: 'any' }),
  )
  return {
    when: knownMigrations().at(-1)!.when,
    hash: createHash('sha256').update(JSON.stringify(schemas)).digest('hex'),
  }
}

/**
 * True if instances of the released version would go on beside this one although they could not read what it writes: none
 * of its migrations keeps them apart.
 */
export function areMixedUp(
  released: Forms,
  now: Forms,
  migrations: readonly Pick<Migration, 'when' | 'isMarked'>[],
): boolean {
  return released.hash !== now.hash && migrations.every(({ when, isMarked }) => when <= released.when || isMarked)
}

/** Those of a release; null for one from before the app could use PostgreSQL. */
export function formsOf(release: string): Forms | null {
  const { forms } = filesOf(release)
  return existsSync(forms) ? JSON.parse(readFileSync(forms, 'utf8')) : null
}
