import type { App } from '@slack/bolt'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ackedAtLast } from '../../../src/slack/edge/unhandled.ts'
import type { Delivery } from '../../../src/slack/link/delivery.ts'
import { inTime } from '../../../src/slack/link/in-time.ts'
import { closedBySlack, type Listening, watched } from '../../../src/slack/link/watched-deliveries.ts'

type Handle = (delivery: Delivery, ack: () => Promise<void>) => Promise<void>

/** One delivery to an app that handles it like this; time passes when told to. */
function delivered(handle: Handle, ackFails?: Error) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const acks: unknown[] = []
  const logged: unknown[] = []
  let listener: App | undefined
  const init = (app: App) => {
    listener = app
  }
  const way = { init, isListening: () => true, links: () => null }
  const receiver = ackedAtLast(watched(way as unknown as Listening), { error: (...said) => void logged.push(...said) })
  const processEvent: App['processEvent'] = ({ ack, customProperties }) =>
    handle(customProperties?.delivery as Delivery, () => ack())
  receiver.init({ processEvent } as App)
  const done = listener!.processEvent({
    body: { type: 'event_callback' },
    ack: async (answer) => {
      if (ackFails) throw ackFails
      acks.push(answer)
    },
  })
  return { acks, logged, done }
}

test('answers that Slack and the stacks have not given within two seconds are not waited for', async () => {
  const gaveUp = vi.fn()
  const { done } = delivered(() => inTime(new Promise<never>(() => {}), 'Slack').catch(gaveUp))
  await vi.advanceTimersByTimeAsync(1_999)
  expect(gaveUp).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  await done
  expect(gaveUp).toHaveBeenCalledWith(expect.objectContaining({ message: 'Slack did not answer in time' }))
})

test.each([
  [2_999, false],
  [3_000, true],
])('an ack after %i ms is late: %s', async (ms, late) => {
  let known: Delivery | undefined
  const { done, acks } = delivered(async (delivery, ack) => {
    known = delivery
    await new Promise((resolve) => setTimeout(resolve, ms))
    await ack()
  })
  await vi.advanceTimersByTimeAsync(ms)
  await done
  expect([known?.late, acks.length]).toEqual([late, 1])
})

test.each([
  [closedBySlack, true],
  ['slack_socket_mode_websocket_error', true],
  ['ERR_SOMETHING_ELSE', false],
])('an ack that fails with %s is late and no error: %s', async (code, isLate) => {
  const failure = Object.assign(new Error('it did not leave'), { code })
  const known: unknown[] = []
  const handle: Handle = async (delivery, ack) => {
    known.push(await ack().then(() => delivery.late, String))
  }
  await delivered(handle, failure).done
  expect(known).toEqual([isLate || 'Error: it did not leave'])
})

test('an unreadable delivery is acked, and reported in the log with the reason', async () => {
  const why = new Error('nothing here is prepared for that')
  const { done, acks, logged } = delivered(() => Promise.reject(why))
  await done
  expect(acks).toEqual([undefined])
  expect(logged).toEqual(['Something that Slack delivered could not be read, and was skipped.', why])
})

test('whatever was delivered at the same time is acked before the work on any of it begins', async () => {
  const order: string[] = []
  let listener: App | undefined
  const init = (app: App) => {
    listener = app
  }
  const way = { init, isListening: () => true, links: () => null }
  const processEvent: App['processEvent'] = async ({ ack, body }) => {
    for (let round = 0; round < body.rounds; round++) await new Promise((resolve) => setImmediate(resolve))
    await ack()
    order.push(`work ${body.name}`)
  }
  watched(way as unknown as Listening).init({ processEvent } as App)
  const comes = (name: string, rounds: number) =>
    listener!.processEvent({
      body: { type: 'block_actions', name, rounds },
      ack: async () => void order.push(`ack ${name}`),
    })
  await Promise.all([comes('first', 0), comes('second', 3), comes('third', 5)])
  expect(order).toEqual(['ack first', 'ack second', 'ack third', 'work first', 'work second', 'work third'])
})
