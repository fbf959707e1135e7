import { expect, onTestFinished, test } from 'vitest'
import { auditKey, checkpointOf, entryHash, genesis } from '../../../src/domain/audit/chain.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { createClock } from '../../support/clock.ts'
import { emptyDatabase, rawConnection, temporaryFile } from '../../support/file.ts'
import { fileOfTheFirstRelease } from '../../support/first-release.ts'
import { alice, bob, proposal } from '../../support/world.ts'

const key = auditKey('a secret of the auditors, and of nobody else')

type Row = Parameters<typeof entryHash>[1] & { key: string | null; hash: string | null }

function rows(path: string): Row[] {
  const columns = 'seq, at, actor, change_id as changeId, type, body, version, key, hash'
  return rawConnection(path).prepare<[], Row>(`select ${columns} from audit_events order by seq`).all()
}

async function written(path: string, withKey = key) {
  const clock = createClock()
  const store = openStore(path, clock.now, withKey)
  onTestFinished(store.close)
  await store.open({ type: 'proposed', at: clock.iso(), ...proposal() }, alice, 'view-1')
  await store.note({ type: 'refused', attempted: 'approve', code: 'not_allowed', why: 'No.' }, bob, 1)
  await store.record(1, alice, () => ({ type: 'cancelled', at: clock.iso(), by: alice }))
  return store
}

test.each([
  ['with a key', key],
  ['without one', null],
])('every entry is chained to the one before it, %s', async (_, withKey) => {
  const path = emptyDatabase()
  await written(path, withKey)
  const log = rows(path)
  expect(log).toHaveLength(3)
  log.reduce((previous, row) => {
    expect(row.hash).toBe(entryHash(previous, row, withKey))
    expect(row.key).toBe(withKey?.id ?? null)
    return row.hash!
  }, genesis)
})

test('a checkpoint says how long the log is and how it ends', async () => {
  const path = emptyDatabase()
  const store = await written(path)
  expect(await store.checkpoint()).toEqual(checkpointOf(3, rows(path)[2]!.hash!, key))
  const empty = openStore(emptyDatabase(), undefined, key)
  onTestFinished(empty.close)
  expect(await empty.checkpoint()).toEqual(checkpointOf(0, genesis, key))
})

test('two processes on one file write one chain', async () => {
  const path = emptyDatabase()
  const one = await written(path)
  const two = openStore(path, undefined, key)
  onTestFinished(two.close)
  for (const store of [two, one, two]) await store.note({ type: 'stopped' }, 'app', null)
  const log = rows(path)
  expect(log.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
  expect(log[5]!.hash).toBe(entryHash(log[4]!.hash!, log[5]!, key))
})

test('a log from before it was chained is kept, and covered by the first entry that is', async () => {
  const path = temporaryFile()
  logOfTheFirstRelease(path)
  const store = openStore(path, undefined, key)
  onTestFinished(store.close)
  await store.note({ type: 'stopped' }, 'app', null)
  const [one, two, chained] = rows(path)
  expect([one!.hash, two!.hash]).toEqual([null, null])
  expect(chained!.hash).toBe(entryHash(entryHash(entryHash(genesis, one!, null), two!, null), chained!, key))
})

function logOfTheFirstRelease(path: string): void {
  const db = fileOfTheFirstRelease(path)
  const insert = db.prepare(`insert into audit_events (seq, at, actor, type, body) values (?, ?, 'app', ?, ?)`)
  insert.run(1, '2026-06-01T08:00:00.000Z', 'started', '{"version":"0.1.0"}')
  insert.run(2, '2026-06-01T09:00:00.000Z', 'stopped', '{}')
  db.close()
}
