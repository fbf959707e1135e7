import { asking, paceMs } from '../../domain/pace.ts'
import type { Database } from './database.ts'
import { preparedWhenUsed } from './when-used.ts'

/** Entries of an hour are fewer. Where the clock was set back, no more of the log is read for that. */
const mostRead = 10_000

/** Tells when somebody asked for something within the last hour, by the log: of that, only the entries since then are read. */
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
