import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startHealthServer } from '../../../src/app/health/health-server.ts'
import { tellHealth } from '../../../src/cli/health/health.ts'
import { healthPlace } from '../../../src/config/config.ts'
import { freePort } from '../../support/port.ts'
import { atTerminalOf } from '../../support/terminal.ts'

const well = {
  status: 'ok' as const,
  version: '0.2.0',
  log: { writable: true, why: null, since: null, keyed: true, doubt: null, anchors: {} },
  slack: {
    ...{ listening: true, came: 1, acked: 1, elsewhere: null, why: null, since: null },
    posts: { failing: 0, inDoubt: 0 },
  },
  stacks: [{ name: 'website', lookedAt: null, failed: false, why: null, since: null }],
}
type Answer = Parameters<typeof startHealthServer>[1]

async function health(report: Answer, env: Record<string, string> = {}) {
  const where = { port: 0, host: env.LISTEN_HOST ?? '127.0.0.1', struck: (text: string) => text }
  const server = await startHealthServer(where, report, () => null)
  onTestFinished(server.stop)
  return atTerminalOf({ HEALTH_PORT: String(server.port), ...env }, tellHealth)
}

/** Something else that listens; resolves to the settings that name its port. */
async function served(answers: RequestListener): Promise<Record<string, string>> {
  const other = createServer(answers).listen(0, '127.0.0.1')
  onTestFinished(() => {
    other.closeAllConnections()
    other.close()
  })
  await new Promise((resolve) => other.once('listening', resolve))
  return { HEALTH_PORT: String((other.address() as AddressInfo).port) }
}

test('an app that can do its work is well, also if it listens on every address', async () => {
  expect(await health(() => well)).toEqual({ ok: true, out: 'ok', err: '' })
  expect(await health(() => well, { LISTEN_HOST: '0.0.0.0' })).toMatchObject({ ok: true, out: 'ok' })
})

test('an app that cannot do its work says why, and the command fails', async () => {
  const website = { ...well.stacks[0]!, why: 'Contentstack does not accept the authtoken' }
  const report = { ...well, status: 'not accepted by Contentstack' as const, stacks: [website] }
  const out = 'not accepted by Contentstack\nwebsite: Contentstack does not accept the authtoken'
  expect(await health(() => report)).toEqual({ ok: false, out, err: '' })
})

test('an app on its way up is not well yet, and says what it waits for', async () => {
  const starting = { status: 'starting' as const, version: '0.2.0', waitsFor: ['Slack does not answer.'] }
  expect(await health(() => starting)).toEqual({ ok: false, out: 'starting\nSlack does not answer.', err: '' })
})

test('no answer, or one from something else, does not count as a healthy app', async () => {
  const port = String(await freePort())
  const { ok, err } = await atTerminalOf({ HEALTH_PORT: port }, tellHealth)
  expect([ok, err]).toEqual([
    false,
    expect.stringContaining(`Countersign does not answer at 127.0.0.1, port ${port}: `),
  ])
  const there = await served((_, response) => void response.end('<p>ok</p>'))
  expect((await atTerminalOf(there, tellHealth)).err).toMatch(/what answers there is not its \/health \(HTTP 200\)\.$/)
})

test('a program that takes the question and never answers does not count as a healthy app', async () => {
  const there = await served(() => {})
  const { ok, err } = await atTerminalOf(there, (terminal) => tellHealth(terminal, 50))
  expect([ok, err]).toEqual([false, expect.stringMatching(/: there was no answer within 0\.05 seconds\.$/)])
})

test.each([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
  ['10.0.0.7', '10.0.0.7'],
])('an app that listens at %s is asked at %s', (listens, asked) => {
  expect(healthPlace({ HEALTH_PORT: '8080', LISTEN_HOST: listens })).toEqual({ host: asked, port: 8080 })
})

test('without HEALTH_PORT nobody can be asked', async () => {
  const said: string[] = []
  const code = await tellHealth({ tell: () => {}, complain: (line) => void said.push(line), env: {} })
  expect([code, said]).toEqual([2, [expect.stringContaining('HEALTH_PORT is not set')]])
})

test('a secret that is one of the words of the answer takes nothing away from it', async () => {
  const struck = (text: string) =>
    ['status', 'countersign', 'not listening'].reduce((t, one) => t.replaceAll(one, '[secret]'), text)
  const report = {
    ...well,
    status: 'not listening' as const,
    slack: { ...well.slack, why: 'countersign is no password' },
  }
  const metrics =
    '# HELP countersign_info What countersign runs\ncountersign_info{version="0.2.0",rule="of countersign"} 1\n'
  const server = await startHealthServer(
    { port: 0, host: '127.0.0.1', struck },
    () => report,
    async () => metrics,
  )
  onTestFinished(server.stop)
  const at = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${server.port}${path}`, { method })
  expect(await (await at('/health')).json()).toMatchObject({
    status: 'not listening',
    slack: { why: '[secret] is no password' },
  })
  expect(await (await at('/metrics?job=1')).text()).toBe(metrics.replace('of countersign', 'of [secret]'))
  expect((await at('/metrics', 'DELETE')).status).toBe(405)
})

test('an answer without an end is not read to the end', async () => {
  const env = await served((_, response) => {
    const write = () => void (response.destroyed || response.write('x'.repeat(100_000), () => setImmediate(write)))
    write()
  })
  const { ok, err } = await atTerminalOf(env, tellHealth)
  expect([ok, err]).toEqual([false, expect.stringContaining('what answers there is not its /health')])
})
