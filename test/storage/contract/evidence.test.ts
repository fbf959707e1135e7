import { describe, expect, test } from 'vitest'
import { auditKey } from '../../../src/domain/audit/chain.ts'
import type { Entry } from '../../../src/domain/audit/chain-check.ts'
import type { Fact } from '../../../src/domain/audit/fact.ts'
import { entriesOf } from '../../support/entries.ts'
import { engines, type Place } from './engines.ts'

const key = auditKey('the key of a log that is read')

describe.each(engines)('on $name', (engine) => {
  async function logOf(count: number): Promise<Place> {
    const place = await engine.empty()
    const store = await place.open({ key })
    await store.noteAll(Array<Fact>(count).fill({ type: 'stopped' }), 'app')
    return place
  }

  const numbers = async ({ evidence }: Place) => (await entriesOf(await evidence())).map(({ seq }) => seq)
  const columns = 'at, actor, change_id, type, body, version, key, hash'

  test.each([0, 1, 63, 64, 65, 128, 200])('a log of %i entries is read whole, each once, in order', async (count) => {
    expect(await numbers(await logOf(count))).toEqual(Array.from({ length: count }, (_, i) => i + 1))
  })

  test('entries with numbers too large to count on end the reading, and do not keep it going for ever', async () => {
    const place = await logOf(10)
    const largest = 2n ** 63n - 1n
    const plant = `insert into audit_events select cast(? as bigint), ${columns} from audit_events where seq = 1`
    for (let i = 199n; i >= 0n; i--) await place.sql(plant, largest - i)
    const read = await numbers(place)
    expect(read.slice(0, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(read.length).toBeGreaterThan(10)
  })

  test('evidence is read as of one moment, whatever the app writes meanwhile', async () => {
    const place = await logOf(70)
    const evidence = await place.evidence()
    const read = evidence.entries()[Symbol.asyncIterator]()
    const first: readonly Entry[] = (await read.next()).value
    await place.sql(`insert into audit_events select 71, ${columns} from audit_events where seq = 70`)
    const rest: Entry[] = []
    for await (const entries of { [Symbol.asyncIterator]: () => read }) rest.push(...entries)
    expect([...first, ...rest].map(({ seq }) => seq)).toEqual(Array.from({ length: 70 }, (_, i) => i + 1))
  })
})
