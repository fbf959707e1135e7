import { expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../src/storage/store.ts'
import { createClock } from '../support/clock.ts'
import { emptyDatabase, rawConnection } from '../support/file.ts'
import { alice, bob, mallory, proposal } from '../support/world.ts'

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

test('the first refusal is noted at once, and the same again is counted in one entry ten minutes later', async () => {
  const { clock, store, refusals } = await world()
  const since = clock.iso()
  for (let i = 0; i < 500; i += 1) await store.noteRefusal(refused, mallory, 1)
  clock.pass(5)
  await store.noteRefusal(refused, mallory, 1)
  const until = clock.iso()
  await store.sumUpRefusals()
  const first = { actor: mallory, changeId: 1, why: 'No.', again: undefined }
  expect(await refusals()).toEqual([first])
  clock.pass(tenMinutes)
  await store.sumUpRefusals()
  await store.sumUpRefusals()
  expect(await refusals()).toEqual([first, { ...first, again: { times: 500, since, until } }])
})

test('a refusal that is met once is one entry', async () => {
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

test('after ten minutes the next one is noted at once again, behind the sum of those before', async () => {
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

test('nothing is left behind once it is summed up, and nothing is written while there is nothing to sum up', async () => {
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

test('a count that no first entry bears out, or that is none, gets into no entry', async () => {
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
