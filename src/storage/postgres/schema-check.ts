import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { visible } from '../../domain/text.ts'
import type { SchemaDifference } from '../../ports/inspection.ts'
import { shipped } from '../../shipped.ts'
import { columnNames, decidesNothing } from './decides-nothing.ts'
import { type Defined, defined, definedIn, keyOf } from './definitions.ts'
import { migrationStateOf } from './migration-state.ts'
import type { On } from './statements.ts'

/**
 * How the database differs from what the migrations define: see `schemaDifferences` in storage/sqlite. What a newer version
 * says that it added is no difference, as long as it is of a kind that decides nothing.
 */
export async function schemaDifferences(on: On): Promise<SchemaDifference[]> {
  // Before the list of migrations: whatever is defined by now, the list has it by then.
  const found = await definedIn(on)
  const { added } = await migrationStateOf(on)
  const names = columnNames(expected())
  return differencesOf(found, (one) => decidesNothing(one, names) && added.some((other) => isSame(one, other)))
}

function differencesOf(definedNow: readonly Defined[], isExplained: (one: Defined) => boolean): SchemaDifference[] {
  const all = expected()
  const left = new Map(all.map((one) => [keyOf(one), one]))
  const ours = new Set(all.map(({ on }) => on))
  const differences: SchemaDifference[] = []
  // Others may have tables and functions of their own in this schema: ours use none of them.
  for (const found of definedNow.filter(({ on }) => ours.has(on))) {
    const made = left.get(keyOf(found))
    left.delete(keyOf(found))
    if (made && made.sql !== found.sql) differences.push(difference('altered', found, made.sql))
    if (!made && !isExplained(found)) differences.push(difference('planted', found, null))
  }
  differences.push(...[...left.values()].map((one) => difference('dropped', one, one.sql)))
  return differences.sort((one, other) => gravity.indexOf(one.how) - gravity.indexOf(other.how))
}

/** The order to report them in, if there is room for only a few. */
const gravity: readonly SchemaDifference['how'][] = ['planted', 'dropped', 'altered']

/** Read once: an upgrade may replace the file while this version still runs. */
let read: readonly Defined[] | undefined

function expected(): readonly Defined[] {
  read ??= z.array(defined).parse(JSON.parse(readFileSync(shipped('migrations/postgres/defined.json'), 'utf8')))
  return read
}

function isSame(one: Defined, other: Defined): boolean {
  return keyOf(one) === keyOf(other) && one.sql === other.sql
}

function difference(how: SchemaDifference['how'], { type, name, on }: Defined, sql: string | null): SchemaDifference {
  const where = on === name ? '' : ` on ${quoted(on)}`
  return { how, type, name, sql, what: `the ${visible(type)} ${quoted(name)}${where} was ${how}` }
}

const longestName = 60

function quoted(name: string): string {
  const short = name.length > longestName ? `${name.slice(0, longestName)}…` : name
  return `"${visible(short.replace(/\s+/g, ' ').trim())}"`
}
