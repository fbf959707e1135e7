import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetch } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { causeOf } from '../../src/domain/from-outside.ts'
import { throughProxies } from '../../src/slack/through-proxies.ts'
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
