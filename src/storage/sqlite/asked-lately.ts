import { asking, paceMs } from '../../domain/asks-an-hour.ts'
import type { Database } from './database.ts'
import { preparedWhenUsed } from './when-used.ts'

/** Tells when this person asked for something within the last hour, by the log. Found by an index of such entries alone. */
export function prepareAskedLately({ $client }: Database, now: () => Date): (by: string) => string[] {
  const find = preparedWhenUsed($client)
    .prepare<{ by: string; since: string; now: string }, string>(`
      select at from audit_events
      where actor = @by and type in (${asking.map((type) => `'${type}'`).join(', ')}) and at > @since and at <= @now
      order by at
    `)
    .pluck()
  return (by) => {
    const at = now()
    return find.all({ by, since: new Date(at.getTime() - paceMs).toISOString(), now: at.toISOString() })
  }
}
