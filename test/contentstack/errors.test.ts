import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { authtokenCredential } from '../../src/contentstack/credential.ts'
import { createStack } from '../../src/contentstack/stack.ts'
import { type EmulatedStack, startStack } from '../../src/sandbox/stack/stack.ts'
import { connect, connectTo, type Options } from './connect.ts'

let stack: EmulatedStack
beforeEach(async () => {
  stack = await startStack({ tokens: [{ uid: 'blt1', name: 'ci' }] })
})
afterEach(() => stack.stop())

test('a credential that may read the tokens passes the check', async () => {
  await expect(connect(stack).check()).resolves.toBeUndefined()
})

const no = (status: number, code: number) => ({
  status,
  body: { error_message: 'No, says the stack.', error_code: code },
})

test.each<[string, Options, { status: number; body: unknown } | null, RegExp]>([
  [
    'an unknown authtoken',
    { authtoken: 'wrong' },
    null,
    /doesn't accept the authtoken.*log in.*the new authtoken into CONTENTSTACK_AUTHTOKEN, and reload the settings or start.*code 105/,
  ],
  [
    'an authtoken of another variable',
    { authtoken: 'wrong', authtokenIn: 'SHOP_TOKEN' },
    null,
    /the new authtoken into SHOP_TOKEN,/,
  ],
  ['an unknown API key', { apiKey: 'wrong' }, null, /doesn't know the API key.*api_key and the region.*status 412/],
  ['an API key of no stack', {}, no(422, 21), /doesn't know the API key/],
  ['an account without the permission', {}, no(401, 161), /may not manage the tokens.*owner or admin.*plan/],
  ['an account of another organisation', {}, no(403, 316), /may not manage the tokens/],
  ['an account that wants a second factor', {}, no(401, 294), /doesn't accept the authtoken/],
  ['some other no', {}, no(400, 1), /refused to show the tokens.*No, says the stack/],
  ['an address that points elsewhere', {}, { status: 301, body: {} }, /points elsewhere.*base_url/],
])('the check names %s, and says what an operator must do', async (_, options, refuseReads, why) => {
  stack.trouble.refuseReads = refuseReads
  await expect(connect(stack, options).check()).rejects.toMatchObject({
    name: 'Refusal',
    code: 'unavailable',
    message: expect.stringMatching(why),
  })
})

const page = '<html>Access denied by the firewall of Acme</html>'

test.each<[number, unknown, RegExp]>([
  [400, page, /answered in its place: no reason given \(status 400/],
  [401, page, /answered in its place: no reason given \(status 401/],
  [403, page, /answered in its place: no reason given \(status 403/],
  [404, page, /answered in its place/],
  [405, page, /answered in its place/],
  [407, page, /the connection to .* failed \(.*HTTP status 407\)/],
  [412, page, /answered in its place/],
  [403, { message: 'Forbidden' }, /answered in its place: Forbidden \(status 403/],
  [302, page, /redirects elsewhere for the moment.*status 302/],
])('a %i with %j in the place of the stack is an outage, and blames no credential', async (status, body, why) => {
  stack.trouble.refuseReads = { status, body }
  const client = connect(stack)
  for (const asking of [client.check, client.tokens, () => client.token('blt1'), client.facts]) {
    const failure = await asking().catch((error: Error) => error)
    expect(failure).toMatchObject({ endedBy: 'itself', message: expect.stringMatching(why) })
    expect((failure as Error).message).not.toMatch(/authtoken (for|of)|account|API key|Acme/)
  }
})

test('a stack that is down is reported by the check as an outage, with what else it may be', async () => {
  stack.trouble.refuseReads = { status: 503, body: {} }
  await expect(connect(stack).check()).rejects.toMatchObject({
    endedBy: 'itself',
    message: expect.stringMatching(/can't be reached right now.*503.*Check the region or base_url/),
  })
})

test("Contentstack's own message about an outage sends nobody to the region or the network", async () => {
  stack.trouble.refuseReads = { status: 503, body: { error_message: 'Service unavailable.', error_code: 503 } }
  const failure = await connect(stack)
    .check()
    .catch((error: Error) => error)
  expect(failure).toMatchObject({ endedBy: 'itself', message: expect.stringMatching(/Service unavailable/) })
  expect((failure as Error).message).not.toMatch(/region|network/)
})

test('the check names a host that cannot be reached', async () => {
  await stack.stop()
  await expect(connect(stack).check()).rejects.toMatchObject({
    endedBy: 'itself',
    message: expect.stringMatching(
      /connection to 127\.0\.0\.1:\d+ failed \(ECONNREFUSED at 127\.0\.0\.1:\d+\).*Check the region or base_url/,
    ),
  })
})

test('the check does not accept an answer that no stack gives', async () => {
  await expect(connectTo(() => Response.json({ hello: 'world' })).check()).rejects.toMatchObject({
    endedBy: 'itself',
    message: expect.stringMatching(/its answer can't be read.*Check the region or base_url/),
  })
})

test('the address may end in a slash or in /v3', async () => {
  const ends = ['/', '//', '/v3', '/v3/', '//v3//']
  for (const end of ends) await connect(stack, { baseUrl: `${stack.url}${end}` }).check()
  expect(stack.requests.map(({ path }) => path)).toEqual(Array(ends.length).fill('/v3/stacks/management_tokens'))
})

test("a 404 that is not Contentstack's does not mean that the token is gone", async () => {
  const client = connectTo(({ url }) =>
    url.includes('blt1')
      ? new Response('<html>not found</html>', { status: 404 })
      : Response.json({ tokens: [{ uid: 'blt2', name: 'cd' }] }),
  )
  await expect(client.token('blt1')).rejects.toMatchObject({ endedBy: 'itself' })
})

test('a 422 over the stack does not mean that the token is gone', async () => {
  stack.trouble.refuseReads = no(422, 21)
  await expect(connect(stack).token('blt1')).rejects.toMatchObject({ code: 'unavailable' })
})

test.each<[string, Response, RegExp]>([
  ['not JSON', new Response('<html>Log in to the guest network</html>'), /not JSON/],
  ['JSON of another form', Response.json({ hello: 'world' }), /can't be read \(tokens/],
])('an answer that is %s is an outage, and is not quoted', async (_, answer, why) => {
  const error = await connectTo(() => answer.clone())
    .tokens()
    .catch((error: Error) => error)
  expect(error).toMatchObject({ name: 'Error', message: expect.stringMatching(why) })
  expect((error as Error).message).not.toMatch(/guest|world/)
})

test('a reason as long as a page is cut short', async () => {
  stack.trouble.refuseReads = { status: 400, body: { error_message: 'no '.repeat(5_000), error_code: 1 } }
  const error = await connect(stack)
    .tokens()
    .catch((error: Error) => error)
  expect((error as Error).message.length).toBeLessThan(1_000)
})

test('neither the authtoken nor an update follows a redirect to another host', async () => {
  const elsewhere: string[] = []
  const other = await serve((request, response) => {
    elsewhere.push(`${request.method} ${request.headers.authtoken}`)
    response.end('{}')
  })
  const redirecting = await serve((_, response) => response.writeHead(307, { location: other.url }).end())
  const live = await connect(stack).token('blt1')
  const client = connect(stack, { baseUrl: redirecting.url })
  await expect(client.tokens()).rejects.toThrow(/(points|redirects) elsewhere/)
  expect(await client.update(live, live.settings)).toMatchObject({ kind: 'unknown' })
  expect(elsewhere).toEqual([])
  other.close()
  redirecting.close()
})

const unsendable = {
  name: 'site',
  baseUrl: 'http://127.0.0.1',
  apiKey: 'blt0',
  rateLimitFields: null,
  writeTimeoutMs: 1,
}
test.each(['bltSECRET\nbltSECRET', 'blt SECRET', 'blt§SECRET', ''])(
  'an authtoken that no header can carry is refused without being quoted (%#)',
  (authtoken) => {
    const make = () => createStack({ ...unsendable, credential: authtokenCredential(authtoken, 'TOKEN') })
    expect(make).toThrow(/authtoken is empty or has a space.*copy it again/)
    expect(make).not.toThrow(/SECRET/)
  },
)

test('no error and no answer contains the authtoken, even if the stack quotes it', async () => {
  const { authtoken } = stack
  const live = await connect(stack).token('blt1')
  const quoting = {
    error_message: `${'x'.repeat(495)} authtoken ${authtoken} is not valid`,
    error_code: 105,
    errors: { authtoken: [authtoken], [authtoken]: 'is not valid' },
  }
  const seen: unknown[] = []
  const tryAll = async (options: Options = {}) => {
    const client = connect(stack, { readTimeoutMs: 20, writeTimeoutMs: 20, ...options })
    const rejected = [client.tokens(), client.token('blt1'), client.facts(), client.check(), client.rateLimitPaths()]
    for (const { reason } of (await Promise.allSettled(rejected)) as PromiseRejectedResult[]) seen.push(reason)
    seen.push(await client.update(live, live.settings))
  }
  for (const status of [307, 400, 401, 403, 404, 412, 422, 429, 500]) {
    stack.trouble.refuse = stack.trouble.refuseReads = { status, body: quoting }
    await tryAll()
  }
  stack.trouble.slowMs = 3_600_000
  await tryAll()
  await stack.stop()
  await tryAll()
  await tryAll({ fetch: () => Promise.reject(new TypeError(`invalid header ${authtoken}`)) })
  expect(seen).toHaveLength(12 * 6)
  expect(seen.every(Boolean)).toBe(true)
  expect(inspect(seen, { depth: 20, showHidden: true })).not.toContain(authtoken)
})

async function serve(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}
