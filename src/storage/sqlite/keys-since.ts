import type Sqlite from 'better-sqlite3'
import { lostKey } from '../../domain/audit/key-order.ts'
import type { KeysSince } from '../../domain/audit/missing-keys.ts'
import { openStatuses } from '../../domain/change/change.ts'

const openNames = openStatuses.map((status) => `'${status}'`).join(', ')

/** The keys that the log was written with since the open changes were asked for. */
export function keysSinceIn(sqlite: Sqlite.Database): KeysSince {
  const firsts = sqlite
    .prepare<[], { id: number; seq: number }>(
      `select id, (select min(seq) from audit_events where change_id = id) as seq
       from change_requests where status in (${openNames}) order by id`,
    )
    .all()
    .filter(({ seq }) => seq !== null)
  if (firsts.length === 0) return { firsts, lasts: [], lost: [] }
  const from = Math.min(...firsts.map(({ seq }) => seq))
  const lasts = sqlite
    .prepare<[number], { key: string; seq: number }>(
      'select key, max(seq) as seq from audit_events where seq >= ? and key is not null group by key order by seq',
    )
    .all(from)
  const lost = sqlite
    .prepare<[number], string>(`select body from audit_events where seq >= ? and type = 'key_lost'`)
    .pluck()
    .all(from)
  return { firsts, lasts, lost: lost.flatMap((body) => lostKey(body) ?? []) }
}
