import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { thenSaySo } from '../../domain/audit/put-back.ts'
import { visible } from '../../domain/text.ts'
import type { SchemaDifference } from '../../ports/inspection.ts'
import { migrationState, migrationsFolder, migrationTags } from './migrations.ts'
import { wrongNumbering } from './numbering.ts'

/** A row of `sqlite_schema`: what the file defines. `sql` is null for the indexes that SQLite makes for itself. */
type Defined = { readonly type: string; readonly name: string; readonly on: string; readonly sql: string | null }

/**
 * How a file differs from the migrations that it says it went through: tables, columns, constraints, indexes, triggers
 * and views; and the number that the next change gets. A definition like that can drop or change what is written
 * without a trace in the log.
 */
export function schemaDifferences(sqlite: Sqlite.Database): SchemaDifference[] {
  const { applied, isInOrder } = migrationState(sqlite)
  const made = schemaAfter(applied)
  const left = new Map(made.defined.map((one) => [keyOf(one), one]))
  const differences: SchemaDifference[] = isInOrder ? [] : [otherMigrations]
  for (const found of definedIn(sqlite)) {
    const expected = left.get(keyOf(found))
    left.delete(keyOf(found))
    if (!expected) differences.push(difference('planted', found, null))
    else if (expected.sql !== found.sql)
      differences.push(difference('altered', found, expected.sql, columnsSaid(sqlite, found, made)))
  }
  differences.push(...[...left.values()].map((one) => difference('dropped', one, one.sql)))
  const areOurs = differences.every(({ type }) => type !== 'table' && type !== 'view')
  const numbering = applied > 0 && areOurs ? wrongNumbering(sqlite) : null
  if (numbering) differences.push({ ...numbering, type: ofNumbers, name: 'sqlite_sequence' })
  return differences.sort((one, other) => gravity.indexOf(one.how) - gravity.indexOf(other.how))
}

const otherMigrations: SchemaDifference = {
  how: 'altered',
  type: 'table',
  name: '__drizzle_migrations',
  what: 'the list of completed migrations ("__drizzle_migrations") was altered',
  sql: null,
}

/** The order to report them in, if there is room for only a few. */
const gravity: readonly SchemaDifference['how'][] = ['planted', 'dropped', 'altered']

/** The differences, short enough for one sentence. */
export function inWords(differences: readonly SchemaDifference[]): string {
  const [first, second, third, ...more] = differences.map(({ what }) => what)
  const told = [first, second, third].filter((what) => what !== undefined).join('; ')
  return more.length > 0 ? `${told}; and ${more.length} more` : told
}

const ofNumbers = 'number'

/**
 * True for an index, which only speeds up reading or refuses duplicates and can be rebuilt if it is missing; and for
 * the number of changes, which the others tell.
 */
export function canBePutBack({ how, type, sql }: SchemaDifference): boolean {
  return sql !== null && ((how === 'dropped' && type === 'index') || type === ofNumbers)
}

/** A remedy for somebody who runs the app, as a sentence. */
export function remedyFor(difference: SchemaDifference): string {
  const { how, type, name, sql } = difference
  if (canBePutBack(difference))
    return `Start Countersign, which puts it ${type === ofNumbers ? 'right' : 'back'} and records that.`
  if (how === 'dropped' && type === 'trigger') return `Find out who dropped it, and put it back: ${oneLine(sql!)};`
  if (how === 'planted' && type !== 'table' && type !== ofNumbers && /^\w+$/.test(name))
    return `Find out who put it there, then remove it with the sqlite3 program: drop ${type} ${name};`
  return `Find out who did it. Replace this file with the last backup that does not have it and ${thenSaySo()}, or undo it with the sqlite3 program.`
}

type Made = { readonly defined: readonly Defined[]; readonly columns: ReadonlyMap<string, readonly string[]> }

const madeBefore = new Map<number, Made>()

/** The schema after so many migrations, from a database of its own; made once. */
function schemaAfter(count: number): Made {
  const known = madeBefore.get(count)
  if (known) return known
  const sqlite = new Sqlite(':memory:')
  try {
    for (const tag of migrationTags().slice(0, count))
      sqlite.exec(
        readFileSync(join(migrationsFolder(), `${tag}.sql`), 'utf8').replaceAll('--> statement-breakpoint', ''),
      )
    const defined = definedIn(sqlite)
    const columns = new Map(defined.map(({ name }) => [name, columnsOf(sqlite, name)]))
    const made = { defined, columns }
    madeBefore.set(count, made)
    return made
  } finally {
    sqlite.close()
  }
}

/** Left out: the statistics of `ANALYZE`, and drizzle's table of the migrations that were done. */
const notOurs = `type in ('table', 'index') and (name glob 'sqlite_stat[1-4]' or tbl_name = '__drizzle_migrations' and (type = 'table' or sql is null))`

function definedIn(sqlite: Sqlite.Database): Defined[] {
  return sqlite
    .prepare<[], Defined>(
      `select type, name, tbl_name as "on", sql from main.sqlite_schema where not (${notOurs}) order by rowid`,
    )
    .all()
}

function keyOf({ type, name }: Defined): string {
  return `${type} ${name}`
}

function columnsOf(sqlite: Sqlite.Database, table: string): string[] {
  return sqlite.prepare('select name from pragma_table_xinfo(?)').pluck().all(table) as string[]
}

function columnsSaid(sqlite: Sqlite.Database, { type, name }: Defined, made: Made): string {
  if (type !== 'table') return ''
  const [expected, found] = [made.columns.get(name) ?? [], columnsOf(sqlite, name)]
  const said = [
    ...found.filter((column) => !expected.includes(column)).map((column) => `column ${quoted(column)} was planted`),
    ...expected.filter((column) => !found.includes(column)).map((column) => `column ${quoted(column)} was dropped`),
  ]
  return said.length > 0 ? `: its ${said.join(', its ')}` : ''
}

function difference(
  how: SchemaDifference['how'],
  { type, name, on }: Defined,
  sql: string | null,
  more = '',
): SchemaDifference {
  const where = type === 'trigger' || type === 'index' ? ` on ${quoted(on)}` : ''
  return { how, type, name, sql, what: `the ${visible(type)} ${quoted(name)}${where} was ${how}${more}` }
}

const longestName = 60

function quoted(name: string): string {
  const short = name.length > longestName ? `${name.slice(0, longestName)}…` : name
  return `"${visible(oneLine(short))}"`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
