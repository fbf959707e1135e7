import type Sqlite from 'better-sqlite3'

/**
 * The indexes that do not lead to the rows of their tables as they are, by name. Somebody can make one so without a trace in
 * what the file defines; whoever reads by it then does not see what it leaves out. Source: what `pragma integrity_check` says
 * of an index ends with its name, https://sqlite.org/pragma.html#pragma_integrity_check.
 */
export function untrueIndexes(sqlite: Sqlite.Database): string[] {
  const faults = sqlite.prepare<[], string>(`pragma integrity_check(${mostFaults})`).pluck().all()
  const indexes = sqlite.prepare<[], string>(`select name from main.sqlite_schema where type = 'index'`).pluck().all()
  return indexes.filter((name) => faults.some((fault) => isOfIndex(fault, name)))
}

/** True if what SQLite finds wrong is that an index, any or that one, does not lead to its rows. */
export function isOfIndex(fault: string, name?: string): boolean {
  return name === undefined ? / index \S+$/.test(fault) : fault.endsWith(` index ${name}`)
}

const mostFaults = 1000

/** For people, as a clause. */
export function untrueInWords(name: string): string {
  return `the index "${name}" did not lead to every row of its table`
}
