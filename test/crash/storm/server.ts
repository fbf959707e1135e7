import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { connectTo } from '../../../src/storage/postgres/connection.ts'
import { bringUpToDate } from '../../../src/storage/postgres/migrating.ts'
import { urlOf } from '../../support/postgres.ts'
import { forkServer, nextSaid } from '../../support/postgres-process.ts'
import type { Shutdown } from '../../support/postgres-server.ts'
import { shiftableClock, shiftClock } from '../on-server.ts'

export type Server = Awaited<ReturnType<typeof ownServer>>

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
  // For the storm's server alone: none of what it has committed may be lost in a shutdown.
  await pool.query(
    `set synchronous_commit = on; ${shiftableClock}; alter database postgres set synchronous_commit = on`,
  )
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

  function passes(ms: number): Promise<void> {
    return shiftClock(own, ms)
  }
}
