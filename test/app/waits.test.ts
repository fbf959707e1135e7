import { expect, test } from 'vitest'
import { allOrEveryReason, throughOutages } from '../../src/app/waits.ts'
import { Outage } from '../../src/domain/outside-trouble.ts'
import { Refusal } from '../../src/domain/refusal.ts'
import { SlackBusy } from '../../src/slack/calls/said.ts'

const signal = new AbortController().signal
const down = new Outage('The stack is down.')
const no = new Refusal('unavailable', 'The authtoken is not accepted.')

test.each([
  ['a definite no', () => Promise.reject(no)],
  ['a definite no beside an outage', () => allOrEveryReason(Promise.reject(down), Promise.reject(no))],
  ['a bug', () => Promise.reject(new TypeError('x is not a function'))],
])('%s is thrown at once, and not waited for', async (_, attempt) => {
  const waits: unknown[] = []
  await expect(throughOutages(attempt, { signal, onWait: (why) => waits.push(why) })).rejects.toThrow()
  expect(waits).toEqual([])
})

test('a start is not tried again before Slack takes calls again, however long that is', async () => {
  const pauses: number[] = []
  let tries = 0
  const attempt = async () => {
    if (++tries === 1) throw new AggregateError([down, new SlackBusy('auth.test', 489)])
  }
  await throughOutages(attempt, { signal, onWait: (_, ms) => pauses.push(ms), pause: async () => {} })
  expect(pauses).toEqual([489_000])
})

test('stopping the wait ends it at once, in a pause and in an attempt that takes for ever', async () => {
  for (const attempt of [() => Promise.reject(down), () => new Promise(() => {})]) {
    const stopping = new AbortController()
    let tries = 0
    const counted = () => {
      tries += 1
      return attempt()
    }
    const waiting = throughOutages<unknown>(counted, { signal: stopping.signal, onWait: () => stopping.abort() })
    setImmediate(() => stopping.abort())
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    expect(tries).toBe(1)
  }
})

test('stopping it before it began waits for no attempt', async () => {
  const waiting = throughOutages(() => new Promise(() => {}), { signal: AbortSignal.abort(), onWait: () => {} })
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
})
