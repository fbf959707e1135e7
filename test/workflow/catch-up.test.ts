import { describe, expect, test } from 'vitest'
import { createOutside, startCore } from '../support/core.ts'
import { rawConnection } from '../support/file.ts'
import { alice, bob, proposal } from '../support/world.ts'

function world() {
  const outside = createOutside()
  const core = startCore(outside)
  const proposed = async () => (await core.changes.propose(proposal(), 'view-1')).id
  return { ...outside, outside, core, proposed }
}

const shown = ({ chat }: ReturnType<typeof world>) => chat.cards.map((card) => `${card.ts} ${card.shows.change.status}`)

describe('the card', () => {
  test('is posted once, and redrawn in place as the change moves on', async () => {
    const all = world()
    const id = await all.proposed()
    await all.core.catchUp.all()
    expect(shown(all)).toEqual(['1.0 pending'])
    await all.core.changes.approve(id, bob, 1)
    await all.core.catchUp.all()
    expect(shown(all)).toEqual(['1.0 applied'])
    expect(await all.core.store.unfinished(all.clock.iso())).toEqual([])
  })

  test('is left alone while the change stands still', async () => {
    const { chat, core, proposed } = world()
    const id = await proposed()
    await core.catchUp.all()
    const drawn = chat.cards[0]!.shows
    core.catchUp.soon(id)
    await core.catchUp.idle()
    expect(chat.cards[0]!.shows).toBe(drawn)
  })

  test('is drawn from what is stored', async () => {
    const { chat, core, proposed } = world()
    const id = await proposed()
    await core.changes.cancel(id, alice)
    await core.catchUp.all()
    expect(chat.cards[0]!.shows.change).toEqual((await core.store.get(id)).change)
  })

  test('that can no longer be edited is posted anew, and the new one is kept up from then on', async () => {
    const all = world()
    const id = await all.proposed()
    await all.core.catchUp.all()
    all.chat.cards[0] = { ...all.chat.cards[0]!, ts: 'deleted' }
    await all.core.changes.approve(id, bob, 1)
    await all.core.catchUp.all()
    expect(shown(all)).toEqual(['deleted pending', '2.0 applied'])
    expect((await all.core.store.get(id)).card).toMatchObject({ ts: '2.0' })
  })

  test('whose post lost its answer is looked for, and redrawn, instead of posted twice', async () => {
    const all = world()
    all.chat.losesNextAnswer = true
    const id = await all.proposed()
    await all.core.catchUp.all()
    expect((await all.core.store.get(id)).cardInDoubt).toBe(true)
    await all.core.changes.cancel(id, alice)
    all.clock.pass(60)
    await all.core.catchUp.all()
    expect(shown(all)).toEqual(['1.0 cancelled'])
    expect((await all.core.store.get(id)).cardInDoubt).toBe(false)
  })

  test('whose post lost its answer is posted again where the app may not look for it', async () => {
    const all = world()
    all.chat.losesNextAnswer = true
    all.chat.mayLook = false
    const id = await all.proposed()
    await all.core.catchUp.all()
    all.clock.pass(60)
    await all.core.catchUp.all()
    expect(shown(all)).toEqual(['1.0 pending', '2.0 pending'])
    expect((await all.core.store.get(id)).card).toMatchObject({ ts: '2.0' })
  })

  test('that somebody pressed, beside the one that is kept up, is redrawn too', async () => {
    const all = world()
    all.chat.losesNextAnswer = true
    all.chat.mayLook = false
    const id = await all.proposed()
    await all.core.catchUp.all()
    all.clock.pass(60)
    await all.core.catchUp.all()
    await all.core.changes.approve(id, bob, 1)
    all.core.catchUp.soon(id, { channel: 'C1', ts: '1.0' })
    await all.core.catchUp.idle()
    expect(shown(all)).toEqual(['1.0 applied', '2.0 applied'])
    expect((await all.core.store.get(id)).card).toMatchObject({ ts: '2.0' })
  })

  test('is not looked for before it was ever posted', async () => {
    const { chat, core, proposed } = world()
    chat.api.findCard = () => Promise.reject(new Error('looked for'))
    await proposed()
    await core.catchUp.all()
    expect(core.failures).toEqual([])
    expect(chat.cards).toHaveLength(1)
  })
})

describe('while Slack is down', () => {
  test('an approved change is applied all the same, once, and its card is repaired afterwards', async () => {
    const all = world()
    const { chat, clock, core, stack } = all
    const id = await all.proposed()
    await core.catchUp.all()
    chat.down = true
    await core.changes.approve(id, bob, 1)
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
    const { chat, clock, core, proposed } = world()
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
    const { chat, core, proposed, stack } = world()
    chat.down = true
    const id = await proposed()
    await core.catchUp.all()
    await core.changes.approve(id, bob, 1)
    core.catchUp.soon(id)
    await core.catchUp.idle()
    expect(stack.writes()).toBe(1)
  })

  test('the wait starts anew once everything has worked', async () => {
    const { chat, clock, core, proposed } = world()
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

describe('the requester', () => {
  test('is told once that the change was sent, and once how it ended', async () => {
    const { chat, core, proposed } = world()
    const id = await proposed()
    for (let i = 0; i < 2; i++) {
      core.catchUp.soon(id)
      await core.catchUp.idle()
    }
    expect(chat.told).toEqual([`#${id} pending`])
    await core.changes.approve(id, bob, 1)
    for (let i = 0; i < 2; i++) {
      core.catchUp.soon(id)
      await core.catchUp.idle()
    }
    expect(chat.told).toEqual([`#${id} pending`, `#${id} applied`])
  })

  test('is told only how it ended when it ended before anything could be told', async () => {
    const { chat, core, proposed } = world()
    const id = await proposed()
    await core.changes.cancel(id, alice)
    await core.catchUp.all()
    await core.catchUp.all()
    expect(chat.told).toEqual([`#${id} cancelled`])
  })

  test('is told even when the card can not be shown, and the card is shown even when nobody can be told', async () => {
    const { chat, core, proposed } = world()
    const { postCard, tellRequester } = chat.api
    chat.api.postCard = () => Promise.reject(new Error('channel archived'))
    const id = await proposed()
    await core.catchUp.all()
    expect(chat.told).toEqual([`#${id} pending`])
    Object.assign(chat.api, { postCard, tellRequester: () => Promise.reject(new Error('DMs closed')) })
    await core.changes.cancel(id, alice)
    core.catchUp.soon(id)
    await core.catchUp.idle()
    expect(chat.cards[0]!.shows.change.status).toBe('cancelled')
    chat.api.tellRequester = tellRequester
    core.catchUp.soon(id)
    await core.catchUp.idle()
    expect(chat.told).toEqual([`#${id} pending`, `#${id} cancelled`])
  })
})

describe('several changes', () => {
  test('one that can not be caught up holds up no other', async () => {
    const { core, stack } = world()
    const ids = [await core.approved('t1'), await core.approved('t2'), await core.approved('t3')]
    const never = Promise.withResolvers<never>()
    stack.onLook = (uid) => (uid === 't1' ? never.promise : Promise.resolve())
    void core.catchUp.all()
    await expect.poll(async () => (await core.store.get(ids[2]!)).change.status).toBe('applied')
    expect((await core.store.get(ids[1]!)).change.status).toBe('applied')
    expect((await core.store.get(ids[0]!)).change.status).toBe('applying')
  })

  test('one whose stored state is damaged holds up no other', async () => {
    const { core, path } = world()
    const ids = [await core.approved('t1'), await core.approved('t2')]
    rawConnection(path).prepare(`update change_requests set state = '{}' where id = ?`).run(ids[0])
    await core.catchUp.all()
    expect((await core.store.get(ids[1]!)).change.status).toBe('applied')
    expect(core.failures.length).toBeGreaterThan(0)
    expect(core.failures.filter((failure) => !failure.includes(`#${ids[0]}:`))).toEqual([])
  })
})

test('a decision that comes while a change is being caught up with is followed afterwards', async () => {
  const { chat, core, proposed } = world()
  const posting = Promise.withResolvers<void>()
  const mayPost = Promise.withResolvers<void>()
  const { postCard } = chat.api
  chat.api.postCard = async (stored) => {
    posting.resolve()
    await mayPost.promise
    return postCard(stored)
  }
  const id = await proposed()
  core.catchUp.soon(id)
  await posting.promise
  await core.changes.cancel(id, alice)
  core.catchUp.soon(id)
  core.catchUp.soon(id)
  mayPost.resolve()
  await core.catchUp.idle()
  expect(chat.cards.map((card) => card.shows.change.status)).toEqual(['cancelled'])
  expect(chat.told).toEqual([`#${id} cancelled`])
})
