import type { Defined } from './definitions.ts'

/** A value that is the same for every row, and is not computed by anything that somebody could define. */
const constant = String.raw`(-?\d+|true|false|'[^']*'::text)`
const word = '[a-z0-9_]+'
const oneOf = String.raw`= ANY \(ARRAY\[${constant}(, ${constant})*\]\)`
const column = new RegExp(`^(text collate C|bigint|integer|boolean)((?: not null)? default ${constant})?$`)
const index = new RegExp(
  `^CREATE INDEX ${word} ON public\\.${word} USING btree \\(${word}(, ${word})*\\)( WHERE \\(${word} (IS NULL|IS NOT NULL|= ${constant}|${oneOf})\\))?$`,
)

/**
 * True for an addition to a table that can neither refuse, change nor drop what is written there by somebody who does not
 * know of it: a column that may stay empty or has a constant in it, and an index over columns that allows duplicates.
 * Whoever owns the tables can make anything look as if a newer version had added it, so all else is false: a trigger, a
 * rule, a policy, a function, a constraint; a default, a type or an index in which a function could hide; and a column with
 * one of the `names` of those that are known, in any table, since a statement could mean either.
 */
export function decidesNothing({ type, name, sql }: Defined, names: ReadonlySet<string>): boolean {
  return (type === 'column' && column.test(sql) && !names.has(name)) || (type === 'index' && index.test(sql))
}

/** The names of all columns. */
export function columnNames(all: readonly Defined[]): ReadonlySet<string> {
  return new Set(all.filter(({ type }) => type === 'column').map(({ name }) => name))
}
