import { expect, test } from 'vitest'
import { slackFetch } from '../../../src/slack/calls/answers.ts'
import { createGivingUp } from '../../../src/slack/calls/giving-up.ts'

const apiUrl = 'https://slack.invalid/api/'

/** A Slack with these answers, and an app that gives up on it at once when it stops. */
function calling(answer: () => Promise<Response>) {
  const givingUp = createGivingUp(0)
  const told: unknown[] = []
  const asked: string[] = []
  const fetch = (url: string | URL) => {
    asked.push(String(url).split('/').at(-1)!)
    return answer()
  }
  const options = { apiUrl, fetch, givingUp, onAnswer: (answered: unknown) => told.push(answered) }
  return { call: slackFetch(options), givingUp, told, asked }
}

test('a call that Slack has not answered when the app gives it up is in doubt, later calls are not done, and neither counts as an outage', async () => {
  const { call, givingUp, told, asked } = calling(() => new Promise(() => {}))
  const post = call(`${apiUrl}chat.postMessage`, {})
  const reply = call('https://hooks.slack.invalid/1', {})
  givingUp.giveUp()
  await expect(post).rejects.toMatchObject({ endedBy: 'itself', notDone: false })
  await expect(reply).rejects.toMatchObject({ notDone: false })
  await expect(call(`${apiUrl}chat.update`, {})).rejects.toMatchObject({ notDone: true })
  expect(asked).toEqual(['chat.postMessage', '1'])
  expect(givingUp.unanswered()).toEqual(['chat.postMessage', 'response_url'])
  expect(told).toEqual([])
})

test('while Slack answers, it is still asked for those who waited for something else', async () => {
  const { call, givingUp, told, asked } = calling(async () => Response.json({ ok: true }))
  givingUp.giveUp()
  await expect(call(`${apiUrl}chat.postMessage`, {})).resolves.toMatchObject({ ok: true })
  await expect(call(`${apiUrl}chat.update`, {})).resolves.toMatchObject({ ok: true })
  expect(asked).toEqual(['chat.postMessage', 'chat.update'])
  expect(givingUp.unanswered()).toEqual([])
  expect(told).toHaveLength(2)
})

test('a call that Slack does not answer after that is given up too', async () => {
  const { call, givingUp } = calling(() => new Promise(() => {}))
  givingUp.giveUp()
  await expect(call(`${apiUrl}chat.postMessage`, {})).rejects.toMatchObject({ notDone: false })
  expect(givingUp.unanswered()).toEqual(['chat.postMessage'])
})
