import { describe, expect, test } from 'vitest'
import { SlackBusy } from '../../../src/slack/calls/said.ts'
import { heldUp } from '../../support/chat.ts'
import { createWorld } from '../../support/core.ts'
import { rawConnection } from '../../support/file.ts'
import { turnsDuring } from '../../support/turns.ts'
import { alice, bob } from '../../support/world.ts'

describe('the requester', () => {
  test('is told once that the change was sent, and once how it ended', async () => {
    const { chat, core, proposed } = createWorld()
    const id = await proposed()
    for (let i = 0; i < 2; i++) {
      core.catchUp.soon(id)
      await core.catchUp.idle()
    }
    expect(chat.told).toEqual([`#${id} pending`])
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    for (let i = 0; i < 2; i++) {
      core.catchUp.soon(id)
      await core.catchUp.idle()
    }
    expect(chat.told).toEqual([`#${id} pending`, `#${id} applied`])
  })

  test('is told only how it ended when it ended before anything could be told', async () => {
    const { chat, core, proposed } = createWorld()
    const id = await proposed()
    await core.changes.cancel(id, alice)
    await core.catchUp.all()
    await core.catchUp.all()
    expect(chat.told).toEqual([`#${id} cancelled`])
  })

  test('is told even if the card cannot be shown, and the card is shown even if nobody can be told', async () => {
    const { chat, core, proposed } = createWorld()
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
  test('one that cannot be caught up does not hold up the others', async () => {
    const { core, stack } = createWorld()
    const ids = [await core.approved('t1'), await core.approved('t2'), await core.approved('t3')]
    const never = Promise.withResolvers<never>()
    stack.onLook = (uid) => (uid === 't1' ? never.promise : Promise.resolve())
    void core.catchUp.all()
    await expect.poll(async () => (await core.store.get(ids[2]!)).change.status).toBe('applied')
    expect((await core.store.get(ids[1]!)).change.status).toBe('applied')
    expect((await core.store.get(ids[0]!)).change.status).toBe('applying')
  })

  test('one with a damaged stored state does not hold up the others', async () => {
    const { core, path } = createWorld()
    const ids = [await core.approved('t1'), await core.approved('t2')]
    rawConnection(path).prepare(`update change_requests set state = '{}' where id = ?`).run(ids[0])
    await core.catchUp.all()
    expect((await core.store.get(ids[1]!)).change.status).toBe('applied')
    expect(core.failures.length).toBeGreaterThan(0)
    expect(core.failures.filter((failure) => !failure.includes(`#${ids[0]}:`))).toEqual([])
  })
})

test('before each change that is caught up with, everything else has its turn', async () => {
  const { core, proposed } = createWorld()
  for (let i = 0; i < 40; i++) await proposed({ tokenUid: `t${i}` })
  expect(await turnsDuring(core.catchUp.all)).toBeGreaterThanOrEqual(40 / 4)
})

test('a rest that Slack asks for in look-ups is not a failure of what needs them, which follows later', async () => {
  const { chat, clock, core, people, proposed } = createWorld()
  const id = await proposed()
  await core.catchUp.all()
  const { updateCard } = chat.api
  const { obstacle } = people.api
  chat.api.updateCard = () => Promise.reject(new SlackBusy('conversations.info', 30))
  await core.changes.approve({ id, by: bob, revision: 1 }, '')
  people.api.obstacle = () => Promise.reject(new SlackBusy('users.info', 30))
  await core.catchUp.all()
  expect((await core.store.get(id)).change.status).toBe('approved')
  expect([core.failures, core.catchUp.unposted().failing]).toEqual([[], 0])
  chat.api.updateCard = updateCard
  people.api.obstacle = obstacle
  clock.pass(60)
  await core.catchUp.all()
  expect(chat.cards[0]!.shows.change.status).toBe('applied')
})

test('a decision that comes while a change is being caught up with is followed afterwards', async () => {
  const { chat, core, proposed } = createWorld()
  const posting = Promise.withResolvers<void>()
  const mayPost = Promise.withResolvers<void>()
  const { postCard } = chat.api
  chat.api.postCard = async (stored, leaving) => {
    posting.resolve()
    await mayPost.promise
    return postCard(stored, leaving)
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

test('a message that is out of date by the time that Slack takes it is not sent', async () => {
  const { chat, core, proposed } = createWorld()
  const { waits, letGo } = heldUp(chat.api, 'tellRequester')
  const id = await proposed()
  core.catchUp.soon(id)
  await waits
  await core.changes.cancel(id, alice)
  core.catchUp.soon(id)
  letGo()
  await core.catchUp.idle()
  expect(chat.told).toEqual([`#${id} cancelled`])
})
