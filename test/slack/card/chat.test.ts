import type { WebClient } from '@slack/web-api'
import { expect, onTestFinished, test } from 'vitest'
import { SlackBusy, SlackNo, SlackUnheard } from '../../../src/slack/calls/said.ts'
import type { Sender } from '../../../src/slack/calls/sender.ts'
import { createChat } from '../../../src/slack/card/chat.ts'
import { findPosted } from '../../../src/slack/card/find-card.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { createClock } from '../../support/clock.ts'
import { emptyDatabase } from '../../support/file.ts'
import { alice, proposal } from '../../support/world.ts'

const around = {
  botId: 'B1',
  teamUrl: 'https://slack.example/',
  channelFor: () => 'C1',
  titleFor: async (stack: string) => stack,
}

test('a drawing of a card that its change has overtaken, while it waited to be sent, is not sent', async () => {
  const clock = createClock()
  const store = openStore(emptyDatabase(), clock.now)
  onTestFinished(store.close)
  const { id } = await store.open({ type: 'proposed', at: clock.iso(), ...proposal() }, alice, 'view-1')
  const sent: unknown[] = []
  const client = { chat: { update: async (message: unknown) => sent.push(message) } } as unknown as WebClient
  let meanwhile = async () => {}
  const sender: Sender = {
    send: async (_limit, _worth, call) => {
      await meanwhile()
      return call()
    },
    hasRoom: () => true,
    stop: () => {},
  }
  const chat = createChat({ client, sender, store, ...around })
  const draws = async () => chat.updateCard({ channel: 'C1', ts: '1.0' }, await store.get(id))

  meanwhile = async () =>
    void (await store.record(id, alice, () => ({ type: 'cancelled', at: clock.iso(), by: alice })))
  expect(await draws()).toBe(true)
  expect(sent).toEqual([])
  meanwhile = async () => {}
  expect(await draws()).toBe(true)
  expect(sent).toHaveLength(1)
})

test('the state of a change goes first, then messages to people, and checkpoints last; none of it is searched for mentions', async () => {
  const clock = createClock()
  const store = openStore(emptyDatabase(), clock.now)
  onTestFinished(store.close)
  const { id } = await store.open({ type: 'proposed', at: clock.iso(), ...proposal() }, alice, 'view-1')
  const stored = await store.get(id)
  const card = { channel: 'C1', ts: '1.0', seq: 1 }
  const sent: string[] = []
  let worth = ''
  const call = (method: string) => async (message: { parse?: string; link_names?: boolean }) => {
    sent.push(`${method} ${worth} ${message.parse} ${message.link_names}`)
    return { ok: true, channel: 'C1', ts: '1.0' }
  }
  const client = { chat: { update: call('edit'), postMessage: call('post') } } as unknown as WebClient
  const send: Sender['send'] = (_limit, given, call) => {
    worth = given
    return call()
  }
  const chat = createChat({ client, sender: { send, hasRoom: () => true, stop: () => {} }, store, ...around })
  const anchor = { after: 1, size: 1, hash: 'a'.repeat(64), at: clock.iso() }

  await chat.postCard(stored, (post) => post())
  await chat.updateCard(card, stored)
  await chat.pointOn(card, { ...stored, card })
  await chat.sayUnknown(card, id)
  await chat.tellRequester(stored, (post) => post())
  await chat.remind({ ...stored, card }, { ids: [], inGroups: {} })
  await chat.postAnchor(card, anchor as never)
  expect(sent).toEqual([
    'post decision none false',
    'edit decision none false',
    'edit word none false',
    'edit word none false',
    'post word none false',
    'post word none false',
    'post record none false',
  ])
})

const no = (error: string) => new SlackNo('conversations.history', { ok: false, error })

test.each([
  ['is posted again', 'lacks the scope', no('missing_scope'), null],
  ['is posted again', 'is barred from that by the workspace', no('access_denied'), null],
  ['is posted again', 'gets another no that lasts', no('method_not_supported_for_channel_type'), null],
  ['is looked for again', 'is not in the channel', no('not_in_channel'), 'not_in_channel'],
  ['is looked for again', 'has no token that Slack takes', no('token_revoked'), 'token_revoked'],
  ['is looked for again', 'calls too often', no('ratelimited'), 'ratelimited'],
  ['is looked for again', 'has to wait', new SlackBusy('conversations.history', 30), '30 s'],
  ['is looked for again', 'hears nothing', new SlackUnheard('conversations.history', 'no answer'), 'no answer'],
])('a card in doubt %s where the app that looks for it %s', async (_, __, error, thrown) => {
  const found = findCard(() => Promise.reject(error))
  if (thrown === null) expect(await found).toBeNull()
  else await expect(found).rejects.toThrow(thrown)
})

test.each([
  ['a day behind', -1],
  ['as', 0],
  ['a day ahead of', 1],
] as const)('a card in doubt is found where the clock of this machine is %s that of Slack', async (_, days) => {
  const atSlack = createClock().now().getTime() / 1000 - days * 86_400
  const card = {
    ts: `${atSlack + 2}.000100`,
    bot_id: 'B1',
    metadata: { event_type: 'countersign_change', event_payload: { change: 1 } },
  }
  const since = ({ oldest }: { oldest: string }) => [card].filter(({ ts }) => Number(ts) > Number(oldest))
  expect(await findCard(async (asked) => ({ messages: since(asked) }))).toEqual({ channel: 'C1', ts: card.ts })
})

test("another app's message that says it is the card is not taken for it", async () => {
  const metadata = { event_type: 'countersign_change', event_payload: { change: 1 } }
  const own = { ts: '2000000000.000100', bot_id: 'B1', metadata }
  const others = [
    { ts: '2000000000.000300', bot_id: 'B2', metadata },
    { ts: '2000000000.000200', metadata },
  ]
  expect(await findCard(async () => ({ messages: [...others, own] }))).toEqual({ channel: 'C1', ts: own.ts })
  expect(await findCard(async () => ({ messages: others }))).toBeNull()
})

test.each([
  ['few pages, however many there are', 100, 5],
  ['no more pages than leave time to post it', 1_500, 3],
  ['one page if that takes long', 10_000, 1],
])('a card in doubt is looked for in %s', async (_, takesMs, pages) => {
  let [passed, asked] = [0, 0]
  const history = async ({ cursor }: { cursor?: string }) => {
    expect(cursor).toBe(asked === 0 ? undefined : `page ${asked}`)
    passed += takesMs
    return { messages: [], response_metadata: { next_cursor: `page ${++asked}` } }
  }
  const client = { conversations: { history } } as unknown as WebClient
  const wanted = { id: 1, channel: 'C1', proposedAt: createClock().iso() }
  expect(await findPosted({ client, botId: 'B1', ticks: () => passed }, wanted)).toBeNull()
  expect(asked).toBe(pages)
})

/** Looks for the card of a change that was just asked for, where Slack answers so. */
async function findCard(history: (asked: { oldest: string }) => Promise<unknown>) {
  const clock = createClock()
  const store = openStore(emptyDatabase(), clock.now)
  onTestFinished(store.close)
  const { id } = await store.open({ type: 'proposed', at: clock.iso(), ...proposal() }, alice, 'view-1')
  const client = { conversations: { history } } as unknown as WebClient
  const sender = { send: async () => {}, hasRoom: () => true, stop: () => {} } as unknown as Sender
  return createChat({ client, sender, store, ...around }).findCard(await store.get(id))
}
