import type Sqlite from 'better-sqlite3'
import { entryHash, genesis } from '../../domain/audit/chain.ts'
import type { Entry, Keys } from '../../domain/audit/chain-check.ts'
import { keyProblem } from '../../domain/audit/key-check.ts'
import { type KeyOrder, keyOrderOf, type Turn } from '../../domain/audit/key-order.ts'
import { endProblem, type LogEnd } from '../../domain/audit/log-end.ts'
import { misnamed } from '../../domain/audit/misnamed.ts'
import { Refusal } from '../../domain/refusal.ts'
import { entryColumns } from './entries.ts'

/** The last entry as a `LogEnd` with its hash, in SQL. */
export const logEnd = `
  select seq, hash, key, type,
    seq = 1 or exists (select 1 from audit_events before where before.seq = audit_events.seq - 1) as follows
  from audit_events order by seq desc limit 1`

/** Null if the log is empty. */
export function lastEntryOf(sqlite: Sqlite.Database): LogEnd | null {
  return sqlite.prepare<[], LogEnd>(logEnd).get() ?? null
}

/**
 * Reads, of the entries from one number up to before another, those at which the key changes, or that are about keys.
 */
export function prepareTurns(sqlite: Pick<Sqlite.Database, 'prepare'>): (from: number, to: number) => Turn[] {
  const turns = sqlite.prepare<[number, number], Turn>(
    `select key, type, body from audit_events entry where seq >= ? and seq < ? and (
       type in ('started', 'key_left', 'key_lost')
       or key is not (select key from audit_events before where before.seq = entry.seq - 1)
     ) order by seq`,
  )
  return (from, to) => turns.all(from, to)
}

/** The order of keys in the whole log. Takes a millisecond for a thousand entries. */
export function keyOrderIn(sqlite: Sqlite.Database, keys: Keys): KeyOrder {
  return keyOrderOf(prepareTurns(sqlite)(0, Number.POSITIVE_INFINITY), keys)
}

/**
 * Throws a Refusal that says what to do if the log in the file at `path` may not be continued, or not with these keys.
 * Before a new key is taken up, each entry must have been made by the key that it names, since the order of keys
 * depends on those names. That takes some seconds for a million entries.
 */
export function requireKnownKey(path: string, sqlite: Sqlite.Database, keys: Keys): void {
  const last = lastEntryOf(sqlite)
  const wrong = endProblem(last)
  const problem =
    wrong === null
      ? (keyProblem(last, keys, () => keyOrderIn(sqlite, keys)) ?? misnamedProblem(last, sqlite, keys))
      : `The audit log can't be written, because ${wrong}.`
  if (problem !== null)
    throw new Refusal('unavailable', `The log in ${path} can't be continued. ${problem} Nothing was changed.`)
}

function misnamedProblem(last: LogEnd | null, sqlite: Sqlite.Database, keys: Keys): string | null {
  if (keys.current === null || last === null || last.key === keys.current.id) return null
  const seq = misnamedIn(sqlite, keys)
  if (seq === null) return null
  return misnamed(seq)
}

/** The first entry that names a key at hand but was not made with it; null if there is none. */
function misnamedIn(sqlite: Sqlite.Database, { current, earlier }: Keys): number | null {
  const known = new Map([current, ...earlier].map((key) => [key?.id, key]))
  let head: string = genesis
  for (const entry of sqlite.prepare<[], Entry>(`select ${entryColumns} from audit_events order by seq`).iterate()) {
    const key = entry.key === null ? undefined : known.get(entry.key)
    if (key && entryHash(head, entry, key) !== entry.hash) return entry.seq
    head = entry.hash ?? entryHash(head, entry, null)
  }
  return null
}
