import type Sqlite from 'better-sqlite3'
import type { Entry } from '../../domain/audit/chain-check.ts'

/** The columns of an `Entry`. */
export const entryColumns = 'seq, at, actor, change_id as changeId, type, body, version, key, hash'

/** Entries read at once: one by one takes a quarter longer, and more of them more memory. */
const page = 64

/** The log in order. */
export async function* entriesOf(db: Sqlite.Database): AsyncGenerator<readonly Entry[]> {
  const since = preparePage(db)
  for (let from = 1, next = 1; next >= from; ) {
    from = next
    const entries = since(from)
    yield entries
    if (entries.length < page) return
    // Somebody can write a number so large that adding one does not change it; without this check, the loop would never
    // end.
    next = entries.at(-1)!.seq + 1
  }
}

/** A page of the log, from this number on. */
export function preparePage(db: Pick<Sqlite.Database, 'prepare'>): (seq: number) => readonly Entry[] {
  const since = db.prepare<[number], Entry>(
    `select ${entryColumns} from audit_events where seq >= ? order by seq limit ${page}`,
  )
  return (seq) => since.all(seq)
}
