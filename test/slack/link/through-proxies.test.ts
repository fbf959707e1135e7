import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect as connectSocket, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { fetch } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { authtokenCredential } from '../../../src/contentstack/credential.ts'
import { writeFailure } from '../../../src/contentstack/errors.ts'
import { causeOf } from '../../../src/domain/from-outside.ts'
import { wasNotDone } from '../../../src/domain/outside-trouble.ts'
import { slackFetch } from '../../../src/slack/calls/answers.ts'
import { slackTrouble } from '../../../src/slack/calls/errors.ts'
import { throughProxies } from '../../../src/slack/link/through-proxies.ts'
import { connect, connectTo, start } from '../../contentstack/connect.ts'
import { freePort } from '../../support/port.ts'
import { runCommand, startProcess } from '../../support/process.ts'
import { hiddenPlace, startProxy } from '../../support/proxy.ts'

async function proxyThatHangsUp() {
  const { places } = await hiddenPlace()
  const proxy = await startProxy(places)
  onTestFinished(() => proxy.stop())
  proxy.hangUp()
  return proxy
}

test.each(['https', 'http'])('a proxy that hangs up is asked once for each call, and named: %s', async (scheme) => {
  const proxy = await proxyThatHangsUp()
  const dispatcher = throughProxies({ http: proxy.url, https: proxy.url, except: '' })
  const answered = fetch(`${scheme}://proxied-stack.invalid/v3/stacks`, {
    dispatcher,
    signal: AbortSignal.timeout(10_000),
  })
  const why = await answered.then(
    () => 'answered',
    (error: unknown) => causeOf(error),
  )
  expect(why).toBe(`the proxy at ${new URL(proxy.url).host} closed the connection`)
  expect(proxy.passed).toHaveLength(1)
})

/** A proxy that does this to its clients. */
async function proxyThat(does: (client: Duplex) => void): Promise<string> {
  const server = createServer().on('connect', (_, client: Duplex) => does(client.on('error', () => {})))
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const context = {
  stack: 'site',
  credential: authtokenCredential('cs1', 'TOKEN'),
  baseUrl: 'https://proxied-stack.invalid',
}
const saying = (text: string) => (client: Duplex) => void client.end(text)
const proxyThatSays = (status: number) => proxyThat(saying(`HTTP/1.1 ${status} No\r\n\r\n`))
const withPassword = async () => (await proxyThatSays(407)).replace('//', '//me:s3cret@')
const page = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Sign in</html>'

test.each([
  [407, () => proxyThatSays(407), /wants a user and password, HTTP status 407: .*http:\/\/user:password@host:port/],
  [
    '407 to a password',
    withPassword,
    /does not accept the user and password .*HTTP status 407: check them in HTTPS_PROXY/,
  ],
  [
    'silence',
    () => proxyThat(() => {}),
    /did not answer within 0\.1 seconds: check HTTPS_PROXY, and whether it works/,
    100,
  ],
  ['a page', () => proxyThat(saying(page)), /does not speak TLS \(ERR_SSL_WRONG_VERSION_NUMBER\): ask .* or sign in/],
  ['an end', () => proxyThat(saying('HTTP/1.1 200 OK\r\n\r\n')), /ended before it could be used.*: ask whoever runs/],
  [403, () => proxyThatSays(403), /does not allow this host, HTTP status 403: ask whoever runs the proxy/],
  [502, () => proxyThatSays(502), /refuses to connect, HTTP status 502: ask whoever runs it/],
  [null, async () => `http://127.0.0.1:${await freePort()}`, /can't be reached: ECONNREFUSED at .*; check HTTPS_PROXY/],
])('an error of a proxy is reported as its own, with what to do: %j', async (_, start, words, withinMs = 10_000) => {
  const proxy = await start()
  const dispatcher = throughProxies({ http: proxy, https: proxy, except: '' }, withinMs)
  const viaProxy = ((url: string) => fetch(url, { dispatcher })) as unknown as typeof globalThis.fetch
  const failure = await viaProxy('https://proxied-stack.invalid/').catch((error: unknown) => error)
  expect(causeOf(failure)).toMatch(words)
  expect(causeOf(failure)).toContain(`the proxy at ${new URL(proxy).host} `)
  expect(causeOf(failure)).not.toContain('s3cret')
  expect(writeFailure(failure, context).kind).toBe('busy')
  const slack = await askingSlack(viaProxy).catch((error: unknown) => error)
  expect(slackTrouble(slack)).toMatch(words)
  expect(slackTrouble(slack)).not.toMatch(/SLACK_API_URL/)
  expect(wasNotDone(slack)).toBe(true)
  const stack = await connectTo(() => Promise.reject(failure))
    .check()
    .catch((error: Error) => error)
  expect((stack as Error).message).toMatch(words)
  expect((stack as Error).message).not.toMatch(/region/)
})

test('a proxy that is silent is asked once by a look at a stack, which would wait four times as long', async () => {
  let asked = 0
  const proxy = await proxyThat(() => void asked++)
  const dispatcher = throughProxies({ http: proxy, https: proxy, except: '' }, 100)
  const viaProxy = ((url: string) => fetch(url, { dispatcher })) as unknown as typeof globalThis.fetch
  await expect(connectTo(({ url }) => viaProxy(url)).check()).rejects.toThrow('did not answer within 0.1')
  expect(asked).toBe(1)
})

const scope = [{ module: 'branch', acl: { read: true }, branches: ['main'] }]
const ofOneBranch = { uid: 'blt1', name: 'ci', scope }

test('an update that a silent proxy keeps is known not to be sent, and is not sent once the proxy answers', async () => {
  const { stack, client: direct } = await start({ tokens: [ofOneBranch] })
  const live = await direct.token(ofOneBranch.uid)
  let isSilent = true
  const kept: Duplex[] = []
  const letThrough = (client: Duplex) => {
    client.write('HTTP/1.1 200 OK\r\n\r\n')
    client.pipe(connectSocket(Number(new URL(stack.url).port), '127.0.0.1').on('error', () => {})).pipe(client)
  }
  const proxy = await proxyThat((client) => (isSilent ? void kept.push(client) : letThrough(client)))
  const dispatcher = throughProxies({ http: proxy, https: proxy, except: '' })
  const viaProxy = (async (given: Request, init: object) => {
    const request = new Request(given, init)
    const { url, method, headers, signal } = request
    return fetch(url, { method, headers: Object.fromEntries(headers), body: await request.text(), signal, dispatcher })
  }) as unknown as typeof globalThis.fetch
  const rename = (writeTimeoutMs: number) =>
    connect(stack, { writeTimeoutMs, fetch: viaProxy }).update(live, { ...live.settings, name: 'cd' })
  expect(await rename(100)).toEqual({
    kind: 'busy',
    why: `no connection to ${new URL(stack.url).host} through the proxy at ${new URL(proxy).host} was made in time, and nothing was sent`,
  })
  isSilent = false
  kept.forEach(letThrough)
  expect(await rename(5_000)).toMatchObject({ kind: 'taken' })
  expect(stack.takenUpdates()).toBe(1)
})

test('an update that was sent, and was not answered in time, may have arrived', async () => {
  const { stack, client } = await start({ tokens: [ofOneBranch] }, { writeTimeoutMs: 100 })
  const live = await client.token(ofOneBranch.uid)
  stack.trouble.updates = 'take, then never answer'
  expect(await client.update(live, { ...live.settings, name: 'cd' })).toMatchObject({ kind: 'none' })
})

test('a call that is not answered in time, or by somebody else, names the proxy that it went through', async () => {
  let answer = (_: ServerResponse): void => {}
  const { name, slack, places } = await hiddenPlace()
  const server = createServer((_, response) => answer(response)).listen(slack.port, '127.0.0.1')
  const proxy = await startProxy(places)
  onTestFinished(async () => {
    await proxy.stop()
    server.closeAllConnections()
    server.close()
  })
  const dispatcher = throughProxies({ http: proxy.url, https: proxy.url, except: '' })
  const through = `through the proxy at ${new URL(proxy.url).host}`
  let withinMs = 100
  const late = () => AbortSignal.timeout(withinMs)
  const viaProxy = ((url: string) => fetch(url, { dispatcher, signal: late() })) as unknown as typeof globalThis.fetch
  const toldOfSlack = async () => slackTrouble(await askingSlack(viaProxy, slack.address).catch((error) => error))
  const toldOfStack = () =>
    connectTo(({ url }) => fetch(url, { dispatcher }) as unknown as Promise<Response>, {
      baseUrl: slack.address,
      readTimeoutMs: withinMs,
    })
      .check()
      .catch((error: Error) => error.message)

  expect(await toldOfSlack()).toContain(`${name} ${through} did not answer in time: check the proxy at`)
  expect(await toldOfStack()).toContain(`the stack did not answer in time ${through}. Check the proxy at`)
  withinMs = 10_000
  answer = (response) => void response.end('<html>Blocked</html>')
  expect(await toldOfSlack()).toContain(`${name} ${through} answered with something that is not JSON`)
  expect(await toldOfStack()).toContain(`something in between, such as the proxy at`)
  answer = (response) => void response.destroy()
  expect(await toldOfSlack()).toContain(`the connection to ${name} ${through} failed`)
  expect(await toldOfStack()).toContain(`the connection to ${name} ${through} failed`)
  for (const words of [await toldOfSlack(), await toldOfStack()]) expect(words).not.toMatch(/region|SLACK_API_URL/)
})

function askingSlack(fetch: typeof globalThis.fetch, at = 'https://proxied-slack.invalid'): Promise<unknown> {
  return slackFetch({ apiUrl: `${at}/api/`, fetch })(`${at}/api/auth.test`, {})
}

/** Settings behind that proxy, and the words for what it did. */
async function behindIt() {
  const proxy = await proxyThatHangsUp()
  return { ...settingsBehind(proxy.url), proxy, told: `the proxy at ${new URL(proxy.url).host} closed the connection` }
}

function settingsBehind(proxy: string) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-proxy-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const config = join(folder, 'countersign.yaml')
  const stacks = [{ name: 'website', api_key: 'blt1', region: 'eu', approvers: ['U0BOB'] }]
  writeFileSync(config, JSON.stringify({ channel: 'C0APPROVALS', stacks }))
  const secrets = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', CONTENTSTACK_AUTHTOKEN: 'blt2' }
  const files = { COUNTERSIGN_CONFIG: config, COUNTERSIGN_DB: join(folder, 'countersign.db') }
  return { env: { ...secrets, ...files, NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: proxy } }
}

test('behind a proxy that takes connections and says nothing, the start names it, and so does the doctor, which ends', async () => {
  const proxy = await proxyThat(() => {})
  const { env } = settingsBehind(proxy)
  const port = String(await freePort())
  const told = `the proxy at ${new URL(proxy).host} did not answer within 8 seconds`
  const [app, doctor] = await Promise.all([
    startProcess({ env: { ...env, HEALTH_PORT: port } }),
    runCommand(['doctor'], env),
  ])
  onTestFinished(() => void app.kill())
  expect(doctor.code).toBe(1)
  expect(doctor.out.split(told)).toHaveLength(4)
  expect(doctor.out).not.toMatch(/SLACK_API_URL|region or base_url/)
  await app.says(/it waits, and tries again/)
  const health = await globalThis.fetch(`http://127.0.0.1:${port}/health`)
  expect((await health.json()).waitsFor).toEqual([expect.stringContaining(told), expect.stringContaining(told)])
  expect(await app.terminate()).toEqual({ code: 0, signal: null })
})

test('a proxy of another kind is reported as that, by the start and by the doctor', async () => {
  const { env } = settingsBehind('socks5://me:s3cret@127.0.0.1:9')
  const words = 'HTTPS_PROXY begins with socks5://, and Countersign goes through HTTP proxies only'
  const app = await startProcess({ env })
  expect(await app.exited).toEqual({ code: 1, signal: null })
  expect(app.stderr).toContain(words)
  const { out } = await runCommand(['doctor'], env)
  expect(out).toContain(words)
  expect(out + app.stderr).not.toContain('s3cret')
})

test('the app says at the start that it does not use a proxy, if a connection fails', async () => {
  const { env, proxy } = await behindIt()
  const nowhere = `http://127.0.0.1:${await freePort()}`
  const stacks = [{ name: 'website', api_key: 'blt1', base_url: nowhere, approvers: ['U0BOB'] }]
  writeFileSync(env.COUNTERSIGN_CONFIG, JSON.stringify({ channel: 'C0APPROVALS', stacks }))
  const app = await startProcess({ env: { ...env, NODE_USE_ENV_PROXY: '', SLACK_API_URL: `${nowhere}/api/` } })
  onTestFinished(() => void app.kill())
  await app.says(/Without NODE_USE_ENV_PROXY=1 Node does not use the proxy that HTTPS_PROXY names\./)
  expect(proxy.passed).toEqual([])
})

test('the commands of the app go through proxies that way', async () => {
  const { env, proxy, told } = await behindIt()
  expect((await runCommand(['doctor'], env)).out).toContain(told)
  expect(proxy.passed.length).toBeLessThan(10)
})

test('the app itself goes through proxies that way, and waits between its tries', async () => {
  const { env, proxy, told } = await behindIt()
  const app = await startProcess({ env })
  onTestFinished(() => void app.kill())
  await app.says(new RegExp(told))
  expect(proxy.passed.length).toBeLessThan(10)
})
