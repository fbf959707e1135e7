import { createHmac } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { Agent, type ServerResponse, request as send } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { App } from '@slack/bolt'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type HealthReport, startHealthServer } from '../../../src/app/health/health-server.ts'
import { slackLogger } from '../../../src/slack/calls/web-api.ts'
import { httpReceiver } from '../../../src/slack/link/http-receiver.ts'
import { closedBySlack, watched } from '../../../src/slack/link/watched-deliveries.ts'
import { canConnect, freePort } from '../../support/port.ts'

const secret = 'the secret of the tests'
const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }

/** An app over HTTP that acks `/token`, and a client that keeps one connection, as Slack does. */
async function listening({ lingerMs = 2_000, arrivesWithinMs = 60_000, counts = false } = {}) {
  const logs: [string, string][] = []
  const log = (fields: { err?: Error }, words: string) => void logs.push([words, fields.err?.message ?? ''])
  const logger = slackLogger({ info: log, warn: log, error: log })
  const port = await freePort()
  const own = { signingSecret: secret, port, host: '127.0.0.1', logger }
  const receiver = httpReceiver({ ...own, lingerMs, arrivesWithinMs })
  const counted = watched(receiver)
  const known = { token: 'xoxb-test', botId: 'B0', botUserId: 'U0', tokenVerificationEnabled: false }
  const app = new App({ ...known, receiver: counts ? counted : receiver, logger, deferInitialization: true })
  app.command('/token', async ({ ack }) => ack('hello'))
  await app.init()
  await receiver.start()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(async () => {
    agent.destroy()
    await receiver.stop()
  })
  return {
    app,
    receiver,
    traffic: counted.traffic,
    logs,
    port,
    post,
    command: () => post('command=%2Ftoken&text=&team_id=T0&user_id=U1', form),
  }

  async function post(body: string, headers: Record<string, string>, signature = signed(body)) {
    const options = { host: '127.0.0.1', port, path: '/slack/events', method: 'POST', agent }
    return new Promise<{ status: number; says: string; closes: boolean; keepsFor: number }>((resolve, reject) => {
      const outgoing = send({ ...options, headers: { ...headers, ...signature } }, async (answer) => {
        const closes = answer.headers.connection === 'close'
        const keepsFor = Number(/timeout=(\d+)/.exec(String(answer.headers['keep-alive']))?.[1] ?? 0)
        resolve({ status: answer.statusCode ?? 0, says: await text(answer), closes, keepsFor })
      })
      outgoing.on('error', reject).end(body)
    })
  }
}

function signed(body: string, secondsAgo = 0): Record<string, string> {
  const at = String(Math.floor(Date.now() / 1000) - secondsAgo)
  const digest = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')
  return { 'x-slack-request-timestamp': at, 'x-slack-signature': `v0=${digest}` }
}

const unsigned = {}

test.each([
  ['null', json],
  ['"text"', json],
  ['7', json],
  ['[]', json],
  ['', json],
  ['{', json],
  ['payload=null', form],
  ['payload=%7B', form],
])('a signed body that Slack never sends is answered 400, and the next command is taken: %s', async (body, headers) => {
  const { post, command } = await listening()
  expect(await post(body, headers)).toMatchObject({ status: 400, says: 'The body is not one that Slack sends.\n' })
  expect(await command()).toMatchObject({ status: 200, says: 'hello' })
})

test('a connection stays open for longer than anything in front of the app keeps it, so that no request on it is lost', async () => {
  const { post } = await listening()
  const { keepsFor } = await post('null', json)
  expect(keepsFor).toBeGreaterThan(600)
})

test('an unsigned request is answered 401 and reported in the log, whatever it is', async () => {
  const { post, logs } = await listening()
  for (const body of ['null', '{}', '']) expect((await post(body, json, unsigned)).status).toBe(401)
  expect(logs).toEqual(Array(3).fill([expect.stringMatching(/^A request was turned away: .*signature/), '']))
})

test('a request with another signature is answered 401, does not count as received, and the log names the setting that may be wrong', async () => {
  const { post, logs, traffic } = await listening({ counts: true })
  expect((await post('{}', json, signed('{ }'))).status).toBe(401)
  expect(traffic()).toEqual({ came: 0, acked: 0 })
  expect(logs).toEqual([
    [expect.stringMatching(/signature mismatch\. If Slack sent it, SLACK_SIGNING_SECRET does not belong/), ''],
  ])
})

test("a request from over five minutes ago is answered 401, does not count as received, and the log names this machine's clock as a possible cause", async () => {
  const { post, command, logs, traffic } = await listening({ counts: true })
  expect((await command()).status).toBe(200)
  expect((await post('{}', json, signed('{}', 302))).status).toBe(401)
  expect(traffic()).toEqual({ came: 1, acked: 1 })
  expect(logs).toEqual([
    [
      expect.stringMatching(
        /5 minutes.*\. If Slack sent it just now, this machine's clock is ahead: set it\. .*doctor/,
      ),
      '',
    ],
  ])
  expect((await command()).status).toBe(200)
})

test.each([
  ['in one piece', { 'content-length': String(4 * 2 ** 20 + 1) }],
  ['piece by piece', { 'transfer-encoding': 'chunked' }],
])(
  'a body over the limit is answered 413 and its connection closed, and the next command is taken: %s',
  async (_, how) => {
    const { post, command, logs } = await listening()
    const body = 'x'.repeat(4 * 2 ** 20 + 1)
    expect(await post(body, { ...json, ...how }, unsigned)).toMatchObject({ status: 413, says: '', closes: true })
    expect(await command()).toMatchObject({ status: 200, says: 'hello', closes: false })
    expect(logs).toEqual([['A request was turned away: request entity too large', '']])
  },
)

const tooMuch = 'x'.repeat(4 * 2 ** 20 + 1)

/** Sends only half of a body that is twice too long. */
function sendsHalf(port: number) {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.write(`POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-length: ${2 * tooMuch.length}\r\n\r\n${tooMuch}`)
  return socket
}

test('the rest of a body over the limit is received, so that the answer is not lost on the way', async () => {
  const { port } = await listening({ lingerMs: 60_000 })
  const socket = sendsHalf(port)
  const [answer] = await once(socket, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /)
  socket.resume().write(tooMuch)
  await once(socket, 'end')
})

test('a client that sends the rest of such a body too slowly is not waited for', async () => {
  const { port } = await listening({ lingerMs: 1 })
  const socket = sendsHalf(port)
  await new Promise((resolve) =>
    socket
      .on('error', () => {})
      .once('close', resolve)
      .resume(),
  )
})

test('an error of Bolt itself is answered 500, and reaches the log with its cause', async () => {
  const { post, app, logs } = await listening()
  app.processEvent = async () => {
    throw new Error('nothing in here is prepared for that')
  }
  expect((await post('{}', json)).status).toBe(500)
  expect(logs).toEqual([['A request from Slack could not be handled.', 'nothing in here is prepared for that']])
})

test('an ack that comes after Slack stopped waiting is still answered, and is not an error', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const { post, app, logs } = await listening()
  app.command('/slow', async ({ ack }) => {
    await vi.advanceTimersByTimeAsync(3_100)
    await ack('done')
  })
  const body = 'command=%2Fslow&text=&team_id=T0&user_id=U1'
  expect(await post(body, form)).toMatchObject({ status: 200, says: 'done' })
  expect(logs).toEqual([])
})

test('an ack for a connection that is gone fails, so that the outcome is sent another way', async () => {
  const { app, port } = await listening()
  const said: Promise<unknown>[] = []
  const here = Promise.withResolvers<void>()
  const gone = Promise.withResolvers<void>()
  const noticed = Promise.withResolvers<void>()
  const onRequest = (message: unknown) =>
    void (message as { response: ServerResponse }).response.once('close', noticed.resolve)
  subscribe('http.server.request.start', onRequest)
  onTestFinished(() => void unsubscribe('http.server.request.start', onRequest))
  app.processEvent = async ({ ack }) => {
    here.resolve()
    await gone.promise
    said.push(
      ack('hello').then(
        () => 'acked',
        ({ code }) => code,
      ),
    )
  }
  const body = 'command=%2Ftoken&text=&team_id=T0&user_id=U1'
  const socket = connect(port, '127.0.0.1')
  const headers = { ...form, ...signed(body), 'content-length': String(body.length), host: 'countersign' }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.write(`POST /slack/events HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
  await here.promise
  socket.destroy()
  await noticed.promise
  gone.resolve()
  await vi.waitFor(() => expect(said).toHaveLength(1))
  expect(await said[0]).toBe(closedBySlack)
})

test("Slack's check of a new address is answered", async () => {
  const { post } = await listening()
  expect((await post(JSON.stringify({ type: 'url_verification', challenge: 'c1' }), json)).says).toBe(
    '{"challenge":"c1"}',
  )
  expect((await post('ssl_check=1', form, unsigned)).status).toBe(200)
})

/** The result of a command over its own connection, sent only up to `until` before `rest`. */
async function sendsPart(port: number, until: string) {
  const body = 'command=%2Ftoken&text=&team_id=T0&user_id=U1'
  const headers = { ...form, ...signed(body), 'content-length': String(body.length), host: 'countersign' }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const whole = `POST /slack/events HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`
  const sent = whole.slice(0, whole.indexOf(until))
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const answer = text(socket).catch(() => 'the connection was reset')
  await new Promise((resolve) => socket.write(sent, resolve))
  await canConnect(port)
  return { answer, rest: () => void socket.write(whole.slice(sent.length)) }
}

const parts = [
  ['half of its head', 'x-slack-signature'],
  ['half of its body', 'team_id'],
] as const

test.each(parts)(
  'a request of which there is %s when the app stops is read, handled and answered',
  async (_, until) => {
    const { port, receiver, logs } = await listening()
    const { answer, rest } = await sendsPart(port, until)
    const stopped = receiver.stop()
    expect(await canConnect(port)).toBe(false)
    rest()
    expect(await answer).toMatch(/^HTTP\/1\.1 200 .*connection: close.*hello/is)
    await stopped
    expect(logs).toEqual([])
  },
)

test.each(parts)(
  'a stop does not wait for a request of which there is %s once Slack waits no longer',
  async (_, until) => {
    const { port, receiver } = await listening({ arrivesWithinMs: 1 })
    const { answer } = await sendsPart(port, until)
    await receiver.stop()
    expect(await answer).not.toContain('hello')
  },
)

test('a stop closes idle connections at once, including one kept for the next request', async () => {
  const { port, receiver, command } = await listening()
  const unused = connect(port, '127.0.0.1').resume()
  await once(unused, 'connect')
  const { rest, answer } = await sendsPart(port, 'team_id')
  const kept = await keptConnection(port)
  expect(await command()).toMatchObject({ says: 'hello', closes: false })
  const stopped = receiver.stop()
  await Promise.all([once(unused, 'close'), once(kept, 'close')])
  rest()
  expect(await answer).toContain('hello')
  await stopped
})

/** A connection over which one request was sent and answered. */
async function keptConnection(port: number) {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 404 .*connection: keep-alive/is)
  return socket.resume()
}

test('stopping waits until everything that Slack sent whole is answered, and says that nothing more is taken over that connection', async () => {
  const { app, receiver, post } = await listening({ arrivesWithinMs: 1 })
  const begun = Promise.withResolvers<void>()
  const mayEnd = Promise.withResolvers<void>()
  app.command('/slow', async ({ ack }) => {
    begun.resolve()
    await mayEnd.promise
    await ack('hello')
  })
  const answer = post('command=%2Fslow&text=&team_id=T0&user_id=U1', form)
  await begun.promise
  const stopped = receiver.stop()
  mayEnd.resolve()
  expect(await answer).toMatchObject({ says: 'hello', closes: true })
  await stopped
})

test('it listens on the given address, and on no other of this machine', async () => {
  const { port } = await listening()
  expect(await canConnect(port)).toBe(true)
  expect(await canConnect(port, '127.0.0.2')).toBe(false)
})

test('health is answered on the given address, and on no other of this machine', async () => {
  const { port, stop } = await startHealthServer(
    { port: 0, host: '127.0.0.1', struck: String },
    () => ({}) as HealthReport,
    () => null,
  )
  onTestFinished(stop)
  expect(await canConnect(port)).toBe(true)
  expect(await canConnect(port, '127.0.0.2')).toBe(false)
})
