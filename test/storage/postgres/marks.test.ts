import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { columnNames, decidesNothing } from '../../../src/storage/postgres/decides-nothing.ts'
import { type Defined, definedIn, keyOf } from '../../../src/storage/postgres/definitions.ts'
import { knownMigrations } from '../../../src/storage/postgres/migration-files.ts'
import { additions } from '../../support/later-version.ts'
import { emptyPostgres, rawPostgres } from '../../support/postgres.ts'

/**
 * The version before writes while such a migration is done and afterwards, so it must neither change what is there, nor lock
 * other tables, nor keep that version from deleting its rows, as a foreign key does.
 */
const additive = [
  /^create table "\w+" \([^;]+\)$/,
  /^create index "\w+" on "\w+" [^;]+$/,
  /^alter table "\w+" add column [^;]+$/,
]

function onlyAdds(statement: string): boolean {
  const text = statement
    .replaceAll(/^--.*$/gm, '')
    .trim()
    .replace(/;$/, '')
    .toLowerCase()
  return additive.some((one) => one.test(text)) && !/\b(references|select|unique index)\b/.test(text)
}

/** The findings of the version before after this, of those that no later version could explain. */
async function findingsAfter(on: pg.Client, statements: readonly string[]): Promise<string[]> {
  const before = await definedIn(on)
  for (const statement of statements) await on.query(statement)
  const after = new Map((await definedIn(on)).map((one) => [keyOf(one), one]))
  const tables = new Set(before.map(({ on }) => on))
  const were = new Map(before.map((one) => [keyOf(one), one]))
  const names = columnNames(before)
  const isFine = (one: Defined) => !tables.has(one.on) || decidesNothing(one, names)
  return [
    ...before.filter((one) => after.get(keyOf(one))?.sql !== one.sql),
    ...[...after.values()].filter((one) => !were.has(keyOf(one)) && !isFine(one)),
  ].map(keyOf)
}

const marked = knownMigrations().filter(({ isMarked }) => isMarked)

test.each(marked)(
  'the version before can live with $name: it only adds, and what it adds decides nothing',
  async (migration) => {
    expect(migration.statements.filter((statement) => !onlyAdds(statement))).toEqual([])
    const raw = await rawPostgres(await emptyPostgres())
    for (const { statements } of knownMigrations().filter(({ when }) => when < migration.when))
      for (const statement of statements) await raw.query(statement)
    expect(await findingsAfter(raw, migration.statements)).toEqual([])
  },
)

describe('no migration may be marked', () => {
  test.each([
    ['that changes rows', `UPDATE "tokens" SET "edited_by" = null`],
    [
      'that changes rows after it has added something',
      `ALTER TABLE "tokens" ADD COLUMN "more" text; UPDATE "tokens" SET "more" = ''`,
    ],
    ['that drops a column', 'ALTER TABLE "tokens" DROP COLUMN "edited_by"'],
    ['that requires a column', 'ALTER TABLE "tokens" ALTER COLUMN "edited_by" SET NOT NULL'],
    ['that allows nothing twice', 'CREATE UNIQUE INDEX "once" ON "tokens" USING btree ("seen_at")'],
    ['that refers to another table', 'CREATE TABLE "more" ("id" bigint REFERENCES "change_requests"("id"))'],
    ['that adds a trigger', 'CREATE TRIGGER "t" BEFORE INSERT ON "tokens" EXECUTE FUNCTION audit_events_refuse()'],
  ])('%s', (_, statement) => {
    expect(onlyAdds(statement)).toBe(false)
  })

  test.each([
    ['that adds a column that has to be filled', 'ALTER TABLE "tokens" ADD COLUMN "more" text COLLATE "C" NOT NULL'],
    [
      'that adds a column that is computed',
      'ALTER TABLE "tokens" ADD COLUMN "more" text COLLATE "C" DEFAULT now()::text',
    ],
    ['that adds a column with a name that another table has', 'ALTER TABLE "audit_events" ADD COLUMN "id" bigint'],
    ['that adds an index over what is computed', 'CREATE INDEX "more" ON "tokens" USING btree (lower("uid"))'],
  ])('%s', async (_, statement) => {
    expect(onlyAdds(statement)).toBe(true)
    const raw = await rawPostgres(await emptyPostgres())
    for (const { statements } of knownMigrations()) for (const one of statements) await raw.query(one)
    expect(await findingsAfter(raw, [statement])).toHaveLength(1)
  })
})

test('what the tests take for a later version only adds', () => {
  expect(additions.split(';\n').filter((statement) => !onlyAdds(statement))).toEqual([])
})
