import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { emptyDatabase, rawConnection } from '../../support/file.ts'
import { fileWith } from '../../support/many.ts'
import { writePast } from '../../support/past.ts'
import { alice, settings } from '../../support/world.ts'

function opened(path: string) {
  const store = openStore(path)
  onTestFinished(store.close)
  return store
}

/** SQLite's plan for each statement that `work` prepares. */
async function plansOf(path: string, work: () => Promise<unknown>): Promise<string[]> {
  const prepare = vi.spyOn(Sqlite.prototype, 'prepare')
  await work()
  const statements = prepare.mock.calls.map(([statement]) => statement.replaceAll(/@\w+/g, '?'))
  prepare.mockRestore()
  const raw = rawConnection(path)
  return statements.flatMap((statement) => {
    const given = statement.split('?').slice(1).fill('0')
    const steps = raw.prepare(`explain query plan ${statement}`).all(...given) as { detail: string }[]
    return steps.map(({ detail }) => detail)
  })
}

test('with 10,000 changes in the file, everything that App Home asks for is found by an index, and only tokens are read through', async () => {
  const counts = { ended: 10_000, open: 300, outsideEdits: 500, lookedAt: 500, expiring: 300, lasting: 200 }
  const path = fileWith(counts)
  const store = opened(path)
  const [page, size] = [7, 5]
  const plans = await plansOf(path, async () => {
    await store.overview({
      ended: { page, size },
      expiring: { page, size, from: '2026-06-01', to: '2026-07-01' },
      outsideEdits: { page, size },
    })
    await store.openChanges()
    await store.outsideEdit(1)
  })
  const steps = plans.filter((step) => !/^USE TEMP B-TREE|SCALAR SUBQUERY|^SCAN tokens$/.test(step))
  expect(steps.length).toBeGreaterThan(6)
  const found = /^SEARCH \w+ USING (INDEX (change_requests_by_status|audit_events_seen)|INTEGER PRIMARY KEY)/
  const inOrder = /^SCAN \w+ USING (COVERING )?INDEX (change_requests_ended|audit_events_(outside_edits|verified))$/
  expect(steps.filter((step) => !found.test(step) && !inOrder.test(step))).toEqual([])
})

test('with 10,000 changes in the file, a page of the history is found through indexes, and nothing is sorted', async () => {
  const path = emptyDatabase()
  const store = opened(path)
  writePast(rawConnection(path), { tokenUid: 't1', settings: settings(), changes: 10_000, editEvery: 10 })
  const of = { stack: 'website', tokenUid: 't1' }
  const plans = await plansOf(path, async () => {
    for (const from of [{ skip: 0 }, { before: 20_000 }, { after: 100 }]) await store.past(of, { size: 5, ...from })
    await store.openChanges(of)
  })
  const tables = plans.filter((detail) => /\b(change_requests|audit_events)\b/.test(detail))
  expect(tables.length).toBeGreaterThan(10)
  for (const detail of tables) expect(detail).toMatch(/^SEARCH \w+ USING (COVERING )?(INDEX|INTEGER PRIMARY KEY)/)
  expect(plans.filter((detail) => detail.includes('TEMP B-TREE'))).toEqual([])
  const { total, entries } = await store.past(of, { size: 2, skip: 10_998 })
  expect([total, entries.length]).toEqual([11_000, 2])
})

test('with 10,000 changes in the file, those that one person asked for lately are found by an index of their own', async () => {
  const path = emptyDatabase()
  const store = opened(path)
  writePast(rawConnection(path), { tokenUid: 't1', settings: settings(), changes: 10_000, editEvery: 10 })
  const plans = await plansOf(path, async () => {
    await store.waiting({ stack: 'website', tokenUid: 't1', requester: alice })
  })
  expect(plans.filter((step) => step.includes('audit_events'))).toEqual([
    expect.stringMatching(/^SEARCH audit_events USING INDEX audit_events_asked /),
  ])
})
