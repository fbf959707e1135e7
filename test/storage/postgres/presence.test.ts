import { expect, onTestFinished, test } from 'vitest'
import type { Instance } from '../../../src/ports/presence.ts'
import { openPostgresStore } from '../../../src/storage/postgres/store.ts'
import { createClock } from '../../support/clock.ts'
import { postgresWithTables, rawPostgres } from '../../support/postgres.ts'

const instance = (id: string): Instance => ({
  ...{ id, version: '0.3.0', host: `host-${id}`, pid: 12 },
  ...{ names: [`lease-${id}`], doubts: [7] },
})

async function world() {
  const url = await postgresWithTables()
  const clock = createClock()
  const open = async () => {
    const store = await openPostgresStore({ url, now: clock.now, holdClock: clock.now })
    onTestFinished(store.close)
    return store
  }
  return { url, clock, stores: [await open(), await open()] as const }
}

test('processes on one database see each other, in the order in which they came', async () => {
  const { clock, stores } = await world()
  expect(await stores[0].isPresent(instance('b'))).toEqual([instance('b')])
  clock.pass(1)
  expect(await stores[1].isPresent(instance('a'))).toEqual([instance('b'), instance('a')])
  clock.pass(1)
  expect(await stores[0].isPresent({ ...instance('b'), doubts: [] })).toEqual([
    { ...instance('b'), doubts: [] },
    instance('a'),
  ])
})

test('one that leaves is gone at once, and one that says nothing after half a minute', async () => {
  const { clock, stores } = await world()
  await stores[0].isPresent(instance('a'))
  await stores[0].isPresent(instance('b'))
  await stores[0].hasLeft('a')
  expect(await stores[1].isPresent(instance('c'))).toEqual([instance('b'), instance('c')])
  clock.pass(29)
  expect(await stores[1].isPresent(instance('c'))).toHaveLength(2)
  clock.pass(1)
  expect(await stores[1].isPresent(instance('c'))).toEqual([instance('c')])
})

test('what another version says of itself is read as far as it is known', async () => {
  const { url, clock, stores } = await world()
  const raw = await rawPostgres(url)
  await raw.query('insert into instances values ($1, $2, $3, $4, $5, $5)', [
    ...['n', '9.0.0', 'host-n', '{"names":["x"],"new":true}', clock.now().getTime()],
  ])
  const [other] = await stores[0].isPresent(instance('z'))
  expect(other).toEqual({ id: 'n', version: '9.0.0', host: 'host-n', pid: null, names: ['x'], doubts: [] })
})

test('a loss that one of them notices stops the others from writing too, until it is over or that one is gone', async () => {
  const { url, clock, stores } = await world()
  const [one, other] = stores
  const note = () => other.note({ type: 'started', version: '9' }, 'app', null)
  const raw = await rawPostgres(url)
  for (let i = 0; i < 3; i++) await one.note({ type: 'stopped' }, 'app', null)
  await raw.query(`set session_replication_role = replica`)
  await raw.query('update audit_events set seq = -3 where seq = 3')
  await note()
  await expect(one.isPresent(instance('a'))).rejects.toThrow('its entry #3 has changed')
  await expect(other.isPresent(instance('b'))).rejects.toThrow('its entry #3 has changed')
  await expect(note()).rejects.toThrow('its entry #3 has changed')

  clock.pass(31)
  expect(await other.isPresent(instance('b'))).toEqual([instance('b')])
  await note()
  await expect(one.isPresent(instance('a'))).rejects.toThrow('its entry #3 has changed')

  clock.pass(31)
  await raw.query('delete from audit_events where seq >= 3')
  await raw.query('update audit_events set seq = 3 where seq = -3')
  expect(await one.isPresent(instance('a'))).toHaveLength(1)
  await one.note({ type: 'stopped' }, 'app', null)
})
