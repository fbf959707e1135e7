import type Sqlite from 'better-sqlite3'
import type { Keys } from '../domain/chain-check.ts'
import { keyProblem, type LastEntry } from '../domain/key-check.ts'
import { Refusal } from '../domain/refusal.ts'

/** Null while the log is empty. */
export function lastEntryOf(sqlite: Sqlite.Database): LastEntry | null {
  const last = sqlite.prepare<[], LastEntry>('select seq, key, type from audit_events order by seq desc limit 1').get()
  return last ?? null
}

/** Throws a Refusal that says what to do when the log in the file at `path` may not be written on with these keys. */
export function requireKnownKey(path: string, sqlite: Sqlite.Database, keys: Keys): void {
  const problem = keyProblem(lastEntryOf(sqlite), keys)
  if (problem !== null) throw new Refusal('unavailable', `${path} can't be written on. ${problem} Nothing was changed.`)
}
