import { describe, expect, onTestFinished, test } from 'vitest'
import { verifyDatabase } from '../../../src/cli/audit/verify.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { createClock } from '../../support/clock.ts'
import { emptyDatabase, rawConnection } from '../../support/file.ts'
import { alice, bob, mallory, proposal } from '../../support/world.ts'

async function world() {
  const clock = createClock()
  const path = emptyDatabase()
  const open = () => {
    const store = openStore(path, clock.now)
    onTestFinished(() => store.close())
    return store
  }
  const store = open()
  await store.open({ type: 'proposed', at: clock.iso(), ...proposal() }, alice, 'view-1')
  const refusals = async () =>
    (await store.events()).flatMap(({ actor, changeId, event }) =>
      event.type === 'refused' ? [{ actor, changeId, why: event.why, again: event.again }] : [],
    )
  return { clock, path, open, store, refusals }
}

const refused = { type: 'refused', attempted: 'approve', code: 'not_allowed', why: 'No.' } as const
const tenMinutes = 600

test('the first refusal is noted at once, the count of a flood at 10, 100, 1000 more, and the total ten minutes later', async () => {
  const { clock, store, refusals } = await world()
  const since = clock.iso()
  for (let i = 0; i < 500; i += 1) await store.noteRefusal(refused, mallory, 1)
  clock.pass(5)
  await store.noteRefusal(refused, mallory, 1)
  const until = clock.iso()
  await store.sumUpRefusals()
  const first = { actor: mallory, changeId: 1, why: 'No.', again: undefined }
  const told = [10, 100].map((times) => ({ ...first, again: { times, since, until: since, goesOn: true } }))
  expect(await refusals()).toEqual([first, ...told])
  clock.pass(tenMinutes)
  await store.sumUpRefusals()
  await store.sumUpRefusals()
  expect(await refusals()).toEqual([first, ...told, { ...first, again: { times: 500, since, until } }])
})

test('a refusal that happens once is one entry', async () => {
  const { clock, store, refusals } = await world()
  await store.noteRefusal(refused, mallory, 1)
  clock.pass(tenMinutes)
  await store.sumUpRefusals()
  expect(await refusals()).toHaveLength(1)
})

test('another person, change, attempt or reason is another refusal', async () => {
  const { store, refusals } = await world()
  await store.noteRefusal(refused, mallory, 1)
  await store.noteRefusal(refused, bob, 1)
  await store.noteRefusal(refused, mallory, null)
  await store.noteRefusal({ ...refused, attempted: 'reject' }, mallory, 1)
  await store.noteRefusal({ ...refused, why: 'No, since it has ended.' }, mallory, 1)
  expect(await refusals()).toHaveLength(5)
})

test('what was counted survives the process', async () => {
  const { clock, store, open, refusals } = await world()
  for (let i = 0; i < 3; i += 1) await store.noteRefusal(refused, mallory, 1)
  const later = open()
  await later.noteRefusal(refused, mallory, 1)
  clock.pass(tenMinutes)
  await later.sumUpRefusals()
  expect((await refusals()).map(({ again }) => again?.times)).toEqual([undefined, 3])
})

test('after ten minutes the next one is noted at once again, after the sum of the earlier ones', async () => {
  const { clock, store, refusals } = await world()
  for (let i = 0; i < 3; i += 1) await store.noteRefusal(refused, mallory, 1)
  clock.pass(tenMinutes)
  await store.noteRefusal(refused, mallory, 1)
  expect((await refusals()).map(({ again }) => again?.times)).toEqual([undefined, 2, undefined])
})

test('a clock that is set back hides nothing', async () => {
  const { clock, store, refusals } = await world()
  for (let i = 0; i < 3; i += 1) await store.noteRefusal(refused, mallory, 1)
  clock.pass(-86_400)
  await store.noteRefusal(refused, mallory, 1)
  expect((await refusals()).map(({ again }) => again?.times)).toEqual([undefined, 2, undefined])
})

test('nothing is left over once it is summed up, and nothing is written while there is nothing to sum up', async () => {
  const { clock, path, store } = await world()
  for (let i = 0; i < 3; i += 1) await store.noteRefusal(refused, mallory, 1)
  clock.pass(tenMinutes)
  await store.sumUpRefusals()
  const raw = rawConnection(path)
  expect(raw.prepare('select count(*) from repeated_refusals').pluck().get()).toBe(0)
  const before = raw.pragma('data_version', { simple: true })
  await store.sumUpRefusals()
  expect(raw.pragma('data_version', { simple: true })).toBe(before)
})

test('a count that no first entry bears out, or an invalid one, gets into no entry', async () => {
  const { clock, path, store, refusals } = await world()
  const made = { actor: bob, attempted: 'approve', changeId: 1, code: 'not_allowed', why: 'It never happened.' }
  const raw = rawConnection(path)
  const plant = raw.prepare('insert into repeated_refusals (what, since, until, times) values (?, ?, ?, 500)')
  for (const what of [JSON.stringify(made), '{"x":1}', 'x']) plant.run(what, clock.iso(), clock.iso())
  raw.close()
  clock.pass(tenMinutes)
  await store.sumUpRefusals()
  await store.sumUpRefusals()
  expect(await refusals()).toEqual([])
})

describe('a count that was tampered with is found when the log is verified', () => {
  const keyless = { current: null, earlier: [] }
  const found = async (path: string) => (await verifyDatabase(path, keyless, null)).intact.wrong.first

  async function counted(times: number) {
    const made = await world()
    for (let i = 0; i <= times; i += 1) await made.store.noteRefusal(refused, mallory, 1)
    expect(await found(made.path)).toEqual([])
    const tamper = (sql: string) => rawConnection(made.path).exec(sql)
    return { ...made, tamper, found: () => found(made.path) }
  }

  test.each([
    ['taken away', 'delete from repeated_refusals', 'the database counts none'],
    ['lowered', 'update repeated_refusals set times = 3', 'the database counts 3'],
    ['raised', 'update repeated_refusals set times = 5000', 'the database counts 5000'],
    ['made older', `update repeated_refusals set since = '2026-01-01T00:00:00.000Z'`, 'the database counts none'],
  ])('while it goes on: %s', async (_, sql, says) => {
    const { tamper, found } = await counted(25)
    tamper(sql)
    expect(await found()).toEqual([{ seq: 3, what: `counts 10 refusals that no later entry sums up, but ${says}` }])
  })

  test.each([
    ['lowered', 'update repeated_refusals set times = 3', { seq: 4, what: 'sums up 3 refusals, but #3 had 10' }],
    ['raised', 'update repeated_refusals set times = 500', { seq: 4, what: 'sums up 500 refusals, but #3 had 10' }],
  ])('and once it is summed up: %s', async (_, sql, wrong) => {
    const { clock, store, tamper, found } = await counted(25)
    tamper(sql)
    clock.pass(tenMinutes)
    await store.sumUpRefusals()
    expect(await found()).toEqual([wrong])
  })

  test('also if the app has counted on from nothing', async () => {
    const { clock, store, tamper, found } = await counted(25)
    tamper('delete from repeated_refusals')
    clock.pass(1)
    for (let i = 0; i < 30; i += 1) await store.noteRefusal(refused, mallory, 1)
    clock.pass(tenMinutes)
    await store.sumUpRefusals()
    expect(await found()).toMatchObject([{ seq: 3, what: expect.stringContaining('the database counts none') }])
  })
})
