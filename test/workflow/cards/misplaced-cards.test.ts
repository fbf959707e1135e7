import { describe, expect, test } from 'vitest'
import { createWorld, startCore } from '../../support/core.ts'
import { alice, bob } from '../../support/world.ts'

/** A change asked for while cards went to C1, and a process started with C2 instead. */
async function moved() {
  const { outside, core, ...all } = createWorld()
  const id = await core.proposed()
  await core.catchUp.all()
  outside.chat.channel = 'C2'
  const second = startCore(outside, 'second')
  const cardOf = async () => (await second.store.get(id)).card
  return { ...all, outside, first: core, second, id, cardOf }
}

describe('once another channel is configured, the card of an open change', () => {
  test('is posted there, and the old one says where', async () => {
    const { second, chat, clock, id, cardOf } = await moved()
    expect(await second.catchUp.findMisplaced()).toEqual([id])
    await second.catchUp.all()
    expect(await cardOf()).toMatchObject({ channel: 'C2', ts: '2.0' })
    expect(chat.cards.map(({ channel }) => channel)).toEqual(['C1', 'C2'])
    expect(chat.pointing).toEqual(['1.0 says C2 2.0'])
    await second.changes.approve({ id, by: bob, revision: 1 }, '')
    await second.catchUp.all()
    expect(chat.cards.map(({ shows }) => shows.change.status)).toEqual(['pending', 'applied'])
    expect(await second.store.unfinished(clock.iso())).toEqual([])
    expect([second.left, second.failures]).toEqual([[], []])
  })

  test('is posted there with how the change ends, if it ends at that very start', async () => {
    const { first, second, chat, id } = await moved()
    await first.changes.approve({ id, by: bob, revision: 1 }, '')
    await second.catchUp.findMisplaced()
    await second.catchUp.all()
    expect(chat.cards.map(({ channel, shows }) => `${channel} ${shows.change.status}`)).toEqual([
      'C1 pending',
      'C2 applied',
    ])
    expect(chat.anchors).toHaveLength(1)
  })

  test('is posted there as soon as possible, and nobody is reminded in the old one meanwhile', async () => {
    const { second, chat, clock, cardOf } = await moved()
    const { postCard } = chat.api
    chat.api.postCard = () => Promise.reject(new Error('not_in_channel'))
    await second.catchUp.findMisplaced()
    clock.pass(5 * 3600)
    await second.catchUp.all()
    expect([chat.reminded, chat.pointing]).toEqual([[], []])
    chat.api.postCard = postCard
    clock.pass(60)
    await second.catchUp.all()
    expect(await cardOf()).toMatchObject({ channel: 'C2' })
    expect(chat.pointing).toHaveLength(1)
  })

  test('stays where people decide on it as long as none can be posted there, and shows the outcome', async () => {
    const { second, chat, id } = await moved()
    chat.api.postCard = () => Promise.reject(new Error('not_in_channel'))
    await second.catchUp.findMisplaced()
    await second.changes.approve({ id, by: bob, revision: 1 }, '')
    await second.catchUp.all()
    expect(chat.cards.map(({ channel, shows }) => `${channel} ${shows.change.status}`)).toEqual(['C1 applied'])
  })

  test.each([
    ['is gone', async () => false, 'null'],
    [
      'can not be written in',
      () => Promise.reject(Object.assign(new Error('is_archived'), { endedBy: 'nothing' })),
      'is_archived',
    ],
  ])('is posted there though the old one %s, which is reported once', async (_, pointOn, why) => {
    const { second, chat, id, cardOf } = await moved()
    chat.api.pointOn = pointOn
    await second.catchUp.findMisplaced()
    await second.catchUp.all()
    await second.changes.claim({ id, by: bob, revision: 1 })
    await second.catchUp.all()
    expect(await cardOf()).toMatchObject({ channel: 'C2' })
    expect([second.left, second.failures]).toEqual([[`#${id} 1.0: ${why}`], []])
    expect(await second.store.cardsLeft(id)).toEqual([])
  })

  test('stays where it is once the change has ended, and while its stack is not configured', async () => {
    const { first, second, clock, id } = await moved()
    await first.store.record(id, 'app', () => ({ type: 'set_aside', at: clock.iso(), why: 'it is gone' }))
    expect(await second.catchUp.findMisplaced()).toEqual([])
    await first.changes.cancel(id, alice)
    expect(await second.catchUp.findMisplaced()).toEqual([])
  })

  test.each([
    ['does not answer for a moment', new Error('Slack is away')],
    ['may not be written in until somebody sees to it', Object.assign(new Error('shared'), { endedBy: 'operator' })],
  ])('says where it is as soon as the old channel, which %s, lets it, though it has ended by then', async (_, no) => {
    const { second, chat, clock, id } = await moved()
    chat.closed.set('C1', no)
    await second.catchUp.findMisplaced()
    await second.catchUp.all()
    await second.changes.cancel(id, alice)
    await second.catchUp.all()
    expect([chat.pointing, second.left, second.failures]).toEqual([[], [], [`old card #${id}: ${no.message}`]])
    chat.closed.clear()
    clock.pass(3600)
    await second.catchUp.all()
    expect(chat.pointing).toEqual(['1.0 says C2 2.0'])
    expect(await second.store.unfinished(clock.iso())).toEqual([])
  })

  test('says where it is though the app was killed between the new card and the note on the old one', async () => {
    const { outside, second, chat, clock, id } = await moved()
    await second.catchUp.findMisplaced()
    const { pointOn } = chat.api
    await new Promise<void>((isOver) => {
      chat.api.pointOn = () => new Promise(() => isOver())
      void second.catchUp.all().then(isOver)
    })
    chat.api.pointOn = pointOn
    const third = startCore(outside, 'third')
    expect(await third.catchUp.findMisplaced()).toEqual([])
    expect(await third.store.unfinished(clock.iso())).toEqual([id])
    await third.catchUp.all()
    expect(chat.pointing).toEqual(['1.0 says C2 2.0'])
  })

  test('says in every channel that it was in where it is, and not in the one that it came back to', async () => {
    const { outside, second, chat, id } = await moved()
    const away = new Error('Slack is away')
    chat.closed.set('C1', away).set('C2', away)
    const starts = async (channel: string, core: typeof second) => {
      chat.channel = channel
      await core.catchUp.findMisplaced()
      await core.catchUp.all()
    }
    await starts('C2', second)
    await starts('C3', startCore(outside, 'third'))
    chat.closed.delete('C2')
    await starts('C1', startCore(outside, 'fourth'))
    expect(chat.pointing.toSorted()).toEqual(['2.0 says C1 4.0', '3.0 says C1 4.0'])
    expect(await second.store.cardsLeft(id)).toEqual([{ channel: 'C1', ts: '1.0' }])
  })

  test('is not posted there twice, if its answer was lost and the app may search for it', async () => {
    const { second, chat, clock, cardOf } = await moved()
    await second.catchUp.findMisplaced()
    chat.losesNextAnswer = true
    await second.catchUp.all()
    clock.pass(60)
    await second.catchUp.all()
    expect(chat.cards.map(({ channel }) => channel)).toEqual(['C1', 'C2'])
    expect(await cardOf()).toMatchObject({ channel: 'C2', ts: '2.0' })
    expect(chat.pointing).toEqual(['1.0 says C2 2.0'])
  })
})
