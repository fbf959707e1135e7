import { asking, paceMs } from '../../domain/asks-an-hour.ts'
import type { Database } from './database.ts'
import { preparedWhenUsed } from './when-used.ts'

/** More than the entries of one hour. After the clock was set back, the search ends here too. */
const mostRead = 10_000

/** Tells when this person asked for something within the last hour, by the log. Reads only the entries of that hour. */
export function prepareAskedLately({ $client }: Database, now: () => Date): (by: string) => string[] {
  const find = preparedWhenUsed($client)
    .prepare<{ by: string; since: string; now: string }, string>(`
      select at from audit_events, (select coalesce(max(seq), 0) - ${mostRead} as start from audit_events)
      where seq > coalesce((
          select seq from audit_events where seq > start and at <= @since order by seq desc limit 1
        ), start)
        and at <= @now and actor = @by and type in (${asking.map((type) => `'${type}'`).join(', ')})
      order by at
    `)
    .pluck()
  return (by) => {
    const at = now()
    return find.all({ by, since: new Date(at.getTime() - paceMs).toISOString(), now: at.toISOString() })
  }
}
