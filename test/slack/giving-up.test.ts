import { expect, test } from 'vitest'
import { slackFetch } from '../../src/slack/answers.ts'
import { createGivingUp } from '../../src/slack/giving-up.ts'

test('what Slack has not answered when the app gives it up is in doubt, what is asked after that is not done, and neither counts as an outage', async () => {
  const givingUp = createGivingUp()
  const told: unknown[] = []
  const asked: string[] = []
  const never = (url: string | URL) => {
    asked.push(String(url))
    return new Promise<never>(() => {})
  }
  const apiUrl = 'https://slack.invalid/api/'
  const call = slackFetch({ apiUrl, fetch: never, givingUp, onAnswer: (answered) => told.push(answered) })
  const post = call(`${apiUrl}chat.postMessage`, {})
  const reply = call('https://hooks.slack.invalid/1', {})
  givingUp.giveUp()
  await expect(post).rejects.toMatchObject({ endedBy: 'itself', notDone: false })
  await expect(reply).rejects.toMatchObject({ notDone: false })
  await expect(call(`${apiUrl}chat.update`, {})).rejects.toMatchObject({ notDone: true })
  expect(asked).toEqual([`${apiUrl}chat.postMessage`, 'https://hooks.slack.invalid/1'])
  expect(givingUp.givenUp()).toEqual(['chat.postMessage', 'response_url', 'chat.update'])
  expect(told).toEqual([])
})
