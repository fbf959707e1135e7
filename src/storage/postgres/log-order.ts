import type { Change } from '../../domain/change/change.ts'
import { sinceOf } from '../../domain/looks/moved-by.ts'
import { type On, statement } from './statements.ts'

const told = statement<{ id: number }>(
  'told-since',
  `select distinct change_id as id from audit_events
   where change_id = any($1) and type in ('write_answered', 'applied', 'apply_refused', 'write_arrived')
     and seq > (
       select max(seq) from audit_events
       where change_id = $2 and type in ('proposed', 'amended', 'rebased', 'drift_found') and in_json(body, 'at') = $3
     )`,
)

/** Those whose updates the log mentions after `change` came to be asked against the token as it is. */
export async function toldSince(
  on: On,
  others: readonly Pick<Change, 'id'>[],
  change: Change,
): Promise<ReadonlySet<number>> {
  const rows = await told(
    on,
    others.map(({ id }) => id),
    change.id,
    sinceOf(change),
  )
  return new Set(rows.map(({ id }) => id))
}
