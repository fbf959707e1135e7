import { describe, expect, test } from 'vitest'
import { holdAgainst } from '../../../src/cli/audit/hold-against.ts'
import { createVerifier } from '../../../src/domain/audit/verify.ts'
import { createClock } from '../../support/clock.ts'
import { alice, bob, mallory, proposal } from '../../support/world.ts'
import { engines, type Place } from './engines.ts'

describe.each(engines)('on $name', (engine) => {
  async function world() {
    const clock = createClock()
    const place = await engine.empty()
    const store = await place.open(clock)
    await store.open({ type: 'proposed', at: clock.iso(), ...proposal() }, alice, 'view-1')
    const refusals = async () =>
      (await store.events()).flatMap(({ actor, changeId, event }) =>
        event.type === 'refused' ? [{ actor, changeId, why: event.why, again: event.again }] : [],
      )
    return { clock, place, store, refusals }
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
    const { clock, store, place, refusals } = await world()
    for (let i = 0; i < 3; i += 1) await store.noteRefusal(refused, mallory, 1)
    const later = await place.open(clock)
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
    const { clock, place, store } = await world()
    for (let i = 0; i < 3; i += 1) await store.noteRefusal(refused, mallory, 1)
    clock.pass(tenMinutes)
    await store.sumUpRefusals()
    expect(await place.sql('select * from repeated_refusals')).toEqual([])
    const before = await place.state()
    await store.sumUpRefusals()
    expect(await place.state()).toEqual(before)
  })

  test('a count that no first entry bears out, or an invalid one, gets into no entry', async () => {
    const { clock, place, store, refusals } = await world()
    const made = { actor: bob, attempted: 'approve', changeId: 1, code: 'not_allowed', why: 'It never happened.' }
    const counted = { since: clock.iso(), until: clock.iso(), times: 500 }
    const planted = [JSON.stringify(made), '{"x":1}', 'x'].map((what) => ({ what, ...counted }))
    await place.add('repeated_refusals', planted)
    clock.pass(tenMinutes)
    await store.sumUpRefusals()
    await store.sumUpRefusals()
    expect(await refusals()).toEqual([])
  })

  describe('a count that was tampered with is found when the log is verified', () => {
    async function found({ evidence }: Place) {
      const keys = { current: null, earlier: [] }
      const verifier = createVerifier({ keys, anchors: null, isStored: true, now: new Date() })
      await holdAgainst(await evidence(), verifier)
      return verifier.end().intact.wrong.first
    }

    async function counted(times: number) {
      const made = await world()
      for (let i = 0; i <= times; i += 1) await made.store.noteRefusal(refused, mallory, 1)
      expect(await found(made.place)).toEqual([])
      return { ...made, found: () => found(made.place) }
    }

    test.each([
      ['taken away', 'delete from repeated_refusals', 'the database counts none'],
      ['lowered', 'update repeated_refusals set times = 3', 'the database counts 3'],
      ['raised', 'update repeated_refusals set times = 5000', 'the database counts 5000'],
      ['made older', `update repeated_refusals set since = '2026-01-01T00:00:00.000Z'`, 'the database counts none'],
    ])('while it goes on: %s', async (_, statement, says) => {
      const { place, found } = await counted(25)
      await place.sql(statement)
      expect(await found()).toEqual([{ seq: 3, what: `counts 10 refusals that no later entry sums up, but ${says}` }])
    })

    test.each([
      ['lowered', 'update repeated_refusals set times = 3', { seq: 4, what: 'sums up 3 refusals, but #3 had 10' }],
      ['raised', 'update repeated_refusals set times = 500', { seq: 4, what: 'sums up 500 refusals, but #3 had 10' }],
    ])('and once it is summed up: %s', async (_, statement, wrong) => {
      const { clock, store, place, found } = await counted(25)
      await place.sql(statement)
      clock.pass(tenMinutes)
      await store.sumUpRefusals()
      expect(await found()).toEqual([wrong])
    })

    test('also if the app has counted on from nothing', async () => {
      const { clock, store, place, found } = await counted(25)
      await place.sql('delete from repeated_refusals')
      clock.pass(1)
      for (let i = 0; i < 30; i += 1) await store.noteRefusal(refused, mallory, 1)
      clock.pass(tenMinutes)
      await store.sumUpRefusals()
      expect(await found()).toMatchObject([{ seq: 3, what: expect.stringContaining('the database counts none') }])
    })
  })
})
