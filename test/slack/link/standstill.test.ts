import type { App } from '@slack/bolt'
import { expect, test } from 'vitest'
import type { Delivery } from '../../../src/slack/link/delivery.ts'
import { watchStandstill } from '../../../src/slack/link/standstill.ts'
import { type Listening, watched } from '../../../src/slack/link/watched-deliveries.ts'

/** A process that takes deliveries, with clocks that move when told to. */
async function running() {
  const clocks = { monotonic: 0, wall: Date.parse('2026-06-01T09:00:00Z') }
  const goesOn = (ms: number, { wall = ms }: { wall?: number } = {}) => {
    clocks.monotonic += ms
    clocks.wall += wall
  }
  const standstill = watchStandstill({ monotonic: () => clocks.monotonic, wall: () => clocks.wall })
  const none = async () => {}
  let app: App | undefined
  const init = (given: App) => {
    app = given
  }
  const way = { init, start: none, stop: none, isListening: () => true, links: () => null }
  const receiver = watched(way as unknown as Listening, {}, standstill)
  /** Resolves to how late an ack is that leaves once `meanwhile` is over. */
  const isLate = async (meanwhile = () => {}) => {
    const known = Promise.withResolvers<Delivery['late']>()
    const processEvent: App['processEvent'] = async ({ ack, customProperties }) => {
      meanwhile()
      await ack()
      known.resolve((customProperties?.delivery as Delivery | undefined)?.late ?? false)
    }
    receiver.init({ processEvent } as App)
    await app!.processEvent({ body: { type: 'event_callback' }, ack: none })
    return known.promise
  }
  await receiver.start()
  return { ...standstill, goesOn, isLate, stop: receiver.stop }
}

test('an ack for something read after the process stood still may be late, by whichever clock', async () => {
  const hows = [
    { ms: 4_000, wall: 4_000 },
    { ms: 0, wall: 4_000 },
    { ms: 4_000, wall: 0 },
  ]
  for (const { ms, wall } of hows) {
    const { goesOn, isLate, stop } = await running()
    expect(await isLate()).toBe(false)
    goesOn(ms, { wall })
    expect(await isLate()).toBe('perhaps')
    await stop()
  }
})

test('something read a few rounds after it went on may have come before, and later ones have not', async () => {
  const { goesOn, beats, isLate, stop } = await running()
  goesOn(4_000)
  beats()
  goesOn(100)
  beats()
  expect([await isLate(), await isLate()]).toEqual(['perhaps', 'perhaps'])
  goesOn(900)
  beats()
  expect(await isLate()).toBe(false)
  await stop()
})

test('the time before it is read and the time until the ack count together', async () => {
  const { goesOn, isLate, stop } = await running()
  goesOn(1_500)
  expect(await isLate(() => goesOn(1_499))).toBe(false)
  goesOn(1_500)
  expect(await isLate(() => goesOn(1_500))).toBe('perhaps')
  await stop()
})

test('an ack that took three seconds itself is late for sure, unless only the clock was set', async () => {
  const { goesOn, isLate, stop } = await running()
  expect(await isLate(() => goesOn(3_000))).toBe(true)
  goesOn(1_000)
  const later = await running()
  expect(await later.isLate(() => later.goesOn(10, { wall: 3_000 }))).toBe('perhaps')
  await Promise.all([stop(), later.stop()])
})

test('a process that is only busy, or whose clock is set back, is never late', async () => {
  const { goesOn, beats, isLate, stop } = await running()
  for (const _ of [1, 2, 3, 4]) {
    goesOn(900)
    beats()
  }
  expect(await isLate()).toBe(false)
  goesOn(10, { wall: -3_600_000 })
  expect(await isLate()).toBe(false)
  await stop()
})
