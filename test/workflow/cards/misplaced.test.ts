import { describe, expect, test } from 'vitest'
import { createWorld, startCore } from '../../support/core.ts'
import { rawConnection } from '../../support/file.ts'
import { alice, bob } from '../../support/world.ts'

const far = '2099-01-01T00:00:00.000Z'
const week = 7 * 24 * 3600

/** Sets columns beside the state of change #1, as somebody with the file would. */
function world() {
  const made = createWorld()
  const set = (columns: string) => rawConnection(made.path).exec(`update change_requests set ${columns} where id = 1`)
  return { ...made, set }
}

describe('the change itself says what is due, whatever is stored beside it', () => {
  const hidden = [`due_at = '${far}'`, 'due_at = null', `status = 'applied'`, `status = 'applied', due_at = '${far}'`]

  test.each(hidden)('a reminder, and the end of waiting: %s', async (columns) => {
    const { chat, clock, core, proposed, set } = world()
    await proposed()
    await core.catchUp.all()
    set(columns)
    clock.pass(4 * 3600)
    await core.catchUp.all()
    expect(chat.reminded).toHaveLength(1)
    set(columns)
    clock.pass(week)
    await core.catchUp.all()
    expect((await core.store.get(1)).change.status).toBe('expired')
  })

  test.each(hidden)('the apply of an approved change: %s', async (columns) => {
    const { core, set, stack } = world()
    await core.approved()
    set(columns)
    await core.catchUp.all()
    expect((await core.store.get(1)).change.status).toBe('applied')
    expect(stack.writes()).toBe(1)
  })
})

describe('notes of cards and messages that somebody made up keep nothing from anybody', () => {
  test('the requester is told how it ended, though the file says that they were', async () => {
    const { chat, core, set } = world()
    await core.approved()
    set(`told = 'applied 1'`)
    await core.catchUp.all()
    expect(chat.told.at(-1)).toMatch(/applied/)
  })

  test('its end is anchored, though the file says that it is', async () => {
    const { chat, core, set } = world()
    await core.approved()
    set(`anchored = 'everywhere'`)
    await core.catchUp.all()
    expect(chat.anchors).toHaveLength(1)
  })

  test('its card is drawn, though the file says that it shows what is still to come', async () => {
    const { chat, core, proposed, set } = world()
    await proposed()
    await core.catchUp.all()
    set('card_seq = 1000000')
    await core.changes.cancel(1, alice)
    await core.catchUp.all()
    expect(chat.cards[0]?.shows.change.status).toBe('cancelled')
  })

  test.each(['card_posting', 'telling'])(
    'nobody waits for ever for whoever is said to be at it (%s)',
    async (column) => {
      const { chat, core, proposed, set } = world()
      await proposed()
      set(`${column} = ${Date.parse(far)}`)
      await core.catchUp.all()
      expect(chat.told).toHaveLength(1)
      expect((await core.store.get(1)).card).not.toBeNull()
    },
  )
})

describe('a card that the file says is elsewhere', () => {
  test('is posted again in the channel of its stack once the change moves, if no message of the app is there', async () => {
    const { chat, core, proposed, set } = world()
    await proposed()
    await core.catchUp.all()
    set(`card_channel = 'C9', card_ts = '9.0'`)
    await core.changes.claim({ id: 1, by: bob, revision: 1 })
    await core.catchUp.all()
    expect(chat.cards.at(-1)).toMatchObject({ channel: 'C1', ts: '2.0', shows: { change: { claimedBy: bob } } })
    expect((await core.store.get(1)).card).toMatchObject({ channel: 'C1', ts: '2.0' })
  })

  test('is posted again there at the next start, if it is in another channel', async () => {
    const { chat, core, outside, proposed, set } = world()
    await proposed()
    await core.catchUp.all()
    set(`card_channel = 'C9'`)
    const next = startCore(outside, 'next')
    await next.catchUp.findMisplaced()
    await next.catchUp.all()
    expect(chat.cards.map(({ channel }) => channel)).toEqual(['C1', 'C1'])
    expect((await next.store.get(1)).card).toMatchObject({ channel: 'C1', ts: '2.0' })
  })

  test('is no approval of the change that its message was for', async () => {
    const { chat, core, stack, proposed, set } = world()
    await proposed()
    const before = stack.live.get('t2')!
    await proposed({ tokenUid: 't2', before, after: { ...before, name: 'other' } })
    await core.catchUp.all()
    set(`card_ts = '2.0'`)
    await core.changes.approve({ id: 1, by: bob, revision: 1 }, '')
    await core.catchUp.all()
    expect(chat.cards.map(({ shows: { change } }) => change.id)).toEqual([1, 1])
    expect((await core.store.get(2)).change).toMatchObject({ status: 'pending', approvals: [] })
    expect(stack.live.get('t2')).toEqual(before)
  })
})
