import type { Entry } from '../../domain/audit/chain-check.ts'
import { type On, statement } from './statements.ts'

/** The columns of an `Entry`. */
export const entryColumns = 'seq, at, actor, change_id as "changeId", type, body, version, key, hash'

/** The last entry as a `LogEnd` with its hash, in SQL. */
export const logEnd = `
  select seq, hash, key, type,
    (seq = 1 or exists (select 1 from audit_events before where before.seq = audit_events.seq - 1))::int as follows
  from audit_events order by seq desc limit 1`

/** Entries read at once. */
const page = 500

const since = statement<Entry>(
  'entries',
  `select ${entryColumns} from audit_events where seq >= $1 order by seq limit ${page}`,
)

/** A page of the log, from this number on. */
export function entriesFrom(on: On, seq: number): Promise<readonly Entry[]> {
  return since(on, seq)
}

/** The log in order. */
export async function* entriesOf(on: On): AsyncGenerator<readonly Entry[]> {
  for (let from = 1, next = 1; next >= from; ) {
    from = next
    const entries = await entriesFrom(on, from)
    yield entries
    if (entries.length < page) return
    // Somebody can write a number so large that adding one does not change it; without this check, the loop would never
    // end.
    next = entries.at(-1)!.seq + 1
  }
}
