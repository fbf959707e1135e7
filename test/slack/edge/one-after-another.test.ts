import type { App, ReceiverEvent } from '@slack/bolt'
import { expect, test } from 'vitest'
import { watched } from '../../../src/slack/link/watched-deliveries.ts'

const command = { body: { command: '/token' }, ack: async () => {} } as unknown as ReceiverEvent

/** Counts the rounds of the event loop. */
function rounds() {
  let round = 0
  let next: NodeJS.Immediate
  const turn = () => {
    round += 1
    next = setImmediate(turn)
  }
  turn()
  return { now: () => round, stop: () => clearImmediate(next) }
}

/** A watched receiver that hands deliveries to an app, which gives each to `listener`. */
function receiverFor(listener: (event: ReceiverEvent) => Promise<void>) {
  const none = async () => {}
  let app: App
  const way = {
    init: (given: App) => {
      app = given
    },
    start: none,
    stop: none,
    isListening: () => true,
    links: () => null,
  }
  watched(way).init({ processEvent: listener } as unknown as App)
  return (event: ReceiverEvent) => app.processEvent(event)
}

test('requests at the same moment are all acked before the first of them is done, and done one after another', async () => {
  const { now, stop } = rounds()
  const acked: number[] = []
  const begun: number[] = []
  const deliver = receiverFor(async ({ ack }) => {
    await ack()
    begun.push(now())
  })
  const ack = async () => void acked.push(now())
  await Promise.all(Array.from({ length: 5 }, () => deliver({ ...command, ack })))
  stop()
  expect(Math.max(...acked)).toBeLessThan(Math.min(...begun))
  expect(new Set(begun).size).toBe(5)
})
