import { lostKey } from '../../domain/audit/key-order.ts'
import type { KeysSince } from '../../domain/audit/missing-keys.ts'
import { openNames } from './change-rows.ts'
import { type On, statement } from './statements.ts'

const first = statement<{ id: number; seq: number }>(
  'first-entries',
  `select c.id, (select min(seq) from audit_events where change_id = c.id) as seq
   from change_requests c where status in (${openNames}) order by id`,
)
const last = statement<{ key: string; seq: number }>(
  'last-of-keys',
  'select key, max(seq) as seq from audit_events where seq >= $1 and key is not null group by key order by seq',
)
const lostSince = statement<{ body: string }>(
  'keys-lost',
  `select body from audit_events where seq >= $1 and type = 'key_lost'`,
)

/** The keys that the log was written with since the open changes were asked for. */
export async function keysSinceIn(on: On): Promise<KeysSince> {
  const firsts = (await first(on)).filter(({ seq }) => seq !== null)
  if (firsts.length === 0) return { firsts, lasts: [], lost: [] }
  const from = Math.min(...firsts.map(({ seq }) => seq))
  const [lasts, lost] = [await last(on, from), await lostSince(on, from)]
  return { firsts, lasts, lost: lost.flatMap(({ body }) => lostKey(body) ?? []) }
}
