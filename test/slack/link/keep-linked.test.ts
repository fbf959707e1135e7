import { expect, test } from 'vitest'
import { pauseAfter } from '../../../src/domain/pause.ts'
import { keepLinked, realPace } from '../../../src/slack/link/keep-linked.ts'
import type { Hello, Link } from '../../../src/slack/link/link.ts'

const second = 1000
const hour = 3600 * second

/** Time that passes only while something waits for it, and a Slack that is out of reach for that long. */
function outage(forMs: number, { hangsMs }: { hangsMs: number }) {
  let clock = 0
  const tries: number[] = []
  const wait = async (ms: number) => {
    clock += ms
  }
  const open = (): Link => {
    tries.push(clock)
    const stands = async () => {
      if (clock < forMs) {
        clock += hangsMs
        throw new Error('out of reach')
      }
      return { connections: 1 }
    }
    return { stands: stands(), over: new Promise(() => {}), gone: new Promise(() => {}), close: async () => {} }
  }
  return { open, pace: { wait, chance: Math.random, ticks: () => clock }, tries, clock: () => clock }
}

test.each([
  ['is refused at once', 0],
  ['is never answered', 10 * second],
])('after eight hours in which every try %s, it listens again within 45 seconds of the end', async (_, hangsMs) => {
  const { open, pace, tries, clock } = outage(8 * hour, { hangsMs })
  const failures: unknown[] = []
  const told = { onStands: () => {}, onOver: () => {}, onFailure: (why: unknown) => failures.push(why) }
  await keepLinked(open, told, pace).start()
  expect(clock() - 8 * hour).toBeLessThan(45 * second)
  expect(tries.length - 1).toBe(failures.length)
  expect(Math.max(...tries.slice(1).map((at, i) => at - tries[i]! - hangsMs))).toBeLessThanOrEqual(30 * second)
})

test.each([
  ['a minute', 60 * second, 1, [1, 1, 1]],
  ['less', 59 * second, 1, [1, 2, 4]],
  ['less, and as chance has it', 59 * second, 0, [0.5, 1, 2]],
])('after a connection that stood for %s, the next one is tried in time', async (_, stoodMs, chance, pauses) => {
  const waited: number[] = []
  let clock = 0
  const open = (): Link => ({
    stands: Promise.resolve({ connections: 1 }),
    get over() {
      clock += stoodMs
      return Promise.resolve(null)
    },
    gone: new Promise(() => {}),
    close: async () => {},
  })
  const enough = Promise.withResolvers<void>()
  const wait = async (ms: number) => {
    waited.push(ms / second)
    if (waited.length === pauses.length) enough.resolve()
  }
  const pace = { wait, chance: () => chance, ticks: () => clock }
  const link = keepLinked(open, { onStands: () => {}, onOver: () => {}, onFailure: () => {} }, pace)
  await link.start()
  await enough.promise
  link.stop()
  expect(waited.slice(0, pauses.length)).toEqual(pauses)
})

test('two processes do not pause for the same time', () => {
  const chances = Array.from({ length: 20 }, realPace.chance)
  expect(new Set(chances).size).toBeGreaterThan(10)
  for (const chance of chances) expect(pauseAfter(5, chance)).toBeLessThanOrEqual(30_000)
})

test('a try that Slack asks to put off is put off for that long', async () => {
  const waited: number[] = []
  let tries = 0
  const limited = Object.assign(new Error('slow down'), { code: 'slack_webapi_rate_limited_error', retryAfter: 90 })
  const open = (): Link => {
    const stands =
      tries++ === 0 ? Promise.reject(new Error('no', { cause: limited })) : Promise.resolve({ connections: 1 })
    return { stands, over: new Promise(() => {}), gone: new Promise(() => {}), close: async () => {} }
  }
  const wait = async (ms: number) => void waited.push(ms / second)
  const told = { onStands: () => {}, onOver: () => {}, onFailure: () => {} }
  await keepLinked(open, told, { wait, chance: () => 1, ticks: () => 0 }).start()
  expect(waited).toEqual([90])
})

test.each<[string, (link: PromiseWithResolvers<Hello>) => void]>([
  ['stands', ({ resolve }) => resolve({ connections: 1 })],
  ['does not come about', ({ reject }) => reject(new Error('out of reach'))],
])('a connection that %s after all when it is stopped is not reported', async (_, ends) => {
  const told: unknown[] = []
  const tell = (what: unknown) => void told.push(what)
  const attempt = Promise.withResolvers<Hello>()
  const open = (): Link => ({
    stands: attempt.promise,
    over: Promise.resolve('closed'),
    gone: new Promise(() => {}),
    close: async () => {},
  })
  const pace = { wait: async () => {}, chance: () => 1, ticks: () => 0 }
  const link = keepLinked(open, { onStands: tell, onOver: () => {}, onFailure: tell }, pace)
  const started = link.start()
  link.stop()
  ends(attempt)
  await expect(started).rejects.toMatchObject({ name: 'NotWanted' })
  expect(told).toEqual([])
})
