import { LogLevel, WebClient } from '@slack/web-api'
import { expect, test } from 'vitest'
import type { EmulatedSlack } from '../../../src/sandbox/slack/protocol.ts'
import { alice, approvals, call, workspace } from './support.ts'

const message = { channel: approvals, text: 'hello' }

function client(slack: EmulatedSlack) {
  const options = {
    slackApiUrl: `${slack.url}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  }
  return new WebClient(slack.botToken, options)
}

test('while it is down every call gets 503, answers to commands too', async () => {
  const slack = await workspace()
  const { response_url } = (await slack.as(alice).command('/token')).body
  slack.trouble.down = true
  await expect(client(slack).chat.postMessage(message)).rejects.toMatchObject({ statusCode: 503 })
  expect((await fetch(String(response_url), { method: 'POST', body: '{}' })).status).toBe(503)
  slack.trouble.down = false
  expect(slack.as(alice).messages(approvals)).toEqual([])
  expect(await call(slack, 'chat.postMessage', message)).toMatchObject({ ok: true })
})

test('a number of calls are told to come back later, and how much later', async () => {
  const slack = await workspace()
  Object.assign(slack.trouble, { rateLimited: 1, retryAfterSeconds: 7 })
  await expect(client(slack).chat.postMessage(message)).rejects.toMatchObject({ retryAfter: 7 })
  expect(await call(slack, 'chat.postMessage', message)).toMatchObject({ ok: true })
  expect(slack.calls.map(({ status }) => status)).toEqual([429, 200])
})

test('an answer can get lost after the call took effect', async () => {
  const slack = await workspace()
  slack.trouble.loseAnswers = ['chat.postMessage']
  await expect(client(slack).chat.postMessage(message)).rejects.toThrow()
  expect(slack.as(alice).messages(approvals)).toHaveLength(1)
  expect(slack.calls).toMatchObject([{ status: 0, answer: { ok: true } }])
  expect(await call(slack, 'auth.test')).toMatchObject({ ok: true })
})

test('a method can be held, and answers once it is let go', async () => {
  const slack = await workspace()
  slack.trouble.held = ['users.info']
  const held = call(slack, 'users.info', { user: alice })
  await slack.waitFor(() => slack.calls.length === 1, 'the call')
  expect(await call(slack, 'auth.test')).toMatchObject({ ok: true })
  expect(slack.calls[0]?.answer).toBeNull()
  slack.trouble.held = []
  expect(await held).toMatchObject({ ok: true })
})

test('one method can be made to fail with an error of choice', async () => {
  const slack = await workspace()
  slack.trouble.fail['chat.postMessage'] = 'fatal_error'
  expect(await call(slack, 'chat.postMessage', message)).toEqual({ ok: false, error: 'fatal_error' })
  expect(slack.as(alice).messages(approvals)).toEqual([])
  expect(await call(slack, 'auth.test')).toMatchObject({ ok: true })
})

test('a slow answer comes later than those that are not slowed down', async () => {
  const slack = await workspace()
  const answered: string[] = []
  slack.trouble.slowMs = 200
  const slow = call(slack, 'users.info', { user: alice }).then(() => answered.push('slow'))
  const running = await slack.waitFor(() => slack.calls[0], 'the call')
  slack.trouble.slowMs = 0
  await call(slack, 'auth.test').then(() => answered.push('quick'))
  expect(running.answer).toBeNull()
  await slow
  expect(answered).toEqual(['quick', 'slow'])
  expect(running.answer).toMatchObject({ ok: true })
})

test('waiting in vain says for what, and what happened last', async () => {
  const slack = await workspace()
  await call(slack, 'chat.postMessage', { channel: 'C0NOWHERE', text: 'x' })
  await slack.as(alice).command('/token')
  const waiting = slack.waitFor(() => slack.as(alice).messages(approvals)[0]!.text, 'a card', 20)
  await expect(waiting).rejects.toThrow(
    'Waited 20 ms in vain for a card.\nLast calls: chat.postMessage: channel_not_found.\nLast deliveries: command no connection.',
  )
})

test('listeners hear of changes until they stop', async () => {
  const slack = await workspace()
  let heard = 0
  const stop = slack.onChange(() => {
    heard += 1
  })
  await call(slack, 'chat.postMessage', message)
  expect(heard).toBeGreaterThan(0)
  stop()
  const before = heard
  await call(slack, 'chat.postMessage', message)
  expect(heard).toBe(before)
})

test('what somebody saw stays as it was, whatever happens later', async () => {
  const slack = await workspace()
  await call(slack, 'chat.postMessage', message)
  const seen = slack.see(alice)
  await call(slack, 'chat.postMessage', message)
  expect(seen.conversations.find(({ id }) => id === approvals)?.messages).toHaveLength(1)
  expect(JSON.parse(JSON.stringify(seen))).toEqual(seen)
})

test('a second workspace on the same port is refused', async () => {
  const slack = await workspace()
  await expect(workspace({ port: Number(new URL(slack.url).port) })).rejects.toThrow('EADDRINUSE')
})
