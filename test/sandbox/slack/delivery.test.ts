import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import type { EmulatedSlack } from '../../../src/sandbox/slack/protocol.ts'
import {
  alice,
  approvals,
  boltApp,
  button,
  buttons,
  call,
  freshTrigger,
  input,
  modal,
  option,
  type Transport,
  textInput,
  workspace,
} from './support.ts'

const shortcuts = [{ callbackId: 'new', name: 'New', description: 'New' }]
const commands = [{ command: '/token', description: 'x', usageHint: 'x' }]
const appSpec = { id: 'A0APP', name: 'App', commands, shortcuts }

/** No test waits for Slack's three seconds. */
const impatient = { ackWithinMs: 60 }

type Wire = { type: string; envelope_id: string; payload: Record<string, unknown> } & Record<string, unknown>

/** A bare Socket Mode client that acks nothing by itself. */
async function connect(slack: EmulatedSlack) {
  const { url } = await call(slack, 'apps.connections.open', {}, slack.appToken)
  const socket = new WebSocket(String(url))
  const heard: Wire[] = []
  let changed = () => {}
  socket.on('message', (data) => {
    heard.push(JSON.parse(String(data)))
    changed()
  })
  onTestFinished(() => socket.terminate())
  async function next(type: string): Promise<Wire> {
    for (;;) {
      const at = heard.findIndex((message) => message.type === type)
      if (at >= 0) return heard.splice(at, 1)[0]!
      await new Promise<void>((resolve) => {
        changed = resolve
      })
    }
  }
  const ack = (envelope_id: string, payload?: object) => socket.send(JSON.stringify({ envelope_id, payload }))
  return { socket, heard, next, ack, url: String(url) }
}

async function connected(slack: EmulatedSlack) {
  const client = await connect(slack)
  await client.next('hello')
  return client
}

type Received = { headers: IncomingHttpHeaders; body: string }

/** A bare HTTP endpoint of an app, which answers with these statuses or texts in turn. */
async function endpoint(slack: EmulatedSlack, ...replies: (number | string)[]) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
    const reply = replies[received.length - 1] ?? 200
    if (typeof reply === 'string') response.end(reply)
    else response.writeHead(reply).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  slack.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`)
  return received
}

describe.each<Transport>(['socket', 'http'])('an unmodified Bolt app over %s', (transport) => {
  test('gets commands, shortcuts, clicks, questions for options, submissions, closes and events', async () => {
    const slack = await workspace({ app: appSpec })
    const seen: string[] = []
    const note = (what: string) => void seen.push(what)
    await boltApp(
      slack,
      (app) => {
        app.command('/token', async ({ ack, client, body }) => {
          await ack('one moment')
          await client.views.open({ trigger_id: body.trigger_id, view: form() as never })
        })
        app.shortcut('new', ({ ack }) => ack().then(() => note('shortcut')))
        app.action('more', ({ ack }) => ack().then(() => note('action')))
        app.options('pick', ({ ack, options }) => ack({ options: [option(options.value)] as never }))
        app.view('form', ({ ack }) => ack({ response_action: 'errors', errors: { name: 'Taken' } }))
        app.view({ callback_id: 'form', type: 'view_closed' }, ({ ack }) => ack().then(() => note('closed')))
        app.event('app_home_opened', async () => note('event'))
      },
      transport,
    )
    const actor = slack.as(alice)
    expect(await actor.command('/token')).toMatchObject({ outcome: 'acked', via: transport })
    expect(actor.messages('general')).toMatchObject([{ text: 'one moment', ephemeral: true }])
    const view = await slack.waitFor(() => actor.modal(), 'the form')
    await actor.press(view, 'more')
    expect(await actor.suggest(view, 'pick', 'abc')).toEqual([option('abc')])
    await actor.fill('name', 'text', 'x')
    expect(await actor.submit()).toMatchObject({ outcome: 'acked', problem: null })
    expect(actor.modal()?.errors).toEqual({ name: 'Taken' })
    await actor.closeModal()
    await actor.shortcut('new')
    await actor.openHome()
    await slack.waitFor(() => seen.length === 4, 'the event')
    expect(seen).toEqual(['action', 'closed', 'shortcut', 'event'])
    expect(slack.deliveries.map(({ outcome }) => outcome)).toEqual(Array(7).fill('acked'))
    expect(actor.notices()).toEqual([])
  })

  test('that acks too late is reported, and its ack is ignored', async () => {
    const slack = await workspace({ app: appSpec, ackWithinMs: 800 })
    const released = Promise.withResolvers<void>()
    const late = Promise.withResolvers<void>()
    await boltApp(
      slack,
      (app) =>
        app.command('/token', async ({ ack, command }) => {
          if (command.text === 'quick') return ack('in time')
          await released.promise
          await ack('too late')
          late.resolve()
        }),
      transport,
    )
    const delivery = await slack.as(alice).command('/token slow')
    expect(delivery).toMatchObject({ outcome: 'timed out', ackedAfterMs: null, retry: 0 })
    expect(slack.as(alice).notices()).toEqual(['/token failed with the error operation_timeout'])
    released.resolve()
    await late.promise
    await slack.as(alice).command('/token quick')
    expect(delivery).toMatchObject({ outcome: 'timed out', ackBody: undefined })
    expect(slack.as(alice).messages('general')).toMatchObject([{ text: 'in time' }])
    expect(slack.deliveries).toHaveLength(2)
  })

  test('that acks with nothing says nothing, and a modal sent closes', async () => {
    const slack = await workspace({ app: appSpec })
    await boltApp(
      slack,
      (app) => {
        app.command('/token', ({ ack }) => ack())
        app.view('form', ({ ack }) => ack())
      },
      transport,
    )
    const command = await slack.as(alice).command('/token')
    expect(command).toMatchObject({ outcome: 'acked', problem: null })
    await call(slack, 'views.open', { trigger_id: command.body.trigger_id, view: modal() })
    expect(await slack.as(alice).submit()).toMatchObject({ outcome: 'acked', problem: null })
    expect(slack.see(alice)).toMatchObject({ modals: [], notices: [] })
    expect(slack.as(alice).messages('general')).toEqual([])
  })

  test('gets the very same payload again in a redelivery', async () => {
    const slack = await workspace({ app: appSpec })
    const texts: string[] = []
    await boltApp(
      slack,
      (app) =>
        app.command('/token', async ({ ack, command }) => {
          texts.push(command.text)
          await ack()
        }),
      transport,
    )
    const first = await slack.as(alice).command('/token edit')
    const second = await slack.redeliver(first)
    expect(texts).toEqual(['edit', 'edit'])
    expect(second).not.toBe(first)
    expect(second.body).toBe(first.body)
  })
})

function form() {
  return modal(
    [
      textInput('name'),
      input('token', { type: 'external_select', action_id: 'pick' }, { optional: true }),
      buttons('b', button('more')),
    ],
    { notify_on_close: true },
  )
}

describe('without an answer in time', () => {
  test('an interaction shows trouble connecting, and is not sent again', async () => {
    const slack = await workspace(impatient)
    await connected(slack)
    const { ts } = await call(slack, 'chat.postMessage', {
      channel: approvals,
      text: 'x',
      blocks: [buttons('b', button('x'))],
    })
    expect(await slack.as(alice).press({ channel: approvals, ts: String(ts) }, 'x')).toMatchObject({
      outcome: 'timed out',
    })
    expect(slack.as(alice).notices()).toEqual(['We had some trouble connecting. Try again?'])
    expect(slack.deliveries).toHaveLength(1)
  })

  test('a menu offers nothing, and shows trouble connecting', async () => {
    const slack = await workspace(impatient)
    await call(slack, 'views.open', { trigger_id: await freshTrigger(slack), view: form() })
    await connected(slack)
    slack.as(alice).dismissNotices()
    expect(await slack.as(alice).suggest(slack.as(alice).modal()!, 'pick', 'abc')).toEqual([])
    expect(slack.deliveries.at(-1)).toMatchObject({ outcome: 'timed out', problem: null })
    expect(slack.as(alice).notices()).toEqual(['We had some trouble connecting. Try again?'])
  })

  test('a submission leaves the modal as it was, ready to be sent again', async () => {
    const slack = await workspace(impatient)
    await call(slack, 'views.open', { trigger_id: await freshTrigger(slack), view: modal() })
    await connected(slack)
    expect(await slack.as(alice).submit()).toMatchObject({ outcome: 'timed out' })
    expect(slack.as(alice).modal()).toMatchObject({ busy: false })
    expect(slack.as(alice).notices()).toContain('We had some trouble connecting. Try again?')
  })

  test('an event is sent again three times, and says so', async () => {
    const slack = await workspace(impatient)
    const client = await connected(slack)
    expect(await slack.as(alice).openHome()).toMatchObject({ outcome: 'timed out', retry: 3 })
    const envelopes: Wire[] = []
    for (let count = 0; count < 4; count += 1) envelopes.push(await client.next('events_api'))
    expect(envelopes.map(({ retry_attempt, retry_reason }) => [retry_attempt, retry_reason])).toEqual([
      [0, ''],
      [1, 'timeout'],
      [2, 'timeout'],
      [3, 'timeout'],
    ])
    expect(new Set(envelopes.map(({ payload }) => payload.event_id)).size).toBe(1)
    expect(client.heard).toEqual([])
    expect(slack.as(alice).notices()).toEqual([])
  })

  test('an event acked the second time is not sent a third time', async () => {
    const slack = await workspace()
    const received = await endpoint(slack, 500, 200)
    expect(await slack.as(alice).openHome()).toMatchObject({ outcome: 'acked', retry: 1 })
    expect(received).toHaveLength(2)
  })
})

describe('Socket Mode', () => {
  test('greets, and sends each kind in its envelope', async () => {
    const slack = await workspace({ app: appSpec })
    const client = await connect(slack)
    expect(await client.next('hello')).toMatchObject({ num_connections: 1, connection_info: { app_id: 'A0APP' } })
    const command = slack.as(alice).command('/token')
    const envelope = await client.next('slash_commands')
    expect(envelope).toMatchObject({
      accepts_response_payload: true,
      envelope_id: expect.any(String),
      payload: { command: '/token' },
    })
    client.ack(envelope.envelope_id, { text: 'hi' })
    expect(await command).toMatchObject({ outcome: 'acked', ackBody: { text: 'hi' } })
    const shortcut = slack.as(alice).shortcut('new')
    const interaction = await client.next('interactive')
    expect(interaction).toMatchObject({ accepts_response_payload: false })
    client.ack(interaction.envelope_id)
    await shortcut
    const event = slack.as(alice).openHome()
    const eventEnvelope = await client.next('events_api')
    expect(eventEnvelope).toMatchObject({ accepts_response_payload: false, retry_attempt: 0 })
    client.ack(eventEnvelope.envelope_id)
    expect((await event).ackedAfterMs).toBeGreaterThan(0)
  })

  test('with no connection open a command fails', async () => {
    const slack = await workspace()
    expect(await slack.as(alice).command('/token')).toMatchObject({ outcome: 'no connection' })
    expect(slack.as(alice).notices()).toEqual(['/token failed with the error dispatch_failed'])
  })

  test('each payload goes to one connection, in turn', async () => {
    const slack = await workspace(impatient)
    const [first, second] = [await connected(slack), await connected(slack)]
    expect(slack.connections).toBe(2)
    await slack.as(alice).command('/token one')
    await slack.as(alice).command('/token two')
    expect(await first.next('slash_commands')).toMatchObject({ payload: { text: 'one' } })
    expect(await second.next('slash_commands')).toMatchObject({ payload: { text: 'two' } })
    expect([...first.heard, ...second.heard]).toEqual([])
  })

  test('an eleventh connection is sent away', async () => {
    const slack = await workspace()
    for (let count = 0; count < 10; count += 1) await connected(slack)
    const eleventh = await connect(slack)
    expect(await eleventh.next('disconnect')).toMatchObject({ reason: 'too_many_websockets' })
    expect(slack.connections).toBe(10)
  })

  test('an address is good for one connection', async () => {
    const slack = await workspace()
    const client = await connected(slack)
    const again = new WebSocket(client.url)
    const error = await new Promise<Error>((resolve) => again.once('error', resolve))
    expect(error.message).toContain('403')
    expect(slack.connections).toBe(1)
  })

  test('a refreshed connection gets nothing new, but may still ack what it has', async () => {
    const slack = await workspace()
    const client = await connected(slack)
    const command = slack.as(alice).command('/token')
    const envelope = await client.next('slash_commands')
    slack.dropSockets()
    expect(await client.next('disconnect')).toMatchObject({ reason: 'refresh_requested' })
    expect(await slack.as(alice).command('/token')).toMatchObject({ outcome: 'no connection' })
    client.ack(envelope.envelope_id)
    expect(await command).toMatchObject({ outcome: 'acked' })
    await connected(slack)
    expect(slack.connections).toBe(1)
  })

  test('a link that was cut unknown to Slack still counts, and what is sent there is lost until Slack notices', async () => {
    const slack = await workspace(impatient)
    const first = await connected(slack)
    slack.cutLinks()
    first.socket.terminate()
    const second = await connect(slack)
    expect(await second.next('hello')).toMatchObject({ num_connections: 2 })
    expect([slack.connections, slack.ghosts]).toEqual([2, 1])
    expect(await slack.as(alice).command('/token one')).toMatchObject({ outcome: 'timed out' })
    expect(first.heard).toEqual([])
    slack.forgetGhosts()
    expect([slack.connections, slack.ghosts]).toEqual([1, 0])
    void slack.as(alice).command('/token two')
    expect(await second.next('slash_commands')).toMatchObject({ payload: { text: 'two' } })
  })

  test('a connection that is gone gets nothing', async () => {
    const slack = await workspace()
    const client = await connected(slack)
    client.socket.terminate()
    await slack.waitFor(() => slack.connections === 0, 'the connection to be gone')
    expect(await slack.as(alice).command('/token')).toMatchObject({ outcome: 'no connection' })
  })
})

describe('over HTTP', () => {
  test('every payload is signed with the signing secret', async () => {
    const slack = await workspace()
    const received = await endpoint(slack)
    await slack.as(alice).command('/token')
    const { headers, body } = received[0]!
    const base = `v0:${headers['x-slack-request-timestamp']}:${body}`
    const expected = createHmac('sha256', slack.signingSecret).update(base).digest('hex')
    expect(headers['x-slack-signature']).toBe(`v0=${expected}`)
    expect(Math.abs(Number(headers['x-slack-request-timestamp']) - Date.now() / 1000)).toBeLessThan(60)
  })

  test('commands and interactions are forms, events are JSON', async () => {
    const slack = await workspace({ app: appSpec })
    const received = await endpoint(slack)
    await slack.as(alice).command('/token')
    await slack.as(alice).shortcut('new')
    await slack.as(alice).openHome()
    const [command, shortcut, event] = received.map(({ body }) => body)
    expect(new URLSearchParams(command).get('command')).toBe('/token')
    expect(JSON.parse(new URLSearchParams(shortcut).get('payload')!)).toMatchObject({ type: 'shortcut' })
    expect(JSON.parse(event!)).toMatchObject({ type: 'event_callback' })
    expect(received.map(({ headers }) => headers['content-type'])).toEqual([
      'application/x-www-form-urlencoded',
      'application/x-www-form-urlencoded',
      'application/json',
    ])
  })

  test('a retry says its number and its reason', async () => {
    const slack = await workspace()
    const received = await endpoint(slack, 500)
    await slack.as(alice).openHome()
    expect(received.map(({ headers }) => headers['x-slack-retry-num'])).toEqual([undefined, '1'])
    expect(received[1]?.headers['x-slack-retry-reason']).toBe('http_error')
  })

  test.each([
    [404, 'http_client_error'],
    [503, 'http_service_error'],
  ])('a command answered with %i fails', async (status, error) => {
    const slack = await workspace()
    await endpoint(slack, status)
    expect(await slack.as(alice).command('/token')).toMatchObject({ outcome: 'failed', problem: error })
    expect(slack.as(alice).notices()).toEqual([`/token failed with the error ${error}`])
  })

  test('a submission answered with a bare text is trouble connecting', async () => {
    const slack = await workspace()
    await call(slack, 'views.open', { trigger_id: await freshTrigger(slack), view: modal() })
    await endpoint(slack, 'thanks')
    expect(await slack.as(alice).submit()).toMatchObject({ problem: 'The answer is no object.' })
    expect(slack.see(alice).modals).toHaveLength(1)
  })

  test('a command to an address where nobody listens fails; with null, payloads go over sockets again', async () => {
    const slack = await workspace()
    slack.deliverTo('http://127.0.0.1:9/slack/events')
    expect(await slack.as(alice).command('/token')).toMatchObject({ outcome: 'no connection', via: 'http' })
    slack.deliverTo(null)
    expect(await slack.as(alice).command('/token')).toMatchObject({ via: 'socket' })
  })
})
