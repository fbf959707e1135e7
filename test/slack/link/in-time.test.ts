import { expect, test } from 'vitest'
import { NotInTime } from '../../../src/domain/outside-trouble.ts'
import { inTime, whileSlackWaits } from '../../../src/slack/link/in-time.ts'
import { createRecent } from '../../../src/slack/people/recent.ts'

const delivery = () => ({ acked: false, late: false, answer: undefined })

/** A name that Slack gives once it is released, looked up through another answer that is kept. */
function slowName() {
  const asked: string[] = []
  const slack = Promise.withResolvers<string>()
  const now = () => new Date(0)
  const first = createRecent({ now, lookUp: () => slack.promise })
  const lookUp = async (id: string) => `${asked.push(id) && id} ${await first.get('all')}`
  return { get: createRecent({ now, lookUp }).get, answers: slack.resolve, asked }
}

test('an answer that is too late for one request is kept, and known to the next', async () => {
  const name = slowName()
  await expect(whileSlackWaits(delivery(), 0, () => name.get('bob'))).rejects.toThrow(NotInTime)
  const next = whileSlackWaits(delivery(), 10_000, () => name.get('bob'))
  name.answers('Brandt')
  expect(await next).toBe('bob Brandt')
  expect(await whileSlackWaits(delivery(), 0, () => name.get('bob'))).toBe('bob Brandt')
  expect(name.asked).toEqual(['bob'])
})

test('once a delivery is acked, and outside of any, an answer is waited for as long as it takes', async () => {
  const name = slowName()
  const acked = { ...delivery(), acked: true }
  const waiting = [whileSlackWaits(acked, 0, () => name.get('bob')), name.get('bob')]
  await new Promise((resolve) => setTimeout(resolve))
  name.answers('Brandt')
  expect(await Promise.all(waiting)).toEqual(['bob Brandt', 'bob Brandt'])
})

test('all waits of one delivery share its time', async () => {
  const never = () => new Promise<never>(() => {})
  await whileSlackWaits(delivery(), 0, async () => {
    await expect(inTime(never(), 'Slack')).rejects.toThrow('Slack did not answer in time')
    await expect(inTime(never(), 'Contentstack')).rejects.toThrow('Contentstack did not answer in time')
    expect(await inTime(Promise.resolve('known'), 'Slack')).toBe('known')
  })
})
