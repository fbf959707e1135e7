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
