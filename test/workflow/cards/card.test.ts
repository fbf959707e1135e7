import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { markOf } from '../../../src/domain/change/seal.ts'
import type { Policy } from '../../../src/domain/policy/policy.ts'
import { createRests, limitOf } from '../../../src/slack/calls/rests.ts'
import { SlackBusy, SlackNo } from '../../../src/slack/calls/said.ts'
import { createSender } from '../../../src/slack/calls/sender.ts'
import { createWorld } from '../../support/core.ts'
import { eventually } from '../../support/eventually.ts'
import { alice, bob, carol, edit, policyOfTwo, settings } from '../../support/world.ts'

const shown = ({ chat }: ReturnType<typeof createWorld>) =>
  chat.cards.map((card) => `${card.ts} ${card.shows.change.status}`)

/** A change whose first card lost its answer, so that a second one was posted and is kept up to date. */
async function withTwoCards(policy?: Policy) {
  const all = createWorld()
  if (policy) all.outside.policy = policy
  all.chat.losesNextAnswer = true
  all.chat.mayLook = false
  const id = await all.proposed()
  await all.core.catchUp.all()
  all.clock.pass(60)
  await all.core.catchUp.all()
  return { all, id }
}

/** Each time from now on that the card is redrawn: what it shows, and how often the stack had been called by then. */
function drawing({ chat, stack }: ReturnType<typeof createWorld>) {
  const drawn: string[] = []
  const { updateCard } = chat.api
  stack.calls.length = 0
  chat.api.updateCard = (...how) => {
    drawn.push(`${how[1].change.status} after ${stack.calls.length} calls`)
    return updateCard(...how)
  }
  return { drawn, stack }
}

describe('the card', () => {
  test('is posted once, and redrawn in place as the change moves on', async () => {
    const all = createWorld()
    const id = await all.proposed()
    await all.core.catchUp.all()
    expect(shown(all)).toEqual(['1.0 pending'])
    await all.core.changes.approve({ id, by: bob, revision: 1 }, '')
    await all.core.catchUp.all()
    expect(shown(all)).toEqual(['1.0 applied'])
    expect(await all.core.store.unfinished(all.clock.iso())).toEqual([])
  })

  test('says that it is being applied before the stack is asked anything, and then what came of it', async () => {
    const all = createWorld()
    const id = await all.proposed()
    await all.core.catchUp.all()
    const { drawn, stack } = drawing(all)
    await all.core.changes.approve({ id, by: bob, revision: 1 }, '')
    await all.core.catchUp.all()
    expect(drawn).toEqual(['applying after 0 calls', `applied after ${stack.calls.length} calls`])
    expect(all.core.failures).toEqual([])
  })

  test('says that the change is approved before the stack is asked what an alias points to', async () => {
    const all = createWorld()
    const { core } = all
    const id = await core.proposed({ after: settings({ aliases: ['preview'] }) })
    await core.catchUp.all()
    const { drawn, stack } = drawing(all)
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    await core.catchUp.all()
    expect(stack.calls[0]).toBe('facts')
    expect(drawn[0]).toBe('approved after 0 calls')
  })

  test('is redrawn only once for each further try of an apply', async () => {
    const all = createWorld()
    const { stack, core, clock } = all
    const id = await all.proposed()
    await core.catchUp.all()
    const { drawn } = drawing(all)
    stack.onLook = async () => Promise.reject(new Error('the stack is down'))
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    for (let i = 0; i < 2; i++) {
      await core.catchUp.all()
      clock.pass(120)
    }
    expect(drawn.map((one) => one.split(' ')[0])).toEqual(['applying', 'approved', 'approved'])
  })

  test('that Slack does not answer for holds up no write', async () => {
    const { chat, core, stack, proposed } = createWorld()
    const id = await proposed()
    await core.catchUp.all()
    const { updateCard } = chat.api
    const { promise: answer, resolve: answers } = Promise.withResolvers<void>()
    chat.api.updateCard = async (card, stored) => answer.then(() => updateCard(card, stored))
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    core.catchUp.soon(id)
    await eventually(() => expect(stack.writes()).toBe(1))
    expect(chat.cards[0]!.shows.change.status).toBe('pending')
    answers()
    await core.catchUp.idle()
    expect(chat.cards[0]!.shows.change.status).toBe('applied')
  })

  test('shows an approved change while the look-ups before its write take long', async () => {
    const { chat, core, people } = createWorld({ slowMs: 0 })
    const id = await core.proposed()
    await core.catchUp.all()
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    const { promise: answer, resolve: answers } = Promise.withResolvers<void>()
    people.onLook = () => answer
    core.catchUp.soon(id)
    await eventually(() => expect(chat.cards[0]!.shows.change.status).toBe('approved'))
    answers()
    await core.catchUp.idle()
    expect(chat.cards[0]!.shows.change.status).toBe('applied')
  })

  test('is left alone while the change stands still', async () => {
    const { chat, core, proposed } = createWorld()
    const id = await proposed()
    await core.catchUp.all()
    const drawn = chat.cards[0]!.shows
    core.catchUp.soon(id)
    await core.catchUp.idle()
    expect(chat.cards[0]!.shows).toBe(drawn)
  })

  test('that falls behind while it is drawn, for what it says of other changes, is redrawn again', async () => {
    const { chat, clock, core, proposed } = createWorld()
    const id = await proposed()
    await core.catchUp.all()
    await core.store.cardFellBehind(id)
    const { updateCard } = chat.api
    let drawn = 0
    chat.api.updateCard = async (...asked) => {
      if (++drawn === 1) await core.store.cardFellBehind(id)
      return updateCard(...asked)
    }
    for (let i = 0; i < 3; i++) await core.catchUp.all()
    expect(drawn).toBe(2)
    expect(await core.store.unfinished(clock.iso())).toEqual([])
  })

  test('that two processes drew differently at once is behind, since nobody knows whose drawing came last', async () => {
    const { clock, core, proposed } = createWorld()
    const id = await proposed()
    await core.catchUp.all()
    const { card } = await core.store.get(id)
    await core.changes.claim({ id, by: bob, revision: 1 })
    const { seq } = await core.store.get(id)
    for (let i = 0; i < 2; i++) await core.store.cardWasDrawn(id, card!, seq)
    expect(await core.store.unfinished(clock.iso())).toEqual([])
    await core.store.cardWasDrawn(id, { ...card!, ts: 'of another card' }, seq)
    expect(await core.store.unfinished(clock.iso())).toEqual([])
    await core.store.cardWasDrawn(id, card!, card!.seq)
    expect(await core.store.unfinished(clock.iso())).toEqual([id])
    await core.catchUp.all()
    expect(await core.store.unfinished(clock.iso())).toEqual([])
  })

  test('is drawn from what is stored', async () => {
    const { chat, core, proposed } = createWorld()
    const id = await proposed()
    await core.changes.cancel(id, alice)
    await core.catchUp.all()
    expect(chat.cards[0]!.shows.change).toEqual((await core.store.get(id)).change)
  })

  test('that can no longer be edited is posted again, and the new one is kept up to date from then on', async () => {
    const all = createWorld()
    const id = await all.proposed()
    await all.core.catchUp.all()
    all.chat.cards[0] = { ...all.chat.cards[0]!, ts: 'deleted' }
    await all.core.changes.approve({ id, by: bob, revision: 1 }, '')
    await all.core.catchUp.all()
    expect(shown(all)).toEqual(['deleted pending', '2.0 applied'])
    expect((await all.core.store.get(id)).card).toMatchObject({ ts: '2.0' })
  })

  test('whose post lost its answer is searched for, and redrawn, instead of posted twice', async () => {
    const all = createWorld()
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

  test('whose post lost its answer is posted again if the app may not search for it', async () => {
    const { all, id } = await withTwoCards()
    expect(shown(all)).toEqual(['1.0 pending', '2.0 pending'])
    expect((await all.core.store.get(id)).card).toMatchObject({ ts: '2.0' })
  })

  test.each([
    ['arrived', true],
    ['did not arrive', false],
  ])(
    'that replaces one that can no longer be edited is posted once, though a post without an answer %s',
    async (_, arrives) => {
      const all = createWorld()
      const { chat, clock, core } = all
      const id = await all.proposed()
      await core.catchUp.all()
      const { postCard, updateCard } = chat.api
      chat.api.updateCard = async (card, ...drawn) => card.ts !== '1.0' && updateCard(card, ...drawn)
      chat.losesNextAnswer = arrives
      if (!arrives) chat.api.postCard = (_, leaving) => leaving(() => Promise.reject(new Error('no answer')))
      await core.changes.approve({ id, by: bob, revision: 1 }, '')
      await core.catchUp.all()
      chat.api.postCard = postCard
      clock.pass(60)
      await core.catchUp.all()
      expect(shown(all)).toEqual(['1.0 pending', '2.0 applied'])
      expect((await core.store.get(id)).card).toMatchObject({ ts: '2.0' })
    },
  )

  test('that somebody pressed, beside the known one, is redrawn too', async () => {
    const { all, id } = await withTwoCards()
    await all.core.changes.approve({ id, by: bob, revision: 1 }, '')
    all.core.catchUp.soon(id, { channel: 'C1', ts: '1.0', mark: '' })
    await all.core.catchUp.idle()
    expect(shown(all)).toEqual(['1.0 applied', '2.0 applied'])
    expect((await all.core.store.get(id)).card).toMatchObject({ ts: '2.0' })
  })

  test('that shows another change of its number, as after a backup was put back, is redrawn once somebody presses it', async () => {
    const { chat, core, proposed } = createWorld()
    const id = await proposed()
    await core.catchUp.all()
    const { change } = await core.store.get(id)
    chat.cards[0]!.shows = { ...chat.cards[0]!.shows, change: { ...change, reason: 'Of the file that was lost' } }
    core.catchUp.soon(id, { channel: 'C1', ts: '1.0', mark: markOf(change) })
    await core.catchUp.idle()
    expect(chat.cards[0]!.shows.change.reason).toBe('Of the file that was lost')
    core.catchUp.soon(id, { channel: 'C1', ts: '1.0', mark: markOf({ ...change, revision: 2 }) })
    await core.catchUp.idle()
    expect(chat.cards[0]!.shows.change).toEqual(change)
  })

  test('of a change that the database does not have, as after a backup was put back, says so once somebody presses it', async () => {
    const { chat, core } = createWorld()
    core.catchUp.soon(7, { channel: 'C1', ts: '1.0', mark: 'x' })
    await core.catchUp.idle()
    expect(chat.pointing).toEqual(['1.0 says that there is no #7'])
    expect([core.failures, core.catchUp.unposted()]).toEqual([[], { failing: 0, inDoubt: 0 }])
  })

  test('and shows how the change ends, though nobody presses it again', async () => {
    const { all, id } = await withTwoCards(policyOfTwo)
    await all.core.changes.approve({ id, by: bob, revision: 1 }, '')
    all.core.catchUp.soon(id, { channel: 'C1', ts: '1.0', mark: '' })
    await all.core.catchUp.idle()
    expect(shown(all)).toEqual(['1.0 pending', '2.0 pending'])
    await all.core.changes.approve({ id, by: carol, revision: 1 }, '')
    await all.core.catchUp.all()
    expect(shown(all)).toEqual(['1.0 applied', '2.0 applied'])
  })

  test('of a decided change comes before all but twenty of sixty that only mention others, and those follow in three minutes', async () => {
    const all = createWorld()
    const { chat, clock, core } = all
    const sender = createSender({ rests: createRests(clock.monotonic), ticks: clock.monotonic })
    chat.api.hasRoom = () => sender.hasRoom(limitOf('chat.update'))
    const asks = (tokenUid: string) =>
      core.changes.propose({ ...edit({ tokenUid }), reason: 'The pipeline moved' }, randomUUID())
    const mentioning: number[] = []
    for (let i = 0; i < 60; i++) mentioning.push((await asks(`t${1 + (i % 3)}`)).id)
    const { id: decided } = await asks('t4')
    await core.catchUp.all()
    const drawn: number[] = []
    const { updateCard } = chat.api
    chat.api.updateCard = (card, stored, what) => {
      drawn.push(stored.change.id)
      return updateCard(card, stored, what)
    }

    for (const id of mentioning) await core.store.cardFellBehind(id)
    await core.changes.reject({ id: decided, by: bob, revision: 1 }, 'No')
    for (let i = 0; i < 5; i++) {
      await core.catchUp.all()
      clock.pass(10)
    }
    expect(drawn.filter((id) => id === decided)).toHaveLength(1)
    expect(drawn.indexOf(decided)).toBeLessThanOrEqual(20)
    expect(drawn.length).toBeLessThanOrEqual(21)
    for (let minute = 0; minute < 2; minute++) {
      clock.pass(60)
      await core.catchUp.all()
    }
    expect(await core.store.unfinished(clock.iso())).toEqual([])
    expect(new Set(drawn)).toEqual(new Set([...mentioning, decided]))
  })

  test('is redrawn for other changes once a minute at most, or when the clock was set back', async () => {
    const { chat, clock, core, proposed } = createWorld()
    const id = await proposed()
    await core.catchUp.all()
    const { updateCard } = chat.api
    let drawn = 0
    chat.api.updateCard = (...asked) => {
      drawn += 1
      return updateCard(...asked)
    }
    const drawnAfter = async (seconds: number) => {
      clock.pass(seconds)
      await core.store.cardFellBehind(id)
      await core.catchUp.all()
      return drawn
    }
    expect(await drawnAfter(0)).toBe(1)
    expect(await drawnAfter(59)).toBe(1)
    expect(await drawnAfter(1)).toBe(2)
    expect(await drawnAfter(-1)).toBe(3)
  })

  test('that can no longer be edited is one error, even while its redraws are put off', async () => {
    const { chat, clock, core, proposed } = createWorld()
    const id = await proposed()
    await core.catchUp.all()
    let tries = 0
    const { updateCard } = chat.api
    chat.api.updateCard = async () => {
      tries += 1
      throw new SlackNo('chat.update', { ok: false, error: 'is_archived' })
    }
    await core.store.cardFellBehind(id)
    for (let i = 0; i < 20; i++) {
      await core.catchUp.all()
      clock.pass(30)
    }
    expect(tries).toBeGreaterThan(2)
    expect(core.failures).toEqual([`card #${id}: Slack refuses chat.update (is_archived)`])
    expect(core.catchUp.unposted().failing).toBe(1)

    chat.api.updateCard = updateCard
    clock.pass(60)
    await core.catchUp.all()
    expect(core.catchUp.unposted().failing).toBe(0)
  })

  test('that Slack does not take is not in doubt: nothing is searched for, and it is posted when Slack takes it', async () => {
    const { chat, core, clock, proposed } = createWorld()
    const { postCard, findCard } = chat.api
    let looked = 0
    const isNo = { ok: false, error: 'is_archived' } as const
    Object.assign(chat.api, {
      postCard: ((_, leaving) =>
        leaving(async () => Promise.reject(new SlackNo('chat.postMessage', isNo)))) as typeof postCard,
      findCard: (async (stored) => {
        looked += 1
        return findCard(stored)
      }) as typeof findCard,
    })
    const id = await proposed()
    await core.catchUp.all()
    expect(await core.store.get(id)).toMatchObject({ card: null, cardInDoubt: false })
    Object.assign(chat.api, { postCard })
    clock.pass(3600)
    await core.catchUp.all()
    expect([chat.cards.length, looked]).toEqual([1, 0])
  })

  test.each([
    ['the look for it is put off by Slack', 'findCard', () => new SlackBusy('conversations.history', 30)],
    [
      'Slack says no to the look for it',
      'findCard',
      () => new SlackNo('conversations.history', { ok: false, error: 'not_in_channel' }),
    ],
    [
      'Slack says no to the next post',
      'postCard',
      () => new SlackNo('chat.postMessage', { ok: false, error: 'is_archived' }),
    ],
  ] as const)('whose post lost its answer stays in doubt while %s, and is looked for again', async (_, what, no) => {
    const { chat, core, clock, proposed } = createWorld()
    chat.losesNextAnswer = true
    const id = await proposed()
    await core.catchUp.all()
    const { postCard, findCard } = chat.api
    const refused = async () => Promise.reject(no())
    if (what === 'findCard') chat.api.findCard = refused
    else
      Object.assign(chat.api, {
        findCard: async () => null,
        postCard: ((_, leaving) => leaving(refused)) as typeof postCard,
      })
    for (let i = 0; i < 3; i++) {
      clock.pass(60)
      await core.catchUp.all()
    }
    expect(await core.store.get(id)).toMatchObject({ card: null, cardInDoubt: true })
    Object.assign(chat.api, { postCard, findCard })
    clock.pass(3600)
    await core.catchUp.all()
    expect(chat.cards.map(({ ts }) => ts)).toEqual(['1.0'])
    expect(await core.store.get(id)).toMatchObject({ card: { ts: '1.0' }, cardInDoubt: false })
  })

  test('that Slack refuses is not in doubt while it is posted again, and in doubt once that post lost its answer', async () => {
    const { chat, core, clock, proposed } = createWorld()
    const { postCard } = chat.api
    const during: boolean[] = []
    chat.api.postCard = (_, leaving) =>
      leaving(async () => Promise.reject(new SlackNo('chat.postMessage', { ok: false, error: 'is_archived' })))
    const id = await proposed()
    await core.catchUp.all()
    chat.losesNextAnswer = true
    chat.api.postCard = (stored, leaving) =>
      postCard(stored, (post) => {
        const noting = () => {
          during.push(core.catchUp.isFirstCard(id))
          return post()
        }
        return leaving(noting)
      })
    chat.mayLook = false
    for (let i = 0; i < 2; i++) {
      clock.pass(3600)
      await core.catchUp.all()
    }
    expect([during, core.catchUp.isFirstCard(id), chat.cards.length]).toEqual([[true, false], false, 2])
  })

  test('is not searched for before it was ever posted', async () => {
    const { chat, core, proposed } = createWorld()
    chat.api.findCard = () => Promise.reject(new Error('looked for'))
    await proposed()
    await core.catchUp.all()
    expect(core.failures).toEqual([])
    expect(chat.cards).toHaveLength(1)
  })
})
