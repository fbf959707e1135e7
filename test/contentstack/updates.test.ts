import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LiveToken } from '../../src/ports/stack.ts'
import { type EmulatedStack, startStack } from '../../src/sandbox/stack/stack.ts'
import { connect, connectTo } from './connect.ts'

const uid = 'blt1'
const scope = [{ module: 'branch', acl: { read: true }, branches: ['main'] }]

let stack: EmulatedStack
let live: LiveToken
beforeEach(async () => {
  const other = { uid: 'blt2', name: 'taken', scope }
  stack = await startStack({ tokens: [{ uid, name: 'ci', scope, expires_on: '2027-01-31' }, other] })
  live = await connect(stack).token(uid)
  stack.clear()
})
afterEach(() => stack.stop())

function rename(name: string, options: Parameters<typeof connect>[1] = {}) {
  return connect(stack, options).update(live, { ...live.settings, name })
}

function updatesSent() {
  return stack.requests.filter(({ method }) => method === 'PUT').length
}

test('a refusal of the stack is reported with its reason, code and request id', async () => {
  const answer = await rename('taken')
  expect(answer).toEqual({
    kind: 'refused',
    requestId: expect.stringMatching(/^[\w-]+$/),
    why: expect.stringMatching(
      /^the stack refused: name is already taken \(.*status 422, code 141, request id [\w-]+\)$/,
    ),
  })
})

test.each<[string, (stack: EmulatedStack) => void, string, RegExp, number]>([
  ['429', ({ trouble }) => Object.assign(trouble, { rateLimited: 1 }), 'busy', /too many requests/i, 0],
  ['503', ({ trouble }) => Object.assign(trouble, { down: true }), 'unknown', /503/, 0],
  ['a lost update', ({ trouble }) => Object.assign(trouble, { updates: 'never arrives' }), 'none', /connection/, 0],
  [
    'a broken connection',
    ({ trouble }) => Object.assign(trouble, { updates: 'take, then close the socket' }),
    'none',
    /connection/,
    1,
  ],
  ['500', ({ trouble }) => Object.assign(trouble, { updates: 'take, then 500' }), 'unknown', /500/, 1],
  [
    'a 403',
    ({ trouble }) => Object.assign(trouble, { refuse: { status: 403, body: { error_message: 'Not you.' } } }),
    'refused',
    /Not you \(status 403/,
    0,
  ],
  [
    'a 429 that is not in the stack’s own words, which proves nothing',
    ({ trouble }) => Object.assign(trouble, { refuse: { status: 429, body: '<html>Too many requests</html>' } }),
    'unknown',
    /429/,
    0,
  ],
  [
    'a 408, which proves nothing',
    ({ trouble }) => Object.assign(trouble, { refuse: { status: 408, body: {} } }),
    'unknown',
    /408/,
    0,
  ],
  [
    'a redirect, which proves nothing',
    ({ trouble }) => Object.assign(trouble, { refuse: { status: 307, body: {} } }),
    'unknown',
    /307/,
    0,
  ],
])('an update is sent once, whatever its outcome: %s', async (_, cause, kind, why, taken) => {
  cause(stack)
  expect(await rename('cd')).toMatchObject({ kind, why: expect.stringMatching(why) })
  expect(updatesSent()).toBe(1)
  expect(stack.takenUpdates()).toBe(taken)
})

test('an update that is taken but never answered has no answer, and is sent once', async () => {
  stack.trouble.updates = 'take, then never answer'
  expect(await rename('cd', { writeTimeoutMs: 1_000 })).toEqual({
    kind: 'none',
    why: 'the stack did not answer in time',
  })
  expect(stack.takenUpdates(uid)).toBe(1)
  expect(updatesSent()).toBe(1)
})

test('an update to an address where nobody listens was not sent', async () => {
  await stack.stop()
  expect(await rename('cd')).toEqual({
    kind: 'busy',
    why: expect.stringMatching(
      /^the connection to the stack failed \(ECONNREFUSED at 127\.0\.0\.1:\d+\) before anything was sent$/,
    ),
  })
})

const failing = (facts: object, message = 'no') => Object.assign(new Error(message), facts)
const refused = failing({ code: 'ECONNREFUSED', syscall: 'connect' })
const reset = failing({ code: 'ECONNRESET', syscall: 'read' })

test.each<[string, 'busy' | 'none', unknown]>([
  ['of a host that no name server knows', 'busy', failing({ code: 'ENOTFOUND', syscall: 'getaddrinfo' })],
  ['to a host to which no way leads', 'busy', failing({ code: 'ENETUNREACH', syscall: 'connect' })],
  ['to a host that takes no connection in time', 'busy', failing({ code: 'UND_ERR_CONNECT_TIMEOUT' })],
  ['to a host that refuses it at each of its addresses', 'busy', new AggregateError([refused, refused])],
  ['that broke', 'none', reset],
  ['of which one of two attempts broke', 'none', new AggregateError([refused, reset])],
  ['of which nothing is known', 'none', new AggregateError([])],
  ['that the other side closed', 'none', failing({ code: 'UND_ERR_SOCKET' }, 'other side closed')],
])('an update over a connection %s was certainly not sent, or may have been (%s)', async (_, kind, cause) => {
  const fetch = () => Promise.reject(new TypeError('fetch failed', { cause }))
  expect(await rename('cd', { fetch })).toMatchObject({ kind })
})

test("an update that the app cannot put in the stack's terms is refused before anything is sent", async () => {
  const after = { ...live.settings, rateLimits: { kind: 'custom', read: 1, write: 1 } as const }
  const answer = await connect(stack, { rateLimitFields: null }).update(live, after)
  expect(answer).toEqual({ kind: 'refused', why: expect.stringMatching(/this update was not sent/) })
  expect(stack.requests).toEqual([])
})

test('an update never throws, not even for an invalid look', async () => {
  const client = connect(stack)
  expect(await client.update({ ...live, uid: '../..' }, live.settings)).toMatchObject({ kind: 'refused' })
  expect(await client.update({ ...live, raw: null }, live.settings)).toMatchObject({ kind: 'refused' })
  expect(stack.requests).toEqual([])
})

/** A client of a stack that gives this answer to every request. */
function answering(answer: () => Response) {
  return connectTo(answer, { rateLimitFields: stack.behaviour.rateLimitFields })
}

test.each<[string, () => Response]>([
  ['a page', () => new Response('<html>Log in</html>')],
  ['half of a token', () => new Response('{"token":{"uid":"blt1","na')],
  ['another token', () => Response.json({ notice: 'Updated.', token: { uid: 'blt2', name: 'cd', scope: [] } })],
  ['what no stack says', () => Response.json({ hello: 'world' })],
  ['a notice about something else', () => Response.json({ notice: 'Maintenance' })],
  ['a notice about another call', () => Response.json({ notice: 'Management Token deleted successfully.' })],
  ['no token', () => Response.json({ notice: 'Maintenance', token: null })],
])('an update answered with success and %s proves nothing', async (_, answer) => {
  const client = answering(answer)
  expect(await client.update(live, { ...live.settings, name: 'cd' })).toMatchObject({ kind: 'unknown' })
})

test.each<[string, unknown]>([
  ['a notice alone', { notice: 'Management Token updated successfully.' }],
  ['less of the token than a look shows', { token: { uid, name: 'cd' } }],
  ['a token that cannot be read', { token: { uid, name: 7, scope: [] } }],
])('an update answered with %s was taken, and nothing is known of how it was stored', async (_, body) => {
  const answer = await answering(() => Response.json(body)).update(live, { ...live.settings, name: 'cd' })
  expect(answer).toEqual({ kind: 'taken' })
})

test.each([
  ['a gateway', { message: 'Not Found' }],
  ['another service', { error: 'not_found' }],
  ['nobody', null],
])('a 404 of %s says nothing about whether the stack took the update', async (_, body) => {
  const answer = await answering(() => Response.json(body, { status: 404 })).update(live, live.settings)
  expect(answer).toMatchObject({ kind: 'unknown', why: expect.stringContaining('404') })
})
