import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Past } from '../../../src/ports/past.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { createClock } from '../../support/clock.ts'
import { emptyDatabase, rawConnection } from '../../support/file.ts'
import { writePast } from '../../support/past.ts'
import { alice, bob, proposal, settings } from '../../support/world.ts'

const of = { stack: 'website', tokenUid: 't1' }

function inWords({ entries, skipped, total }: Past): string {
  const said = entries.map((entry) =>
    entry.kind === 'change' ? `#${entry.stored.change.id}` : entry.edit.fact.after.description,
  )
  return `${said.join(', ')} (${skipped} newer, ${total} in all)`
}

/** Seven changes and two edits by hand, after the third and the sixth; and another token's past. */
function world() {
  const path = emptyDatabase()
  const clock = createClock()
  const store = openStore(path, clock.now)
  onTestFinished(store.close)
  const raw = rawConnection(path)
  writePast(raw, { tokenUid: 't1', settings: settings(), changes: 7, editEvery: 3 })
  writePast(raw, { tokenUid: 't2', settings: settings(), changes: 3, editEvery: 1 })
  return {
    store,
    clock,
    page: async (wanted: object) => inWords(await store.past(of, { size: 4, ...wanted } as never)),
  }
}

test('changes that have ended and edits made elsewhere come in the order of the log, newest first', async () => {
  const { page } = world()
  expect(await page({ skip: 0 })).toBe('#7, by hand 6, #6, #5 (0 newer, 9 in all)')
  expect(await page({ skip: 4 })).toBe('#4, by hand 3, #3, #2 (4 newer, 9 in all)')
  expect(await page({ skip: 8 })).toBe('#1 (8 newer, 9 in all)')
  expect(await page({ skip: 99 })).toBe(' (9 newer, 9 in all)')
})

test('the next page in either direction goes on where the page before ended', async () => {
  const { page, store } = world()
  const seqOf = (entry: Past['entries'][number] | undefined) =>
    entry?.kind === 'change' ? entry.stored.seq : (entry?.edit.seq ?? 0)
  const { entries } = await store.past(of, { size: 4, skip: 0 })
  const before = seqOf(entries.at(-1))
  expect(await page({ before })).toBe('#4, by hand 3, #3, #2 (4 newer, 9 in all)')
  const older = await store.past(of, { size: 4, before })
  expect(await page({ after: seqOf(older.entries[0]) })).toBe('#7, by hand 6, #6, #5 (0 newer, 9 in all)')
  expect(await page({ after: seqOf(older.entries[2]) })).toBe('#6, #5, #4, by hand 3 (2 newer, 9 in all)')
})

test('new entries move no older page', async () => {
  const { clock, page, store } = world()
  const [, , , last] = (await store.past(of, { size: 4, skip: 0 })).entries
  const before = last?.kind === 'change' ? last.stored.seq : 0
  await store.rememberToken({ stack: 'website', uid: 't1', settings: settings({ description: 'now' }) }, clock.iso())
  expect(await page({ before })).toBe('#4, by hand 3, #3, #2 (5 newer, 10 in all)')
  expect(await page({ skip: 0 })).toBe('now, #7, by hand 6, #6 (0 newer, 10 in all)')
})

test('a change is in the history once it has ended, wherever it was when others ended', async () => {
  const { clock, page, store } = world()
  const { id } = await store.open({ type: 'proposed', at: clock.iso(), ...proposal() }, alice, 'view-1')
  expect(await page({ skip: 0 })).toBe('#7, by hand 6, #6, #5 (0 newer, 9 in all)')
  await store.record(id, bob, () => ({ type: 'rejected', at: clock.iso(), by: bob, reason: 'no' }))
  expect(await page({ skip: 0 })).toBe('#11, #7, by hand 6, #6 (0 newer, 10 in all)')
})

test('an edit made elsewhere is found by its number, and nothing else is', async () => {
  const { store } = world()
  const [edit] = (await store.past(of, { size: 1, skip: 1 })).entries
  const { seq } = edit?.kind === 'edit' ? edit.edit : { seq: 0 }
  expect(await store.outsideEdit(seq)).toMatchObject({ seq, fact: { tokenUid: 't1', by: 'blt1' } })
  expect(await store.outsideEdit(seq + 1)).toBeNull()
  expect(await store.outsideEdit(9999)).toBeNull()
})

/** SQLite's plan for every statement that `work` prepares. */
async function plansOf(raw: Sqlite.Database, work: () => Promise<unknown>): Promise<string[]> {
  const prepare = vi.spyOn(Sqlite.prototype, 'prepare')
  await work()
  const statements = prepare.mock.calls.map(([sql]) => sql.replaceAll(/@\w+/g, '?'))
  prepare.mockRestore()
  const plan = (sql: string) => raw.prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
  return statements.flatMap((sql) =>
    plan(sql)
      .all(...Array.from(sql.matchAll(/\?/g), () => 1))
      .map(({ detail }) => detail),
  )
}

test('with 10,000 changes in the file, a page is found through indexes, and nothing is sorted', async () => {
  const path = emptyDatabase()
  const store = openStore(path)
  onTestFinished(store.close)
  const raw = rawConnection(path)
  writePast(raw, { tokenUid: 't1', settings: settings(), changes: 10_000, editEvery: 10 })
  const plans = await plansOf(raw, async () => {
    for (const from of [{ skip: 0 }, { before: 20_000 }, { after: 100 }]) await store.past(of, { size: 5, ...from })
    await store.openChanges(of)
  })
  const tables = plans.filter((detail) => /\b(change_requests|audit_events)\b/.test(detail))
  expect(tables.length).toBeGreaterThan(10)
  for (const detail of tables) expect(detail).toMatch(/^SEARCH \w+ USING (COVERING )?(INDEX|INTEGER PRIMARY KEY)/)
  expect(plans.filter((detail) => detail.includes('TEMP B-TREE'))).toEqual([])
  expect(inWords(await store.past(of, { size: 2, skip: 10_998 }))).toBe('#2, #1 (10998 newer, 11000 in all)')
})
