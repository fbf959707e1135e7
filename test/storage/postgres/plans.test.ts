import pg from 'pg'
import { expect, test, vi } from 'vitest'
import { pastOf } from '../../support/past.ts'
import { postgresWithTables, rawPostgres } from '../../support/postgres.ts'
import { alice, proposal, settings } from '../../support/world.ts'
import { placeAt } from '../contract/on-postgres.ts'

type Asked = { readonly text: string; readonly values: readonly unknown[] }

/** PostgreSQL's plans for each named statement that `work` sends, step by step: for these values, and for any. */
async function plansOf(url: string, work: () => Promise<unknown>): Promise<string[]> {
  const query = vi.spyOn(pg.Client.prototype, 'query')
  await work()
  const asked = query.mock.calls.flatMap(([one]) =>
    (one as unknown as { name?: string }).name ? [one as unknown as Asked] : [],
  )
  query.mockRestore()
  const raw = await rawPostgres(url)
  const plans: string[] = []
  for (const { text, values } of asked) {
    const given = values.map((value) => literal(value)).join()
    await raw.query(`prepare asked as ${text}`)
    for (const mode of ['custom', 'generic']) {
      await raw.query(`set plan_cache_mode = force_${mode}_plan`)
      const execute = `explain execute asked${given && `(${given})`}`
      const { rows } = await raw.query<{ 'QUERY PLAN': string }>(execute)
      plans.push(...rows.map((row) => row['QUERY PLAN']))
    }
    await raw.query('deallocate asked')
  }
  return plans
}

function literal(value: unknown): string {
  return Array.isArray(value) ? `array[${value.map(literal).join()}]` : pg.escapeLiteral(String(value))
}

/** A token with 10,000 closed changes. `analyzed` is what the server does by itself, sooner or later. */
async function longPast() {
  const url = await postgresWithTables()
  const place = placeAt(url)
  const store = await place.open()
  const rows = pastOf({ tokenUid: 't1', settings: settings(), changes: 10_000, editEvery: 10 }, { seq: 0, id: 0 })
  await place.add('change_requests', rows.changes)
  await place.add('audit_events', rows.events)
  return { url, store, analyzed: () => place.sql('vacuum analyze') }
}

/** Of a table, from its first row to its last. */
const readThrough = /Seq Scan on (change_requests|audit_events)/

test('with 10,000 changes of a token, a page of its history is found through indexes, and no table is read through', async () => {
  const { url, store, analyzed } = await longPast()
  await analyzed()
  const of = { stack: 'website', tokenUid: 't1' }
  const plans = await plansOf(url, async () => {
    for (const from of [{ skip: 0 }, { before: 20_000 }, { after: 100 }]) await store.past(of, { size: 5, ...from })
  })
  expect(plans.filter((step) => /Index/.test(step)).length).toBeGreaterThan(10)
  expect(plans.filter((step) => readThrough.test(step))).toEqual([])
  const { total, entries } = await store.past(of, { size: 2, skip: 10_998 })
  expect([total, entries.length]).toEqual([11_000, 2])
})

test('with 10,000 changes, those that one person asked for lately are found by an index of their own', async () => {
  const { url, store, analyzed } = await longPast()
  await analyzed()
  const plans = await plansOf(
    url,
    async () => void (await store.waiting({ stack: 'website', tokenUid: 't1', requester: alice })),
  )
  const found = plans.filter((step) => /on audit_events/.test(step))
  expect(found.length).toBeGreaterThan(0)
  expect(found.filter((step) => !/Index (Only )?Scan using audit_events_asked /.test(step))).toEqual([])
})

test('with 10,000 closed changes of another token, what has become of this one is found by its index', async () => {
  const { url, store, analyzed } = await longPast()
  const { id } = await store.open({ type: 'proposed', at: '', ...proposal({ tokenUid: 't2' }) }, alice, 'view-1')
  await analyzed()
  const [of, at] = [{ stack: 'website', tokenUid: 't2' }, '2026-06-01T09:00:00.000Z']
  const plans = await plansOf(url, async () => {
    await store.record(id, 'app', () => null)
    for (const from of [{ skip: 0 }, { before: 20_000 }, { after: 100 }]) await store.past(of, { size: 5, ...from })
    for (const name of ['ci', 'deploy'])
      await store.rememberToken({ stack: 'website', uid: 't2', settings: settings({ name }) }, at)
  })
  const found = plans.filter((step) => /change_requests_past|audit_events_outside_edits_by_token/.test(step))
  expect(found.length).toBeGreaterThan(5)
  expect(plans.filter((step) => /change_requests_ended|outside_edits( |$)/.test(step))).toEqual([])
})

test('with 10,000 closed changes, a run of the open ones is found by an index of those, in its order', async () => {
  const { url, store, analyzed } = await longPast()
  for (let i = 0; i < 200; i++)
    await store.open({ type: 'proposed', at: '', ...proposal({ tokenUid: `of-${i}` }) }, alice, `view-${i}`)
  await analyzed()
  const plans = await plansOf(url, async () => void (await store.openChangesBefore(10_150, 100)))
  expect(plans.filter((step) => /change_requests/.test(step))).toEqual(
    Array(2).fill(expect.stringContaining('Index Scan Backward using change_requests_newest_open')),
  )
  expect(plans.filter((step) => step.includes('Sort'))).toEqual([])
})
