import { expect, test } from 'vitest'
import { unfinishedIn } from '../../../src/storage/postgres/unfinished.ts'
import { createClock } from '../../support/clock.ts'
import { postgresWithTables, rawPostgres } from '../../support/postgres.ts'
import { alice, proposal } from '../../support/world.ts'
import { placeAt } from '../contract/on-postgres.ts'

test('a sweep reads none of the open changes as JSON that nobody edited and nobody is barred from', async () => {
  const url = await postgresWithTables()
  const store = await placeAt(url).open(createClock())
  for (const tokenUid of ['t1', 't2'])
    await store.open({ type: 'proposed', at: '2026-06-01T09:00:00.000Z', ...proposal({ tokenUid }) }, alice, tokenUid)
  const raw = await rawPostgres(url)
  await raw.query(`update change_requests set card_seq = seq, told = 'sent'`)
  await raw.query(`begin; set local track_functions = 'pl'`)
  expect(await unfinishedIn(raw)).toEqual([])
  const { rows } = await raw.query(`select calls from pg_stat_xact_user_functions where funcname = 'in_json'`)
  expect(rows).toEqual([])
})
