import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetch } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { causeOf } from '../../src/domain/from-outside.ts'
import { slackFetch } from '../../src/slack/answers.ts'
import { slackTrouble } from '../../src/slack/errors.ts'
import { throughProxies } from '../../src/slack/through-proxies.ts'
import { connectTo } from '../contentstack/connect.ts'
import { freePort } from '../support/port.ts'
import { runCommand, startProcess } from '../support/process.ts'
import { hiddenPlace, startProxy } from '../support/proxy.ts'

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
  const answered = fetch(`${scheme}://stack.invalid/v3/stacks`, { dispatcher, signal: AbortSignal.timeout(10_000) })
  const why = await answered.then(
    () => 'answered',
    (error: unknown) => causeOf(error),
  )
  expect(why).toBe(`the proxy at ${new URL(proxy.url).host} closed the connection`)
  expect(proxy.passed).toHaveLength(1)
})

/** A proxy that answers this to whoever wants to go through it. */
async function proxyThatSays(status: number): Promise<string> {
  const server = createServer().on('connect', (_, client) => client.end(`HTTP/1.1 ${status} No\r\n\r\n`))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test.each([
  [407, () => proxyThatSays(407), /wants a user and password, HTTP status 407: .*http:\/\/user:password@host:port/],
  [403, () => proxyThatSays(403), /does not allow this host, HTTP status 403: ask whoever runs the proxy/],
  [502, () => proxyThatSays(502), /makes no connection, HTTP status 502: ask whoever runs it/],
  [null, async () => `http://127.0.0.1:${await freePort()}`, /can't be reached: ECONNREFUSED at .*; check HTTPS_PROXY/],
])('what a proxy fails with is told as its own, and with what to do: %j', async (_, start, words) => {
  const proxy = await start()
  const dispatcher = throughProxies({ http: proxy, https: proxy, except: '' })
  const viaProxy = ((url: string) => fetch(url, { dispatcher })) as unknown as typeof globalThis.fetch
  const failure = await viaProxy('https://stack.invalid/').catch((error: unknown) => error)
  expect(causeOf(failure)).toMatch(words)
  expect(causeOf(failure)).toContain(`the proxy at ${new URL(proxy).host} `)
  const slack = await askingSlack(viaProxy).catch((error: unknown) => error)
  expect(slackTrouble(slack)).toMatch(words)
  expect(slackTrouble(slack)).not.toMatch(/SLACK_API_URL/)
  const stack = await connectTo(() => Promise.reject(failure))
    .check()
    .catch((error: Error) => error)
  expect((stack as Error).message).toMatch(words)
  expect((stack as Error).message).not.toMatch(/region/)
})

function askingSlack(fetch: typeof globalThis.fetch): Promise<unknown> {
  return slackFetch({ apiUrl: 'https://slack.invalid/api/', fetch })('https://slack.invalid/api/auth.test', {})
}

/** Settings behind that proxy, and how it is told what it did. */
async function behindIt() {
  const proxy = await proxyThatHangsUp()
  const folder = mkdtempSync(join(tmpdir(), 'countersign-proxy-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const config = join(folder, 'countersign.yaml')
  const stacks = [{ name: 'website', api_key: 'blt1', region: 'eu', approvers: ['U0BOB'] }]
  writeFileSync(config, JSON.stringify({ channel: 'C0APPROVALS', stacks }))
  const secrets = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', CONTENTSTACK_AUTHTOKEN: 'blt2' }
  const files = { COUNTERSIGN_CONFIG: config, COUNTERSIGN_DB: join(folder, 'countersign.db') }
  const env = { ...secrets, ...files, NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: proxy.url }
  return { env, proxy, told: `the proxy at ${new URL(proxy.url).host} closed the connection` }
}

test('the app says at the start that it does not use a proxy, where a connection fails', async () => {
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
