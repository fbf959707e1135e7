import type { Change } from '../domain/change.ts'
import type { Database } from './database.ts'

/** Tells if, by the log, `other` came to its end after `change` was begun to be applied for the last time. */
export function prepareLogOrder({ $client: sqlite }: Database): (other: Change, change: Change) => boolean {
  const isLater = sqlite
    .prepare<{ other: number; change: number }, number>(`
      select seq > (
        select coalesce(max(seq), 0) from audit_events where change_id = @change and type = 'apply_started'
      ) from change_requests where id = @other
    `)
    .pluck()
  return (other, change) => isLater.get({ other: other.id, change: change.id }) === 1
}
