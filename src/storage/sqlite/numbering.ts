import type Sqlite from 'better-sqlite3'
import { visible } from '../../domain/text.ts'

/** The fault, as a clause for people, and the SQL that fixes it; null if nothing does. */
type Wrong = { readonly how: 'altered' | 'planted'; readonly what: string; readonly sql: string | null }

/**
 * How somebody tampered with the numbers of changes, which have no gaps; null if nobody did. SQLite keeps the last
 * number in a table of its own, from the first change on. With the greatest possible number there, it opens no more
 * changes and says that the disk is full; without any, it counts on from the rows that are left. The log counts too: no
 * number may be given twice. Source: https://sqlite.org/autoinc.html.
 */
export function wrongNumbering(sqlite: Sqlite.Database): Wrong | null {
  const found = sqlite
    .prepare<{ greatest: number }, { kept: string | null; last: string; isFull: 0 | 1 }>(`
      select cast(seq as text) as kept, cast(last as text) as last, last >= @greatest as isFull
      from (select max(
        coalesce((select max(id) from change_requests), 0),
        coalesce((select max(change_id) from audit_events), 0)
      ) as last)
      left join sqlite_sequence on name = 'change_requests'
      where (seq is not last and not (name is null and last = 0)) or last >= @greatest
    `)
    .get({ greatest: Number.MAX_SAFE_INTEGER })
  if (!found) return null
  const { kept, last, isFull } = found
  if (isFull) return { how: 'planted', what: `change #${last} was planted, after which no number is left`, sql: null }
  const isNow = `${kept === null ? 'none' : visible(kept).slice(0, 30)} instead of ${last}`
  return {
    how: 'altered',
    what: `the number of the last change, after which the next is counted, was altered: ${isNow}`,
    sql: `delete from sqlite_sequence where name = 'change_requests'; insert into sqlite_sequence values ('change_requests', ${last})`,
  }
}
