import type { Change } from '../../domain/change/change.ts'
import { sinceOf } from '../../domain/looks/moved-by.ts'
import type { Database } from './database.ts'
import { preparedWhenUsed } from './when-used.ts'

/** Tells if, by the log, `other` ended after `change` was last started to be applied. */
export function prepareLogOrder({ $client }: Database): (other: Change, change: Change) => boolean {
  const isLater = preparedWhenUsed($client)
    .prepare<{ other: number; change: number }, number>(`
      select seq > (
        select coalesce(max(seq), 0) from audit_events where change_id = @change and type = 'apply_started'
      ) from change_requests where id = @other
    `)
    .pluck()
  return (other, change) => isLater.get({ other: other.id, change: change.id }) === 1
}

/** Tells if the log mentions an update of `other` after `change` came to be asked against the token as it is. */
export function prepareToldSince({ $client }: Database): (other: Change, change: Change) => boolean {
  const isTold = preparedWhenUsed($client)
    .prepare<{ other: number; change: number; since: string }, number>(`
      select exists (
        select 1 from audit_events
        where change_id = @other and type in ('write_answered', 'applied', 'apply_refused', 'write_arrived')
          and seq > (
            select max(seq) from audit_events
            where change_id = @change and type in ('proposed', 'amended', 'rebased', 'drift_found')
              and body ->> 'at' = @since
          )
      )
    `)
    .pluck()
  return (other, change) => isTold.get({ other: other.id, change: change.id, since: sinceOf(change) }) === 1
}
