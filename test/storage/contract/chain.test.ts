import { describe, expect, test } from 'vitest'
import { auditKey, checkpointOf, entryHash, genesis } from '../../../src/domain/audit/chain.ts'
import { createClock } from '../../support/clock.ts'
import { alice, bob, proposal } from '../../support/world.ts'
import { engines, type Place } from './engines.ts'

const key = auditKey('a secret of the auditors, and of nobody else')

type Row = Parameters<typeof entryHash>[1] & { key: string | null; hash: string | null }

function rows({ sql }: Place): Promise<Row[]> {
  const columns = 'seq, at, actor, change_id as "changeId", type, body, version, key, hash'
  return sql(`select ${columns} from audit_events order by seq`)
}

describe.each(engines)('on $name', (engine) => {
  async function written(place: Place, withKey = key) {
    const clock = createClock()
    const store = await place.open({ now: clock.now, key: withKey })
    await store.open({ type: 'proposed', at: clock.iso(), ...proposal() }, alice, 'view-1')
    await store.note({ type: 'refused', attempted: 'approve', code: 'not_allowed', why: 'No.' }, bob, 1)
    await store.record(1, alice, () => ({ type: 'cancelled', at: clock.iso(), by: alice }))
    return store
  }

  test.each([
    ['with a key', key],
    ['without one', null],
  ])('every entry is chained to the one before it, %s', async (_, withKey) => {
    const place = await engine.empty()
    await written(place, withKey)
    const log = await rows(place)
    expect(log).toHaveLength(3)
    log.reduce((previous, row) => {
      expect(row.hash).toBe(entryHash(previous, row, withKey))
      expect(row.key).toBe(withKey?.id ?? null)
      return row.hash!
    }, genesis)
  })

  test('a checkpoint says how long the log is and how it ends', async () => {
    const place = await engine.empty()
    const store = await written(place)
    expect(await store.checkpoint()).toEqual(checkpointOf(3, (await rows(place))[2]!.hash!, key))
    const empty = await (await engine.empty()).open({ key })
    expect(await empty.checkpoint()).toEqual(checkpointOf(0, genesis, key))
  })

  test('two processes on one database write one chain', async () => {
    const place = await engine.empty()
    const one = await written(place)
    const two = await place.open({ key })
    for (const store of [two, one, two]) await store.note({ type: 'stopped' }, 'app', null)
    const log = await rows(place)
    expect(log.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
    expect(log[5]!.hash).toBe(entryHash(log[4]!.hash!, log[5]!, key))
  })

  test('a log from before it was chained is kept, and covered by the first entry that is', async () => {
    const place = await engine.empty()
    const entry = { actor: 'app', type: 'stopped', body: '{}' }
    await place.add('audit_events', [
      { seq: 1, at: '2026-06-01T08:00:00.000Z', ...entry },
      { seq: 2, at: '2026-06-01T09:00:00.000Z', ...entry },
    ])
    const store = await place.open({ key })
    await store.note({ type: 'stopped' }, 'app', null)
    const [one, two, chained] = await rows(place)
    expect([one!.hash, two!.hash]).toEqual([null, null])
    expect(chained!.hash).toBe(entryHash(entryHash(entryHash(genesis, one!, null), two!, null), chained!, key))
  })
})
