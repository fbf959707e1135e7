import { describe, expect, test } from 'vitest'
import type { EmulatedSlack } from '../../../src/sandbox/slack/protocol.ts'
import { alice, approvals, bob, boltApp, button, buttons, call, section, stoppedClock, workspace } from './support.ts'

async function answer(url: unknown, body: object) {
  const response = await fetch(String(url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, text: await response.text() }
}

async function typed(slack: EmulatedSlack) {
  return (await slack.as(alice).command('/token')).body.response_url
}

async function pressed(slack: EmulatedSlack, method = 'chat.postMessage') {
  const blocks = [buttons('b', button('x'))]
  const answer = await call(slack, method, { channel: approvals, user: bob, text: 'card', blocks })
  return (await slack.as(bob).press({ channel: approvals, ts: String(answer.ts ?? answer.message_ts) }, 'x')).body
    .response_url
}

const said = (slack: EmulatedSlack, person: string, channel = approvals) =>
  slack
    .as(person)
    .messages(channel)
    .map(({ text }) => text)

test('respond of a Bolt listener arrives', async () => {
  const slack = await workspace()
  await boltApp(slack, (app) =>
    app.command('/token', async ({ ack, respond }) => {
      await ack()
      await respond('done')
    }),
  )
  await slack.as(alice).command('/token')
  await slack.waitFor(() => said(slack, alice, 'general').includes('done'), 'the response')
})

describe('after a command', () => {
  test('an answer is seen by the person only, unless it is for the channel', async () => {
    const slack = await workspace()
    const url = await typed(slack)
    expect(await answer(url, { text: 'to you' })).toEqual({ status: 200, text: 'ok' })
    await answer(url, { text: 'to all', response_type: 'in_channel', blocks: [section('x')] })
    expect(said(slack, alice, 'general')).toEqual(['to you', 'to all'])
    expect(said(slack, bob, 'general')).toEqual(['to all'])
  })

  test('it can be answered five times', async () => {
    const slack = await workspace()
    const url = await typed(slack)
    for (let count = 0; count < 5; count += 1) expect(await answer(url, { text: 'x' })).toMatchObject({ status: 200 })
    expect(await answer(url, { text: 'x' })).toEqual({ status: 404, text: 'used_url' })
    expect(said(slack, alice, 'general')).toHaveLength(5)
  })

  test('it can be answered for 30 minutes', async () => {
    const clock = stoppedClock()
    const slack = await workspace({ now: clock.now })
    const url = await typed(slack)
    clock.pass(30 * 60_000)
    expect(await answer(url, { text: 'x' })).toMatchObject({ status: 200 })
    clock.pass(1)
    expect(await answer(url, { text: 'x' })).toEqual({ status: 404, text: 'expired_url' })
  })

  test('a message beyond the limits is refused', async () => {
    const slack = await workspace()
    expect(await answer(await typed(slack), { blocks: [section('')] })).toEqual({ status: 400, text: 'invalid_blocks' })
    expect(await answer(await typed(slack), {})).toEqual({ status: 400, text: 'no_text' })
    expect(await answer(`${slack.url}/hooks/commands/T/1/x`, { text: 'x' })).toEqual({
      status: 404,
      text: 'no_such_url',
    })
  })
})

describe('after a button', () => {
  test('an answer replaces the message, for everybody', async () => {
    const slack = await workspace()
    await answer(await pressed(slack), { text: 'decided' })
    expect(said(slack, alice)).toEqual(['decided'])
    expect(slack.as(alice).messages(approvals)).toMatchObject([{ edited: true, blocks: [] }])
  })

  test('an answer that says so leaves the message alone', async () => {
    const slack = await workspace()
    const url = await pressed(slack)
    await answer(url, { text: 'not you', replace_original: false })
    await answer(url, { text: 'nor you', response_type: 'ephemeral' })
    expect(said(slack, bob)).toEqual(['card', 'not you', 'nor you'])
    expect(said(slack, alice)).toEqual(['card'])
  })

  test('a message that was deleted since cannot be replaced', async () => {
    const slack = await workspace()
    const url = await pressed(slack)
    const { ts } = slack.as(bob).messages(approvals)[0]!
    await call(slack, 'chat.delete', { channel: approvals, ts })
    expect(await answer(url, { text: 'new' })).toEqual({ status: 400, text: 'message_not_found' })
  })

  test('an ephemeral message can be replaced and deleted', async () => {
    const slack = await workspace()
    const url = await pressed(slack, 'chat.postEphemeral')
    await answer(url, { text: 'new', replace_original: true })
    expect(slack.as(bob).messages(approvals)).toMatchObject([{ text: 'new', ephemeral: true }])
    await answer(url, { delete_original: true })
    expect(said(slack, bob)).toEqual([])
    expect(await answer(url, { delete_original: true })).toEqual({ status: 400, text: 'message_not_found' })
  })
})
