import { describe, expect, test } from 'vitest'
import type { ChangeEvent } from '../../../src/domain/change/event.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { asProposed } from '../../support/changes.ts'
import { createClock } from '../../support/clock.ts'
import { alice, bob, proposal, settings } from '../../support/world.ts'
import { engines } from './engines.ts'

describe.each(engines)('on $name', (engine) => {
  async function world() {
    const place = await engine.empty()
    const clock = createClock()
    const store = await place.open(clock)
    const propose = (origin = 'view-1', target = store) =>
      target.open({ type: 'proposed', at: clock.iso(), ...proposal() }, alice, origin)
    return { place, clock, store, propose }
  }

  const cancelled: ChangeEvent = { type: 'cancelled', at: '2026-06-01T09:00:00.000Z', by: alice }

  test('a proposal becomes change #1, pending, with one event in the log', async () => {
    const { clock, propose, store } = await world()
    const opened = await propose()
    expect(opened).toEqual({
      ...asProposed,
      id: 1,
      proposedAt: clock.iso(),
      revisedAt: clock.iso(),
      ...proposal(),
    })
    expect(await store.get(1)).toEqual({ change: opened, seq: 1, card: null, cardInDoubt: false, told: null })
    expect(await store.events()).toEqual([
      {
        seq: 1,
        at: clock.iso(),
        actor: alice,
        changeId: 1,
        event: { type: 'proposed', at: clock.iso(), ...proposal(), origin: 'view-1' },
      },
    ])
  })

  test('a decision is kept with its event, its actor and its time', async () => {
    const { clock, propose, store } = await world()
    await propose()
    clock.pass(60)
    const { change, event } = await store.record(1, bob, () => cancelled)
    expect(event).toEqual(cancelled)
    expect(change.status).toBe('cancelled')
    expect(await store.get(1)).toMatchObject({ change, seq: 2 })
    expect((await store.events(1))[1]).toEqual({ seq: 2, at: clock.iso(), actor: bob, changeId: 1, event: cancelled })
  })

  test('the same origin opens one change, however often and over whatever connection it is sent', async () => {
    const { clock, place, propose, store } = await world()
    const other = await place.open(clock)
    const opened = await Promise.all([propose(), propose('view-1', other), propose()])
    expect(opened.map(({ id }) => id)).toEqual([1, 1, 1])
    expect(await store.events()).toHaveLength(1)
    expect((await propose('view-2', other)).id).toBe(2)
  })

  test('the same origin returns its change as it is now', async () => {
    const { propose, store } = await world()
    await propose()
    await store.record(1, alice, () => cancelled)
    expect((await propose()).status).toBe('cancelled')
  })

  test('a refused decision writes nothing and is passed on', async () => {
    const { propose, store } = await world()
    await propose()
    const before = await store.get(1)
    const refusal = new Refusal('not_allowed', 'no')
    const refuse = () => {
      throw refusal
    }
    await expect(store.record(1, bob, refuse)).rejects.toBe(refusal)
    expect(await store.get(1)).toEqual(before)
    expect(await store.events()).toHaveLength(1)
  })

  test('a decision to do nothing writes nothing', async () => {
    const { propose, store } = await world()
    const opened = await propose()
    expect(await store.record(1, bob, () => null)).toEqual({ change: opened, event: null })
    expect(await store.events()).toHaveLength(1)
  })

  test('an unknown change is refused', async () => {
    const { store } = await world()
    const missing = { name: 'Refusal', code: 'not_found', message: 'There is no change #7.' }
    await expect(store.get(7)).rejects.toMatchObject(missing)
    await expect(store.record(7, bob, () => cancelled)).rejects.toMatchObject(missing)
  })

  test('of two processes that decide at once, the second decides on what the first wrote', async () => {
    const { clock, place, propose, store } = await world()
    const other = await place.open(clock)
    await propose()
    const cancel = (target: typeof store) =>
      target.record(1, bob, ({ status }) => (status === 'pending' ? cancelled : null))
    const many = Array.from({ length: 10 }, (_, i) => cancel(i % 2 === 0 ? store : other))
    const events = (await Promise.all(many)).flatMap(({ event }) => event ?? [])
    expect(events).toEqual([cancelled])
    expect(await store.events()).toHaveLength(2)
  })

  test.each([
    ['the log', 'insert into audit_events'],
    ['the state', 'update change_requests'],
  ])('when %s cannot be written, neither is the other', async (_, statement) => {
    const { propose, store } = await world()
    await propose()
    const before = await store.get(1)
    const freed = engine.failWrites(statement, 'disk full')
    await expect(store.record(1, alice, () => cancelled)).rejects.toThrow('disk full')
    await expect(propose('view-2')).rejects.toThrow('disk full')
    freed()
    expect(await store.get(1)).toEqual(before)
    await expect(store.get(2)).rejects.toThrow('There is no change #2.')
    expect(await store.events()).toHaveLength(1)
  })

  test('facts are in the same gapless log, with or without a change', async () => {
    const { propose, store } = await world()
    const refused = { type: 'refused', attempted: 'approve', code: 'not_allowed', why: 'no' } as const
    await store.note({ type: 'started', version: '1.0.0' }, 'app', null)
    await propose()
    await store.note(refused, bob, 1)
    await store.note({ type: 'stopped' }, 'app', null)
    const seen = (await store.events()).map(({ seq, changeId, event }) => [seq, changeId, event.type])
    expect(seen).toEqual([
      [1, null, 'started'],
      [2, 1, 'proposed'],
      [3, 1, 'refused'],
      [4, null, 'stopped'],
    ])
    expect((await store.events(1)).map(({ event }) => event)).toEqual([
      expect.objectContaining({ type: 'proposed' }),
      refused,
    ])
  })

  test('a fact about a change moves nothing, its card included', async () => {
    const { propose, store } = await world()
    await propose()
    const before = await store.get(1)
    await store.note({ type: 'stopped' }, bob, 1)
    expect(await store.get(1)).toEqual(before)
  })

  test('open changes are those that have not ended, newest first', async () => {
    const { clock, propose, store } = await world()
    for (const origin of ['a', 'b', 'c', 'd', 'e']) await propose(origin)
    await store.record(2, alice, () => cancelled)
    await store.record(3, alice, () => ({ type: 'drift_found', at: clock.iso(), live: settings() }))
    await store.record(4, alice, () => ({ type: 'expired', at: clock.iso() }))
    expect((await store.openChanges()).map(({ change }) => change.id)).toEqual([5, 3, 1])
    expect(await store.openChanges({ stack: 'website', tokenUid: 'none of them' })).toEqual([])
    const { stack, tokenUid } = proposal()
    expect((await store.openChanges({ stack, tokenUid })).map(({ change }) => change.id)).toEqual([5, 3, 1])
  })

  test('the place of the card is known, and that it is in doubt while it is being posted', async () => {
    const { propose, store } = await world()
    await propose()
    await propose('view-2')
    await store.cardIsBeingPosted(1, { until: '2026-06-01T09:00:15.000Z', instead: null })
    expect(await store.get(1)).toMatchObject({ card: null, cardInDoubt: true })
    await store.cardStands(1, { channel: 'C1', ts: '1.0', seq: 1 })
    expect(await store.get(1)).toMatchObject({ card: { channel: 'C1', ts: '1.0', seq: 1 }, cardInDoubt: false })
    await store.requesterWasTold(1, 'sent')
    expect(await store.get(1)).toMatchObject({ told: 'sent' })
    expect(await store.get(2)).toMatchObject({ card: null, cardInDoubt: false, told: null })
  })

  test('nobody tells a requester what they have already been told, and only one of two processes does', async () => {
    const { clock, place, propose, store } = await world()
    const other = await place.open(clock)
    await propose()
    const until = new Date(clock.now().getTime() + 15_000).toISOString()
    const begin = (target: typeof store, news: string) => target.requesterIsBeingTold(1, { until, news })
    expect([await begin(store, 'sent'), await begin(other, 'sent')]).toEqual([true, false])
    await store.requesterWasTold(1, 'sent')
    expect([await begin(other, 'sent'), await begin(other, 'applied')]).toEqual([false, true])
  })
})
