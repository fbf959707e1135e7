import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { connectTo } from '../../../src/storage/postgres/connection.ts'
import { bringUpToDate } from '../../../src/storage/postgres/migrating.ts'
import { urlOf } from '../../support/postgres.ts'
import { forkServer, nextSaid } from '../../support/postgres-process.ts'
import type { Shutdown } from '../../support/postgres-server.ts'

export type Server = Awaited<ReturnType<typeof ownServer>>

/**
 * The server's clock goes ahead by as much as time passes for the apps. Nobody else's statements are changed for that: a
 * name that a schema before `pg_catalog` has is taken from there.
 */
const withTime = (database: string) => `
  create schema simulated;
  create table simulated.passed (ms bigint not null);
  insert into simulated.passed values (0);
  create function simulated.clock_timestamp() returns timestamptz language sql volatile as
    $$ select pg_catalog.clock_timestamp() + (select ms from simulated.passed) * interval '1 millisecond' $$;
  alter database ${database} set search_path = public, simulated, pg_catalog;
  alter database ${database} set synchronous_commit = on;`

/** A PostgreSQL server of the test's own, which can be restarted, with a database that has our tables. */
export async function ownServer() {
  const child = forkServer(process.env.TMPDIR)
  onTestFinished(async () => {
    child.disconnect()
    await once(child, 'exit')
  })
  const url = `${urlOf(await nextSaid(child))}/postgres`
  const pool = connectTo(url)
  await bringUpToDate(pool)
  await pool.query(withTime('postgres'))
  await pool.end()
  let restarted = Promise.resolve()
  const own = connectTo(url)
  onTestFinished(() => own.end())
  return { url, pool: own, restart, isUp, passes }

  /** One after another. */
  function restart(how: Shutdown): Promise<void> {
    restarted = restarted.then(async () => {
      child.send(how)
      urlOf(await nextSaid(child))
    })
    return restarted
  }

  /** Resolves once no restart is under way. */
  function isUp(): Promise<void> {
    return restarted
  }

  async function passes(ms: number): Promise<void> {
    await own.query('update simulated.passed set ms = ms + $1', [ms])
  }
}
