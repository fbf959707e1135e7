import { expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { startWorld } from '../support/journey.ts'
import { listening } from '../support/listening.ts'
import { canConnect, freePort } from '../support/port.ts'

test("while Slack refreshes one connection, people's actions come over the other", async () => {
  const { slack, heard, logs } = await listening()
  const told = () => logs.filter((line) => line.startsWith('info A connection to Slack is open')).length
  await eventually(() => expect(told()).toBe(2))
  slack.dropSockets()
  expect(slack.connections).toBe(0)
  await slack.waitFor(() => slack.connections > 0, 'a connection again')
  expect((await slack.as('U0ALICE').command('/token during the refresh')).outcome).toBe('acked')
  await slack.waitFor(() => slack.connections === 2, 'both connections')
  for (const text of ['one', 'two']) expect((await slack.as('U0ALICE').command(`/token ${text}`)).outcome).toBe('acked')
  expect(heard).toEqual(['during the refresh', 'one', 'two'])
  await eventually(() => expect(told()).toBe(4))
})

test('over HTTP, requests that Slack did not sign are turned away and do nothing', async () => {
  const { alice, bob, slack, stack, config, audit, until } = await startWorld({ transport: 'http' })
  const { transport } = config.slack
  if (transport.kind !== 'http') throw new Error('This world is not over HTTP.')
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  const pressed = await bob.presses(card, 'cancel')
  await until('the refusal', async () => (await audit(1)).length === 2)
  const [action] = pressed.body.actions as { action_id: string }[]
  const forged = { ...pressed.body, actions: [{ ...action, action_id: 'approve' }] }
  const seconds = String(Math.floor(Date.now() / 1000))
  const answer = await fetch(`http://127.0.0.1:${transport.port}/slack/events`, {
    method: 'POST',
    headers: { 'x-slack-request-timestamp': seconds, 'x-slack-signature': `v0=${'0'.repeat(64)}` },
    body: new URLSearchParams({ payload: JSON.stringify(forged) }),
  })
  expect(answer.status).toBe(401)
  expect(stack.takenUpdates()).toBe(0)
  expect(slack.calls.some(({ method }) => method === 'chat.update')).toBe(false)
  expect(await audit(1)).toEqual(['U0ALICE proposed', 'U0BOB refused'])
})

test('over HTTP, the app and its health listen to this machine alone unless told otherwise', async () => {
  const health = await freePort()
  const { env } = await startWorld({ transport: 'http', env: { HEALTH_PORT: String(health) } })
  for (const port of [Number(env.PORT), health]) {
    expect(await canConnect(port)).toBe(true)
    expect(await canConnect(port, '127.0.0.2')).toBe(false)
  }
})

test('the app knows if any of its connections to Slack stands', async () => {
  // Late enough for the gap without a connection to be seen.
  const { slack, receiver } = await listening({ secondAfterMs: 1500 })
  expect(receiver.isListening()).toBe(true)
  slack.dropSockets()
  await eventually(() => expect(receiver.isListening()).toBe(false))
  await slack.waitFor(() => slack.connections === 1, 'the second connection')
  await eventually(() => expect(receiver.isListening()).toBe(true))
})
