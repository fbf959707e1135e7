import { expect, test } from 'vitest'
import { respondPrivately } from '../../src/slack/respond.ts'

test('an answer to a command is for one person, and what Slack says to it is read to its end', async () => {
  const response = new Response('ok')
  const sent: unknown[] = []
  await respondPrivately(
    async (message) => {
      sent.push(message)
      return response
    },
    { text: 'Nothing was done.' },
  )
  expect(sent).toEqual([{ response_type: 'ephemeral', text: 'Nothing was done.' }])
  expect(response.bodyUsed).toBe(true)
})
