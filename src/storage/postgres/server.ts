import type pg from 'pg'
import type { ServerInspection } from '../../ports/inspection.ts'
import { type Client, isEncrypted } from './client.ts'
import { giveBack, mostConnections, take } from './connection.ts'
import { rightsLacking } from './rights.ts'
import { type On, statement } from './statements.ts'
import { connected } from './while-stopped.ts'

/** Those of the pool, one that listens to other processes, and one to measure the clock. */
const usedAtMost = mostConnections + 2

type Found = Omit<ServerInspection, 'clockAhead' | 'lacking' | 'usedAtMost' | 'isEncrypted' | 'isPooled'>

/** Everybody may see all of this, though of replicas only that they are there. */
const facts = statement<Found>(
  'server-facts',
  `select current_setting('server_version_num')::int / 10000 as version,
     pg_is_in_recovery() as "isStandby",
     current_setting('fsync') as fsync,
     current_setting('synchronous_commit') as "synchronousCommit",
     (select count(*) from pg_stat_replication) as replicas,
     current_setting('synchronous_standby_names') <> '' as "namesSynchronous",
     current_user::text as role,
     (select rolsuper from pg_roles where rolname = current_user) as "isSuperuser",
     exists (select 1 from pg_class where relname = 'audit_events' and relnamespace = 'public'::regnamespace
       and pg_has_role(current_user, relowner, 'usage')) as "ownsTables",
     current_setting('max_connections')::int as "maxConnections"`,
)
const time = statement<{ ms: number }>(
  'server-time',
  'select extract(epoch from clock_timestamp())::float8 * 1000 as ms',
)

/** Looks at the server at `url`. Throws a Refusal, in words, if it can't be reached or does not let this role in. */
export function inspectServer(url: string, now: () => Date): Promise<ServerInspection> {
  return connected(url, async (pool) => {
    const on = await take(pool)
    try {
      const [found] = await facts(on)
      const way = { isEncrypted: isEncrypted(on), isPooled: !(on as pg.ClientBase as Client).isDirect }
      return { ...found!, ...way, lacking: await rightsLacking(on), clockAhead: await clockAhead(on, now), usedAtMost }
    } finally {
      giveBack(on, true)
    }
  })
}

/** The connection is there already, so that only the way of one question and answer blurs it. */
async function clockAhead(on: On, now: () => Date): Promise<number> {
  const asked = now().getTime()
  const [answer] = await time(on)
  return answer!.ms - (asked + now().getTime()) / 2
}

const size = statement<{ bytes: number }>('database-size', 'select pg_database_size(current_database()) as bytes')

/** The size of the database at `url`, as the server tells it. Throws if it can't be asked. */
export function bytesAt(url: string): Promise<number> {
  return connected(url, async (pool) => (await size(pool))[0]!.bytes)
}
