import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { connectTo, mostConnections } from '../../../src/storage/postgres/connection.ts'
import { noticesBetween } from '../../../src/storage/postgres/notices.ts'
import { PoolerShares } from '../../../src/storage/postgres/pooler.ts'
import { openPostgresStore } from '../../../src/storage/postgres/store.ts'
import { requireNobodyConnected } from '../../../src/storage/postgres/while-stopped.ts'
import { eventually } from '../../support/eventually.ts'
import { hasPgBouncer, poolers, startPgBouncer } from '../../support/pgbouncer.ts'
import { postgresWithTables, rawPostgres } from '../../support/postgres.ts'

const failure = (error: unknown) => error

describe.each(poolers)('behind $pooler', ({ start, isThere }) => {
  const tried = test.runIf(isThere)

  tried('a connection has the settings of one to the server itself, and the next client has none of them', async () => {
    const url = await postgresWithTables()
    const direct = await settingsOf(url)
    const pooled = await start(url, 'session')
    expect(await settingsOf(pooled)).toEqual(direct)
    const raw = await rawPostgres(pooled)
    const { rows } = await raw.query(
      `select current_setting('lock_timeout') as lock, current_setting('search_path') as path`,
    )
    expect(rows).toEqual([{ lock: '0', path: '"$user", public' }])
  })

  tried('readers can write nothing', async () => {
    const pool = connectTo(await start(await postgresWithTables(), 'session'), { isReader: true })
    await expect(pool.query(`delete from homes`)).rejects.toThrow('read-only')
    await pool.end()
  })

  tried('instances hear of each other, and a command sees that they run, or no longer do', async () => {
    const pooled = await start(await postgresWithTables(), 'session')
    const [one, other] = [connectTo(pooled), connectTo(pooled)]
    const heard: unknown[] = []
    const hearing = await noticesBetween(one).hearOthers({ onNotice: (notice) => heard.push(notice), onGap: () => {} })
    await noticesBetween(other).tellOthers({ about: 'person', id: 'U0BOB' })
    await eventually(() => expect(heard).toEqual([{ about: 'person', id: 'U0BOB' }]))
    await expect(requireNobodyConnected(pooled)).rejects.toThrow('is in use by Countersign')
    await hearing.stop()
    await Promise.all([one.end(), other.end()])
    await requireNobodyConnected(pooled)
  })

  tried('the store can be opened many times at once', async () => {
    const url = await start(await postgresWithTables(), 'session')
    const stores = await Promise.all(Array.from({ length: 3 }, () => openPostgresStore({ url })))
    for (const store of stores) await store.close()
  })

  tried('connections that are shared by the transaction are refused, however many are in use', async () => {
    const url = await start(await postgresWithTables(), 'transaction')
    const others = await inTransactions(url, mostConnections)
    for (const other of others.slice(5)) await other.query('rollback')
    expect(await openPostgresStore({ url }).catch(failure)).toBeInstanceOf(PoolerShares)
  })
})

describe.runIf(hasPgBouncer)('behind PgBouncer', () => {
  test('a single connection that is shared is refused', async () => {
    const url = await startPgBouncer(await postgresWithTables(), 'transaction', 'default_pool_size = 1')
    expect(await openPostgresStore({ url }).catch(failure)).toBeInstanceOf(PoolerShares)
  })

  test('connections that are shared by the statement are refused', async () => {
    const url = await startPgBouncer(await postgresWithTables(), 'statement')
    expect(await openPostgresStore({ url }).catch(failure)).toBeInstanceOf(PoolerShares)
  })

  test.each([1, 2, 3, mostConnections])('so are %s that it gives out in turn', async (count) => {
    const url = await startPgBouncer(await postgresWithTables(), 'transaction', 'server_round_robin = 1')
    for (const other of await inTransactions(url, count)) await other.query('rollback')
    expect(await openPostgresStore({ url }).catch(failure)).toBeInstanceOf(PoolerShares)
  })
})

async function settingsOf(url: string): Promise<unknown> {
  const pool = connectTo(url, { isReader: true })
  const names = ['search_path', 'lock_timeout', 'idle_in_transaction_session_timeout', 'default_transaction_read_only']
  const { rows } = await pool.query('select name, current_setting(name) from unnest($1::text[]) as name', [names])
  await pool.end()
  return rows
}

/** So many clients that each have a connection to the server. */
async function inTransactions(url: string, count: number): Promise<pg.Client[]> {
  const clients = await Promise.all(Array.from({ length: count }, () => rawPostgres(url)))
  for (const client of clients) await client.query('begin')
  return clients
}
