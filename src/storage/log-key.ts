import type Sqlite from 'better-sqlite3'
import type { Keys } from '../domain/chain-check.ts'
import { keyProblem } from '../domain/key-check.ts'
import { type KeyOrder, keyOrderOf, type Turn } from '../domain/key-order.ts'
import { endProblem, type LogEnd } from '../domain/log-end.ts'
import { Refusal } from '../domain/refusal.ts'

/** In SQL, the last entry as a `LogEnd`, with its hash. */
export const logEnd = `
  select seq, hash, key, type,
    seq = 1 or exists (select 1 from audit_events before where before.seq = audit_events.seq - 1) as follows
  from audit_events order by seq desc limit 1`

/** Null while the log is empty. */
export function lastEntryOf(sqlite: Sqlite.Database): LogEnd | null {
  return sqlite.prepare<[], LogEnd>(logEnd).get() ?? null
}

/** Reads, of the entries from one number up to before another, those at which another key begins, or that say something of keys. */
export function prepareTurns(sqlite: Pick<Sqlite.Database, 'prepare'>): (from: number, to: number) => Turn[] {
  const turns = sqlite.prepare<[number, number], Turn>(
    `select key, type, body from audit_events entry where seq >= ? and seq < ? and (
       type in ('started', 'key_left', 'key_lost')
       or key is not (select key from audit_events before where before.seq = entry.seq - 1)
     ) order by seq`,
  )
  return (from, to) => turns.all(from, to)
}

/** The keys of the whole log, which takes a millisecond for a thousand entries. */
export function keyOrderIn(sqlite: Sqlite.Database, keys: Keys): KeyOrder {
  return keyOrderOf(prepareTurns(sqlite)(0, Number.POSITIVE_INFINITY), keys)
}

/** Throws a Refusal that says what to do when the log in the file at `path` may not be written on, or not with these keys. */
export function requireKnownKey(path: string, sqlite: Sqlite.Database, keys: Keys): void {
  const last = lastEntryOf(sqlite)
  const wrong = endProblem(last)
  const problem =
    wrong === null
      ? keyProblem(last, keys, () => keyOrderIn(sqlite, keys))
      : `The audit log can't be, because ${wrong}.`
  if (problem !== null) throw new Refusal('unavailable', `${path} can't be written on. ${problem} Nothing was changed.`)
}
