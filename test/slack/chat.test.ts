import type { WebClient } from '@slack/web-api'
import { expect, onTestFinished, test } from 'vitest'
import { createChat } from '../../src/slack/chat.ts'
import type { Sender } from '../../src/slack/sender.ts'
import { openStore } from '../../src/storage/store.ts'
import { createClock } from '../support/clock.ts'
import { emptyDatabase } from '../support/file.ts'
import { alice, proposal } from '../support/world.ts'

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
  const titleFor = async (stack: string) => stack
  const around = { teamUrl: 'https://slack.example/', channelFor: () => 'C1', titleFor }
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

test('how a change stands goes first, then words to people, and checkpoints last; none of it is read for mentions', async () => {
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
  const around = { teamUrl: 'https://slack.example/', channelFor: () => 'C1', titleFor: async (stack: string) => stack }
  const chat = createChat({ client, sender: { send, hasRoom: () => true, stop: () => {} }, store, ...around })
  const anchor = { after: 1, size: 1, hash: 'a'.repeat(64), at: clock.iso() }

  await chat.postCard(stored, (post) => post())
  await chat.updateCard(card, stored)
  await chat.pointOn(card, { ...stored, card })
  await chat.sayUnknown(card, id)
  await chat.tellRequester(stored, (post) => post())
  await chat.remind({ ...stored, card }, [])
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
