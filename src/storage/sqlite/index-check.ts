import type Sqlite from 'better-sqlite3'

/**
 * The names of the indexes that do not match the rows of their tables. Somebody can make an index so without a trace in
 * the schema; queries that use it then miss what it leaves out. Source: what `pragma integrity_check` says of an index
 * ends with its name, https://sqlite.org/pragma.html#pragma_integrity_check.
 */
export function untrueIndexes(sqlite: Sqlite.Database): string[] {
  const faults = sqlite.prepare<[], string>(`pragma integrity_check(${mostFaults})`).pluck().all()
  const indexes = sqlite.prepare<[], string>(`select name from main.sqlite_schema where type = 'index'`).pluck().all()
  return indexes.filter((name) => faults.some((fault) => isOfIndex(fault, name)))
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
