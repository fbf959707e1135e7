import type Sqlite from 'better-sqlite3'

/**
 * The names of the indexes that do not match the rows of their tables. Somebody can make an index so without a trace in
 * the schema; queries that use it then miss what it leaves out. Source: what `pragma integrity_check` says of an index
 * ends with its name, https://sqlite.org/pragma.html#pragma_integrity_check.
 */
export function untrueIndexes(sqlite: Sqlite.Database): string[] {
  return lookedThrough(sqlite).untrue
}

/** The same, and the first place in the file that is no part of a database any more, if there is one. */
export function lookedThrough(sqlite: Sqlite.Database): { untrue: string[]; damage: string | null } {
  const faults = sqlite.prepare<[], string>(`pragma integrity_check(${mostFaults})`).pluck().all()
  const indexes = sqlite.prepare<[], string>(`select name from main.sqlite_schema where type = 'index'`).pluck().all()
  return {
    untrue: indexes.filter((name) => faults.some((fault) => isOfIndex(fault, name))),
    damage: faults.find(isDamage)?.replace(heading, '').split('\n')[0] ?? null,
  }
}

const heading = /^\*\*\* in database main \*\*\*\n/

function isDamage(fault: string): boolean {
  return heading.test(fault) || fault === 'database disk image is malformed'
}

/** True if SQLite's finding is that an index, any or this one, does not match its rows. */
export function isOfIndex(fault: string, name?: string): boolean {
  return name === undefined ? / index \S+$/.test(fault) : fault.endsWith(` index ${name}`)
}

const mostFaults = 1000

/** For people, as a clause. */
export function untrueInWords(name: string): string {
  return `the index "${name}" did not lead to every row of its table`
}
