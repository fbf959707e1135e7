import { expect, test } from 'vitest'
import { deliveryChecks } from '../../src/doctor/delivery.ts'
import { lookAll } from '../../src/doctor/finding.ts'
import { tryLink } from '../../src/slack/try-link.ts'
import { startWebApi } from '../slack/workspace.ts'

test.each([{ ok: true }, { ok: true, url: 'nowhere' }, { ok: true, url: 'https://example.com' }])(
  'a connection for which Slack gives no address is an error in words: %j',
  async (answer) => {
    const { apiUrl } = await startWebApi({ 'apps.connections.open': answer })
    const transport = { kind: 'socket', appToken: 'xapp-1', proxies: null } as const
    const [found] = await lookAll(deliveryChecks({ transport, apiUrl, lastActed: async () => null }))
    expect(found).toMatchObject({
      level: 'error',
      says: expect.stringMatching(/Slack gave no answer to apps\.connections\.open: its answer can't be read \(url: /),
    })
  },
)

test('an address that is none is refused at once, and leaves nothing waiting', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const before = timers()
  await expect(tryLink({ url: 'ftp://nowhere', proxies: null })).rejects.toThrow()
  expect(timers()).toBe(before)
})
