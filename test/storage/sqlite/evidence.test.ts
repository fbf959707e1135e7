import { expect, test } from 'vitest'
import { auditKey } from '../../../src/domain/audit/chain.ts'
import type { Entry } from '../../../src/domain/audit/chain-check.ts'
import { openEvidence } from '../../../src/storage/sqlite/evidence.ts'
import { entriesOf } from '../../support/entries.ts'
import { emptyDatabase, rawConnection } from '../../support/file.ts'
import { writeLongLog } from '../../support/long-log.ts'

const key = auditKey('the key of a log that is read')

async function numbers(path: string): Promise<number[]> {
  const evidence = openEvidence(path)
  const seqs = (await entriesOf(evidence)).map(({ seq }) => seq)
  evidence.close()
  return seqs
}

test.each([0, 1, 63, 64, 65, 128, 200])('a log of %i entries is read whole, each once, in order', async (count) => {
  const path = emptyDatabase()
  writeLongLog(path, count, key)
  expect(await numbers(path)).toEqual(Array.from({ length: count }, (_, i) => i + 1))
})

test('entries with numbers too large to count on end the reading, and do not keep it going for ever', async () => {
  const path = emptyDatabase()
  writeLongLog(path, 10, key)
  const largest = 2n ** 63n - 1n
  const add = rawConnection(path).prepare(
    `insert into audit_events select ?, at, actor, change_id, type, body, version, key, hash from audit_events where seq = 1`,
  )
  for (let i = 199n; i >= 0n; i--) add.run(largest - i)
  const read = await numbers(path)
  expect(read.slice(0, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(read.length).toBeGreaterThan(10)
})

test('evidence is read as of one moment, whatever the app writes meanwhile', async () => {
  const path = emptyDatabase()
  writeLongLog(path, 70, key)
  const evidence = openEvidence(path)
  const read = evidence.entries()[Symbol.asyncIterator]()
  const first: readonly Entry[] = (await read.next()).value
  rawConnection(path).exec(
    `insert into audit_events select 71, at, actor, change_id, type, body, version, key, hash from audit_events where seq = 70`,
  )
  const rest: Entry[] = []
  for await (const entries of { [Symbol.asyncIterator]: () => read }) rest.push(...entries)
  expect([...first, ...rest].map(({ seq }) => seq)).toEqual(Array.from({ length: 70 }, (_, i) => i + 1))
  evidence.close()
})
