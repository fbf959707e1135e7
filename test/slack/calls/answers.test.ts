import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebClient } from '@slack/web-api'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { endOf, wasNotDone } from '../../../src/domain/outside-trouble.ts'
import type { EmulatedSlack, InPlace } from '../../../src/sandbox/slack/protocol.ts'
import { startSlack } from '../../../src/sandbox/slack/slack.ts'
import { slackFetch } from '../../../src/slack/calls/answers.ts'
import { retryAfterMs, slackErrorName, slackTrouble } from '../../../src/slack/calls/errors.ts'
import { slackLogger } from '../../../src/slack/calls/web-api.ts'
import { createPeople } from '../../../src/slack/people/people.ts'
import { startWebApi, startWorkspace } from '../workspace.ts'
import { commonErrors, errorsOf } from './documented-errors.ts'

const pairs = Object.entries(errorsOf).flatMap(([method, own]) =>
  [...commonErrors, ...own].map((error) => [method, error] as const),
)

/** Errors that Slack's own words blame on the token. */
const ofTheToken =
  /^(account_inactive|invalid_auth|no_permission|not_allowed_token_type|not_authed|team_access_not_granted|token_expired|token_revoked)$/

const silent = () => {}
const logger = slackLogger({ info: silent, warn: silent, error: silent })

/** A client that Slack has not yet asked to wait. */
function clientOf(options: Parameters<typeof slackFetch>[0], how: { timeout?: number } = {}): WebClient {
  return new WebClient('xoxb-1', {
    logger,
    fetch: slackFetch(options),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    ...(options.apiUrl !== null && { slackApiUrl: options.apiUrl }),
    ...how,
  })
}

/** The same, with this answer to every call. */
function answered(answer: () => Promise<Response>): WebClient {
  return clientOf({ apiUrl: null, fetch: answer })
}

async function failureOf(client: WebClient, method = 'users.info'): Promise<Error> {
  return client.apiCall(method).then(
    () => new Error('it succeeded'),
    (error: Error) => error,
  )
}

describe('every documented error', () => {
  let slack: EmulatedSlack
  beforeAll(async () => {
    slack = await startSlack()
  })
  afterAll(() => slack.stop())

  test.each(pairs)(
    '%s answering %s is told in words, and blamed on the token only where it is about the token',
    async (method, error) => {
      slack.trouble.fail = { [method]: error }
      const failure = await failureOf(clientOf({ apiUrl: `${slack.url}/api/` }), method)
      expect(slackErrorName(failure)).toBe(error)
      const told = slackTrouble(failure)
      expect(told).toContain(`(${error})`)
      expect(told).toContain(method)
      expect(told).not.toMatch(/An API error|undefined/)
      expect(/token for|SLACK_BOT_TOKEN/.test(told ?? '')).toBe(ofTheToken.test(error))
    },
  )
})

test.each([
  ['service_unavailable', 'itself'],
  ['ratelimited', 'itself'],
  ['token_revoked', 'operator'],
  ['plan_upgrade_required', 'operator'],
  ['missing_scope', 'operator'],
  ['ekm_access_denied', 'operator'],
  ['channel_not_found', 'nothing'],
  ['an_error_of_the_future', 'nothing'],
])('after %s, what helps is known', async (error, by) => {
  expect(endOf(await failureOf(answered(async () => Response.json({ ok: false, error }))))).toBe(by)
})

test.each([
  ['ratelimited', true],
  ['channel_not_found', true],
  ['token_revoked', true],
  ['internal_error', false],
  ['service_unavailable', false],
])('after %s, it is known whether anything was done', async (error, notDone) => {
  expect(wasNotDone(await failureOf(answered(async () => Response.json({ ok: false, error }))))).toBe(notDone)
})

test('an empty 503, which may be Slack’s own, is reported as no more than that', async () => {
  const { message } = (await failureOf(answered(async () => new Response('', { status: 503 })))) as Error
  expect(message).toMatch(/answered with something that is not JSON \(HTTP status 503\)$/)
})

test.each<[InPlace, RegExp]>([
  [
    'html',
    /^Slack gave no answer to users\.info: 127\.0\.0\.1:\d+ answered with something that is not JSON \(HTTP status 200\), which did not come from Slack$/,
  ],
  ['null', /^Slack gave no answer to users\.info: 127\.0\.0\.1:\d+ answered with unexpected JSON \(HTTP status 200\)/],
  ['busy', /^Slack got too many calls to users\.info, so Countersign pauses them for 30 s$/],
])(
  '%s in the place of an answer is an outage of Slack, is not quoted, and names the method',
  async (inPlace, words) => {
    const { slack, client } = await startWorkspace()
    slack.trouble.inPlace = { 'users.info': inPlace }
    const failure = await client.users.info({ user: 'U0BOB' }).catch((error: Error) => error)
    expect((failure as Error).message).toMatch(words)
    expect(endOf(failure)).toBe('itself')
    expect(slackErrorName(failure)).toBeNull()
    expect(retryAfterMs(failure)).toBe(inPlace === 'busy' ? 30_000 : null)
  },
)

test.each(['<!DOCTYPE html>', 'Not Found', '_x', `a${'b'.repeat(6000)}`, '', 7])(
  "no name of an error of Slack's is made of %j, which is not quoted either",
  async (error) => {
    const failure = await failureOf(answered(async () => Response.json({ ok: false, error })))
    expect(slackErrorName(failure)).toBeNull()
    expect(slackErrorName({ data: { ok: false, error } })).toBeNull()
    expect(failure.message).toMatch(/unexpected JSON \(HTTP status 200\)/)
  },
)

test('a body that begins and never ends is an outage in words once its time is over', async () => {
  const { slack } = await startWorkspace()
  slack.trouble.inPlace = { 'users.info': 'stalled' }
  const client = clientOf({ apiUrl: `${slack.url}/api/` }, { timeout: 50 })
  const failure = await client.users.info({ user: 'U0BOB' }).catch((error: Error) => error)
  expect((failure as Error).message).toMatch(
    /^Slack gave no answer to users\.info: 127\.0\.0\.1:\d+ did not answer in time$/,
  )
  expect(wasNotDone(failure)).toBe(false)
})

test('a host that cannot be reached is named with the cause, and the request was not carried out', async () => {
  const { slack, client } = await startWorkspace()
  await slack.stop()
  const failure = await client.chat.postMessage({ channel: 'U0BOB', text: 'hello' }).catch((error: Error) => error)
  expect((failure as Error).message).toMatch(
    /^Slack gave no answer to chat\.postMessage: the connection to 127\.0\.0\.1:\d+ failed \(E[A-Z]+ at 127\.0\.0\.1:\d+\)$/,
  )
  expect(wasNotDone(failure)).toBe(true)
})

test('a person whom Slack leaves out of its answer is an outage in words, and nobody is taken for somebody', async () => {
  const { apiUrl } = await startWebApi({ 'users.info': { ok: true } })
  const client = clientOf({ apiUrl })
  const installation = { teamId: 'T1', enterpriseId: null, isEnterpriseInstall: false }
  await expect(createPeople({ client, installation, now: () => new Date() }).obstacle('U1')).rejects.toThrow(
    /^Slack gave no answer to users\.info: its answer can't be read/,
  )
})

test.each([null, 'none', { warnings: 'deprecated' }, { warnings: ['x'.repeat(5000)], messages: ['[ERROR] no'] }])(
  'a yes is a yes, whatever Slack says about its answer, and nothing of that is logged: %j',
  async (response_metadata) => {
    const logged: unknown[] = []
    const log = (...parts: unknown[]) => void logged.push(parts)
    const client = new WebClient('xoxb-1', {
      logger: slackLogger({ info: log, warn: log, error: log }),
      fetch: slackFetch({ apiUrl: null, fetch: async () => Response.json({ ok: true, ts: '1.2', response_metadata }) }),
      retryConfig: { retries: 0 },
    })
    expect(await client.apiCall('chat.postMessage', { channel: 'C1', text: 'hello' })).toMatchObject({
      ok: true,
      ts: '1.2',
    })
    expect(logged).toEqual([])
  },
)

test('the start of the next page of an answer is kept', async () => {
  const response_metadata = { next_cursor: 'dXNlcjo=', warnings: ['old'] }
  const client = answered(async () => Response.json({ ok: true, response_metadata }))
  expect((await client.apiCall('users.list')).response_metadata).toEqual({ next_cursor: 'dXNlcjo=' })
})

test('an answer that claims to be compressed is read as it came', async () => {
  const headers = { 'content-type': 'application/gzip' }
  const client = answered(async () => new Response('{"ok":true,"ts":"1.2"}', { headers }))
  expect(await client.apiCall('chat.postMessage', { channel: 'C1', text: 'hello' })).toMatchObject({ ts: '1.2' })
})

test.each(['service_unavailable', 'internal_error', 'fatal_error'])(
  '%s is described as an outage in its own words, and not as a refusal',
  async (error) => {
    const failure = await failureOf(answered(async () => Response.json({ ok: false, error })))
    expect(failure.message).toBe(`Slack can't answer users.info now (${error})`)
  },
)

test.each(['-5', '0', '0.5'])('a pause of %s seconds is one of a second', async (seconds) => {
  const headers = { 'retry-after': seconds }
  const client = answered(async () => new Response('', { status: 429, headers }))
  expect((await failureOf(client)).message).toContain('pauses them for 1 s')
})

test('an address to answer a person at is not a method, and says yes in its own way', async () => {
  const fetch = slackFetch({ apiUrl: null, fetch: async () => new Response('ok') })
  const answer = await fetch('https://hooks.slack.com/commands/T1/2/abc', {})
  expect(await answer.text()).toBe('ok')
})

test.each([
  ['a 429', '', 429, /^Slack got too many calls to response_url, so Countersign pauses them for 30 s$/, true],
  [
    'a page',
    '<!DOCTYPE html>',
    200,
    /^Slack gave no answer to response_url: .* answered with something that is not JSON \(HTTP status 200\)/,
    false,
  ],
  ['null', 'null', 200, /^Slack gave no answer to response_url: .* unexpected JSON/, false],
  ['an outage', 'bad_gateway', 502, /^Slack gave no answer to response_url: .* \(HTTP status 502\)$/, false],
  ['a no', 'expired_url', 404, /^Slack refuses response_url \(expired_url\)$/, true],
])('%s where a person is answered names Slack and what for', async (_, body, status, words, notDone) => {
  const fetch = slackFetch({ apiUrl: null, fetch: async () => new Response(body, { status }) })
  const failure = await fetch('https://hooks.slack.com/commands/T1/2/abc', {}).then(
    () => null,
    (error: Error) => error,
  )
  expect(failure?.message).toMatch(words)
  expect(wasNotDone(failure)).toBe(notDone)
})

test('while Slack wants an address left alone it is not called, and others are', async () => {
  const called: string[] = []
  const fetch = slackFetch({
    apiUrl: null,
    fetch: async (url) => {
      called.push(String(url))
      return new Response('', { status: 429 })
    },
  })
  for (const url of ['https://hooks.slack.com/1', 'https://hooks.slack.com/1', 'https://hooks.slack.com/2'])
    await expect(fetch(url, {})).rejects.toThrow('for 30 s')
  expect(called).toEqual(['https://hooks.slack.com/1', 'https://hooks.slack.com/2'])
})

test('a response address that never answers is given up, with the reason', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  onTestFinished(() => void silent.close().closeAllConnections())
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const answering = slackFetch({ apiUrl: null, replyWithinMs: 50 })(`http://127.0.0.1:${port}/`, { method: 'POST' })
  await expect(answering).rejects.toThrow(`127.0.0.1:${port} did not answer in time`)
})

/** A `fetch` that gives this answer to every call, and the channels or methods called. */
function answering(answer: () => Response) {
  const called: string[] = []
  const fetch = slackFetch({
    apiUrl: null,
    fetch: async (url, init) => {
      called.push(new URLSearchParams(String(init?.body ?? '')).get('channel') ?? String(url).split('/').at(-1)!)
      return answer()
    },
  })
  const call = (method: string, body = '') =>
    fetch(`https://slack.com/api/${method}`, { method: 'POST', body }).then(
      () => null,
      (error: Error) => error,
    )
  return { call, called }
}

test('a method that Slack has had too much of in words is left alone as after a 429', async () => {
  const { call, called } = answering(() => Response.json({ ok: false, error: 'ratelimited' }))
  await call('users.info')
  expect(retryAfterMs(await call('users.info'))).toBeGreaterThan(0)
  expect(called).toEqual(['users.info'])
})

test('a channel in which Slack wants no posts for a while does not delay another', async () => {
  const { call, called } = answering(() => new Response('', { status: 429, headers: { 'retry-after': '30' } }))
  await call('chat.postMessage', 'channel=C1')
  await call('chat.postMessage', 'channel=C1')
  await call('chat.postMessage', 'channel=C2')
  expect(called).toEqual(['C1', 'C2'])
})

test('a yes with a failing HTTP status does not count as one', async () => {
  const { call } = answering(() => Response.json({ ok: true }, { status: 503 }))
  expect((await call('users.info'))?.message).toContain('HTTP status 503')
})

test('nothing keeps the app from Slack for longer than ten minutes', async () => {
  const { call } = answering(() => new Response('', { status: 429, headers: { 'retry-after': '1000000' } }))
  expect(retryAfterMs(await call('users.info'))).toBe(600_000)
  for (const _ of ['at once', 'later'])
    expect((await call('users.info'))?.message).toMatch(/pauses them for \d+ s \(Slack asked for 1000000 s\)$/)
})

test('nothing keeps the app from opening a connection for longer than a minute, in which it would hear nothing', async () => {
  const { call } = answering(() => new Response('', { status: 429, headers: { 'retry-after': '3600' } }))
  const failure = await call('apps.connections.open')
  expect(retryAfterMs(failure)).toBe(60_000)
  expect(failure?.message).toContain('pauses them for 60 s')
})
