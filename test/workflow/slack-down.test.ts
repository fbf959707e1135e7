import { describe, expect, test } from 'vitest'
import { createWorld } from '../support/core.ts'
import { alice, bob } from '../support/world.ts'

const shown = ({ chat }: ReturnType<typeof createWorld>) =>
  chat.cards.map((card) => `${card.ts} ${card.shows.change.status}`)

describe('while Slack is down', () => {
  test('an approved change is applied all the same, once, and its card is repaired afterwards', async () => {
    const all = createWorld()
    const { chat, clock, core, stack } = all
    const id = await all.proposed()
    await core.catchUp.all()
    chat.down = true
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    for (let i = 0; i < 3; i++) {
      await core.catchUp.all()
      clock.pass(120)
    }
    expect((await core.store.get(id)).change.status).toBe('applied')
    expect(stack.writes()).toBe(1)
    expect(shown(all)).toEqual(['1.0 pending'])

    chat.down = false
    await core.catchUp.all()
    expect(stack.writes()).toBe(1)
    expect(shown(all)).toEqual(['1.0 applied'])
    expect(chat.told).toEqual([`#${id} pending`, `#${id} applied`])
  })

  test('every failure is told with its step, and tried again after 2, 4, 8 … 60 seconds', async () => {
    const { chat, clock, core, proposed } = createWorld()
    chat.down = true
    const id = await proposed()
    const triedAt: number[] = []
    for (let second = 0; second <= 200; second++) {
      const before = core.failures.length
      await core.catchUp.all()
      if (core.failures.length > before) triedAt.push(second)
      clock.pass(1)
    }
    expect(triedAt).toEqual([0, 2, 6, 14, 30, 62, 122, 182])
    expect(core.failures.slice(0, 2)).toEqual([`card #${id}: Slack is down`, `message #${id}: Slack is down`])
  })

  test('a decision is followed at once, however long the wait had grown', async () => {
    const { chat, core, proposed, stack } = createWorld()
    chat.down = true
    const id = await proposed()
    await core.catchUp.all()
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    core.catchUp.soon(id)
    await core.catchUp.idle()
    expect(stack.writes()).toBe(1)
  })

  test('the wait starts anew once everything has worked', async () => {
    const { chat, clock, core, proposed } = createWorld()
    chat.down = true
    const id = await proposed()
    await core.catchUp.all()
    clock.pass(2)
    await core.catchUp.all()
    clock.pass(4)
    chat.down = false
    await core.catchUp.all()
    await core.changes.cancel(id, alice)
    chat.down = true
    await core.catchUp.all()
    chat.down = false
    clock.pass(2)
    await core.catchUp.all()
    expect(chat.told).toEqual([`#${id} pending`, `#${id} cancelled`])
  })
})
