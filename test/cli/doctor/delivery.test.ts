import { expect, onTestFinished, test } from 'vitest'
import { deliveryChecks } from '../../../src/cli/doctor/delivery.ts'
import { lookAll } from '../../../src/cli/doctor/finding.ts'
import { startSlack } from '../../../src/sandbox/slack/slack.ts'
import { tryLink } from '../../../src/slack/link/try-link.ts'
import { startWebApi } from '../../slack/workspace.ts'
import { hiddenPlace, startProxy } from '../../support/proxy.ts'

test.each([{ ok: true }, { ok: true, url: 'nowhere' }, { ok: true, url: 'https://example.com' }])(
  'a connection for which Slack gives no address is an error in words: %j',
  async (answer) => {
    const { apiUrl } = await startWebApi({ 'apps.connections.open': answer })
    const transport = { kind: 'socket', appToken: 'xapp-1', proxies: null } as const
    const [found] = await lookAll(
      deliveryChecks({ transport, apiUrl, lastActed: async () => null, instances: async () => null }),
    )
    expect(found).toMatchObject({
      level: 'error',
      says: expect.stringMatching(/Slack gave no answer to apps\.connections\.open: its answer can't be read \(url: /),
    })
  },
)

test('an invalid address is refused at once, and leaves nothing waiting', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const before = timers()
  await expect(tryLink({ url: 'ftp://nowhere', proxies: null })).rejects.toThrow()
  expect(timers()).toBe(before)
})

test("a connection is tried through the proxy, as the app's are", async () => {
  const { name, slack: at, places } = await hiddenPlace()
  const [slack, proxy] = await Promise.all([startSlack(at), startProxy(places)])
  onTestFinished(async () => void (await Promise.all([slack.stop(), proxy.stop()])))
  const proxies = { http: proxy.url, https: null, except: '' }
  const transport = { kind: 'socket', appToken: slack.appToken, proxies } as const
  const apiUrl = `http://127.0.0.1:${at.port}/api/`
  const [found] = await lookAll(
    deliveryChecks({ transport, apiUrl, lastActed: async () => null, instances: async () => null }),
  )
  expect(found).toMatchObject({ level: 'ok' })
  expect(proxy.passed).toEqual([`CONNECT ${name}`])
})
