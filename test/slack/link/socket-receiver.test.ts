import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import type { EmulatedSlack } from '../../../src/sandbox/slack/protocol.ts'
import { eventually } from '../../support/eventually.ts'
import { ghosts, hurried, listener, listening } from '../../support/listening.ts'
import { freePort } from '../../support/port.ts'
import { hiddenPlace, startProxy } from '../../support/proxy.ts'
import { startWebApi } from '../workspace.ts'

const hour = 3_600_000

/** A workspace that is reached through a proxy or not at all. */
async function behindProxy() {
  const { name, slack, places } = await hiddenPlace()
  const proxy = await startProxy(places)
  onTestFinished(() => proxy.stop())
  return { proxy, slack, name, proxies: { http: proxy.url, https: null, except: '' } }
}

describe('behind an egress proxy', () => {
  test('the connection to Slack goes through it', async () => {
    const { proxy, slack: at, proxies, name } = await behindProxy()
    const { slack, heard } = await listening({ slack: at, proxies })
    expect((await slack.as('U0ALICE').command('/token through it')).outcome).toBe('acked')
    expect(heard).toEqual(['through it'])
    expect(new Set(proxy.passed)).toEqual(new Set([`CONNECT ${name}`]))
  })

  test('a host that needs none is reached without it', async () => {
    const { proxy, proxies } = await behindProxy()
    const { slack } = await listening({ proxies: { ...proxies, except: '127.0.0.1' } })
    expect(slack.connections).toBe(1)
    expect(proxy.passed).toEqual([])
  })

  test('a second connection that fails next to one that is open is a warning that the app still listens', async () => {
    const { proxy, slack: at, proxies } = await behindProxy()
    const { slack, receiver, logs, heard } = await listening({ slack: at, proxies, secondAfterMs: 400, pace: hurried })
    proxy.hangUp()
    const why =
      /^A second connection to Slack can't be opened: .*the proxy at \S+ closed the connection.*\. The other one is open, so Countersign still listens, but only as long as that one lasts\.$/
    await eventually(() =>
      expect(receiver.links()).toMatchObject({ standing: 1, failure: { why: expect.stringMatching(why) } }),
    )
    expect((await slack.as('U0ALICE').command('/token still there')).outcome).toBe('acked')
    expect(heard).toEqual(['still there'])
    const told = () => logs.filter((line) => !line.startsWith('info')).map((line) => line.split(':')[0])
    expect(told()).toEqual(["warn A second connection to Slack can't be opened"])
    slack.dropSockets()
    await eventually(() => expect(receiver.links()?.failure?.why).toMatch(/^No connection to Slack: /))
    await eventually(() => expect(told().slice(1)).toEqual(['error No connection to Slack']))
  })

  test('a stop leaves no connection behind', async () => {
    const { slack: at, proxies } = await behindProxy()
    const { slack, app } = await listening({ slack: at, proxies })
    await app.stop()
    await slack.waitFor(() => slack.connections === 0, 'the end of the connection')
  })
})

describe('a connection that fails', () => {
  test.each([
    ['nobody is there', async () => `ws://127.0.0.1:${await freePort()}/`, /^ECONNREFUSED at 127\.0\.0\.1:\d+$/],
    ['the answer is another', async (url: string) => `${url.replace('http', 'ws')}/link`, /^HTTP status 403 instead/],
    ['its name is unknown', async () => 'ws://slack.invalid/', /^E[A-Z_]+ for slack\.invalid$/],
  ])('is reported with its host and the reason, once: %s', async (_, address, why) => {
    const elsewhere = await listening()
    const url = await address(elsewhere.slack.url)
    const { apiUrl, calls } = await startWebApi({ 'apps.connections.open': { ok: true, url } })
    const { app, logs, start } = await listener({ apiUrl, pace: hurried })
    const started = start().catch(() => 'stopped')
    await eventually(() => expect(calls.length).toBeGreaterThan(2))
    const said = logs.map((line) =>
      /^error No connection to Slack: ([^ ]+): (.*)\. Countersign tries again\.$/.exec(line),
    )
    expect(said.map((line) => line?.[1])).toEqual([new URL(url).host])
    expect(said[0]?.[2]).toMatch(why)
    await app.stop()
    expect(await started).toBe('stopped')
  })

  test.each([
    ['none', { ok: true }],
    ['not one', { ok: true, url: 'over there' }],
    ['of a page', { ok: true, url: 'https://slack.com/' }],
  ])('since the address that Slack gave is %s, says so, once', async (_, answer) => {
    const { apiUrl, calls } = await startWebApi({ 'apps.connections.open': answer })
    const { app, logs, start } = await listener({ apiUrl, pace: hurried })
    const started = start().catch(() => 'stopped')
    await eventually(() => expect(calls.length).toBeGreaterThan(2))
    expect(logs).toEqual([
      expect.stringMatching(
        /^error No connection to Slack: Slack gave no answer to apps\.connections\.open: its answer can't be read \(url: .*\)\. Countersign tries again\.$/,
      ),
    ])
    await app.stop()
    expect(await started).toBe('stopped')
  })

  test('since nothing comes through the proxy, names it', async () => {
    const { slack: at, proxies, proxy } = await behindProxy()
    const { slack, logs, start, app } = await listener({ slack: at, proxies, withinMs: 150, pace: hurried })
    slack.trouble.silentUpgrades = true
    const started = start().catch(() => 'stopped')
    const through = `${at.address.slice('http://'.length)} through the proxy at ${new URL(proxy.url).host}`
    const told = `error No connection to Slack: ${through}: no answer within 0.15 seconds. Countersign tries again.`
    await eventually(() => expect(logs).toContain(told))
    await app.stop()
    await started
  })

  test('since the proxy does not let it through, says so', async () => {
    const { proxies } = await behindProxy()
    const { logs, start } = await listener({ proxies, pace: hurried })
    start().catch(() => {})
    await eventually(() =>
      expect(logs).toEqual([
        expect.stringMatching(
          /^error No connection to Slack: .* 127\.0\.0\.1:\d+ failed \(the proxy at \S+ does not allow this host, HTTP status 403: ask/,
        ),
      ]),
    )
  })

  test('since Slack leaves the upgrade without an answer, is given up and tried again', async () => {
    const { slack, logs, start } = await listener({ withinMs: 150, pace: hurried })
    slack.trouble.silentUpgrades = true
    const started = start()
    await eventually(() =>
      expect(logs).toEqual([expect.stringMatching(/: no answer within 0\.15 seconds\. Countersign tries again\./)]),
    )
    slack.trouble.silentUpgrades = false
    await started
    expect(slack.connections).toBe(1)
  })

  test('within ten seconds is given up, and its socket closed', async () => {
    const pass = timers()
    const place = await startPlace(() => {})
    const { slack, logs, start } = await listener({ apiUrl: place.apiUrl, pace: noMore })
    start().catch(() => {})
    const socket = await place.asked
    await pass(9_999, slack)
    expect(logs).toEqual([])
    const closed = once(socket.on('error', () => {}).resume(), 'end')
    await pass(1, slack)
    await closed
    expect(logs).toEqual([expect.stringMatching(/: no answer within 10 seconds\. Countersign tries again\.$/)])
  })

  test('since Slack ends it for a reason as long as a page, is reported in one short line', async () => {
    const place = await startPlace((request, socket) => {
      new WebSocketServer({ noServer: true }).handleUpgrade(request, socket, Buffer.alloc(0), (peer) => {
        peer.send(JSON.stringify({ type: 'disconnect', reason: 'page '.repeat(1_000) }))
        peer.close()
      })
    })
    const { logs, start } = await listener({ apiUrl: place.apiUrl, pace: noMore })
    start().catch(() => {})
    await eventually(() => expect(logs).toHaveLength(1))
    expect(logs[0]).toMatch(
      /^error No connection to Slack: Slack says page page .{200,300}… Countersign tries again\.$/,
    )
  })
})

/** The place that a connection's address leads to, and the socket of the first request. */
async function startPlace(answer: (request: IncomingMessage, socket: Duplex) => void) {
  const server = createServer().on('upgrade', answer).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  const asked = once(server, 'upgrade').then(([, socket]) => {
    onTestFinished(() => void socket.destroy())
    return socket as Duplex
  })
  await once(server, 'listening')
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return { asked, ...(await startWebApi({ 'apps.connections.open': { ok: true, url } })) }
}

/** Tries once, and then waits until it is stopped. */
const noMore = {
  ...hurried,
  wait: (_: number, signal: AbortSignal) => new Promise((end) => signal.addEventListener('abort', end)),
}

/** Time passes when told to. Its effects have reached Slack before ten of its answers are back. */
function timers() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  return async (ms: number, { url }: EmulatedSlack) => {
    vi.advanceTimersByTime(ms)
    for (let i = 0; i < 10; i++) await (await fetch(`${url}/api/auth.test`, { method: 'POST' })).text()
  }
}

test('after an hour without Slack the connection is back within 45 seconds, and the log has one line about it', async () => {
  let passed = 0
  const wait = async (ms: number) => {
    passed += ms
    if (passed >= hour) slack.trouble.down = false
  }
  const { slack, logs } = await listening({ secondAfterMs: hour, pace: { wait, chance: () => 1, ticks: () => 0 } })
  slack.trouble.down = true
  slack.dropSockets()
  await slack.waitFor(() => slack.connections === 1, 'the connection', 60_000)
  expect(passed - hour).toBeLessThan(45_000)
  expect(logs.filter((line) => !line.startsWith('info'))).toEqual([
    expect.stringMatching(
      /^error No connection to Slack: Slack gave no answer to apps\.connections\.open: 127\.0\.0\.1:\d+ answered .*503.* Countersign tries again\.$/,
    ),
  ])
})

test('an outage that both connections meet is one line', async () => {
  const { slack, logs } = await listening({ secondAfterMs: 0, pace: hurried })
  await slack.waitFor(() => slack.connections === 2, 'both connections')
  slack.clear()
  slack.trouble.down = true
  slack.dropSockets()
  await slack.waitFor(() => slack.calls.length >= 6, 'both to be tried again')
  slack.trouble.down = false
  await slack.waitFor(() => slack.connections === 2, 'both connections again')
  expect(logs.filter((line) => line.startsWith('error'))).toHaveLength(1)
})

test('an app-level token that is revoked while the app runs is named, once, with what to do', async () => {
  const { slack, logs, receiver } = await listening({ secondAfterMs: hour, pace: hurried })
  slack.trouble.fail['apps.connections.open'] = 'token_revoked'
  slack.dropSockets()
  const why =
    /^No connection to Slack can be opened\..* \(token_revoked\): check SLACK_APP_TOKEN\. It is the app-level token/
  await eventually(() => expect(receiver.links()?.failure?.why).toMatch(why))
  expect(receiver.isListening()).toBe(false)
  slack.clear()
  await slack.waitFor(() => slack.calls.length >= 3, 'more tries')
  expect(logs.filter((line) => line.startsWith('error'))).toEqual([expect.stringContaining('SLACK_APP_TOKEN')])
  delete slack.trouble.fail['apps.connections.open']
  await eventually(() => expect(receiver.isListening()).toBe(true))
  expect(receiver.links()?.failure).toBeNull()
})

test.each([
  ['an event with nothing in it', { type: 'event_callback', team_id: 'T0SANDBOX', event: null }],
  ['that Slack holds events back', { type: 'app_rate_limited', team_id: 'T0SANDBOX', minute_rate_limited: 1 }],
])("a delivery that Slack's client throws on is acked, and reported once in the log: %s", async (_, body) => {
  const { slack, logs, heard } = await listening({ secondAfterMs: hour })
  expect(await slack.send('event', body)).toMatchObject({ outcome: 'acked', retry: 0 })
  expect(logs.filter((line) => !line.startsWith('info'))).toEqual([
    'error A message from Slack could not be read, and was skipped.',
  ])
  await slack.as('U0ALICE').command('/token still there')
  expect(heard).toEqual(['still there'])
})

describe('the second connection', () => {
  const later = { secondAfterMs: 10_000, pongWithinMs: 10_000_000 }
  const halfAnHour = 1_800_000

  const asked = ({ calls }: EmulatedSlack) => calls.filter(({ method }) => method === 'apps.connections.open').length

  test('is opened some time after the first', async () => {
    const pass = timers()
    const { slack } = await listening(later)
    await pass(9_999, slack)
    expect(asked(slack)).toBe(1)
    await pass(1, slack)
    await slack.waitFor(() => slack.connections === 2, 'both connections')
  })

  test('is not opened after a stop', async () => {
    const pass = timers()
    const { slack, app } = await listening(later)
    await app.stop()
    await pass(10_000, slack)
    expect(asked(slack)).toBe(1)
  })

  test('is not opened before there is room for it, and then once', async () => {
    const { slack, start, logs } = await listener({ ...later, pace: hurried })
    await ghosts(slack, 8)
    slack.clear()
    const pass = timers()
    await start()
    await pass(halfAnHour - 1, slack)
    expect(asked(slack)).toBe(1)
    slack.dropSockets()
    // Polling with timers would move these on.
    while (logs.filter((line) => line.startsWith('info A connection to Slack is open')).length < 2) await nextTurn()
    await pass(halfAnHour - 1, slack)
    expect(asked(slack)).toBe(2)
    slack.forgetGhosts()
    await pass(1, slack)
    await slack.waitFor(() => slack.connections === 2, 'both connections')
    expect(asked(slack)).toBe(3)
  })
})

test('a connection that Slack takes back since there are too many is reported as that, and opened again', async () => {
  const { slack, logs } = await listening({ secondAfterMs: hour, pace: hurried })
  slack.dropSockets('too_many_websockets')
  await eventually(() => expect(logs.join('\n')).toMatch(/^error Slack allows no more connections for this app/m))
  await slack.waitFor(() => slack.connections === 1, 'the connection')
})

test('connections that Slack takes back again and again since there are too many are reported once, and the reason stays', async () => {
  const { slack, logs, receiver } = await listening({ secondAfterMs: hour, pace: hurried })
  for (let time = 0; time < 4; time++) {
    await slack.waitFor(() => slack.connections === 1, 'the connection')
    slack.dropSockets('too_many_websockets')
    await eventually(() => expect(receiver.links()?.failure?.why).toMatch(/^Slack allows no more connections/))
  }
  expect(logs.filter((line) => line.startsWith('error'))).toHaveLength(1)
})

test.each([
  ['known', 'link_disabled', /Slack ends it at once \(link_disabled\): Socket Mode is switched off/],
  ['usual', undefined, /Slack ends it at once \(refresh_requested\)/],
  ['as long as a page', 'page '.repeat(1_000), /Slack ends it at once \(page .{250,310}…\)\./],
])(
  'connections that end again and again as soon as they stand are told once, with why, for a reason that is %s',
  async (_, reason, why) => {
    const { slack, logs, receiver } = await listening({ secondAfterMs: hour, pace: hurried })
    for (let time = 0; time < 5; time++) {
      await slack.waitFor(() => slack.connections === 1, 'the connection')
      expect(receiver.links()?.failure?.why ?? null).toEqual(time < 3 ? null : expect.stringMatching(why))
      slack.dropSockets(reason)
      await slack.waitFor(() => slack.connections === 0, 'its end')
    }
    await eventually(() => expect(receiver.links()?.failure).toBeNull())
    expect(receiver.isListening()).toBe(true)
    expect(logs.filter((line) => line.startsWith('error'))).toEqual([expect.stringMatching(why)])
  },
)

describe('the time without a connection', () => {
  /** A clock that is told the time. */
  function world(options: Parameters<typeof listening>[0]) {
    let at = 0
    const now = () => new Date(at)
    const set = (seconds: number) => {
      at = seconds * 1000
    }
    return { at: set, listens: listening({ now, pace: hurried, ...options }) }
  }
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString()

  test('begins when the last one ends, though a second could not be opened long before', async () => {
    const { at, listens } = world({ secondAfterMs: 400 })
    const { slack, receiver } = await listens
    slack.trouble.down = true
    await eventually(() => expect(receiver.links()).toMatchObject({ standing: 1, failure: { since: iso(0) } }))
    at(60)
    slack.dropSockets()
    await eventually(() => expect(receiver.links()?.deaf).toEqual([{ since: iso(60), until: null }]))
    at(90)
    slack.trouble.down = false
    await eventually(() => expect(receiver.links()?.deaf).toEqual([{ since: iso(60), until: iso(90) }]))
  })

  test('is not ended by connections that stand for a moment only', async () => {
    const { at, listens } = world({ secondAfterMs: hour })
    const { slack, receiver } = await listens
    for (let time = 1; time <= 5; time++) {
      await slack.waitFor(() => slack.connections === 1, 'the connection')
      at(time)
      slack.dropSockets('link_disabled')
      await eventually(() => expect(receiver.isListening()).toBe(false))
    }
    expect(receiver.links()?.deaf.at(-1)).toEqual({ since: iso(3), until: null })
  })
})

describe('deliveries over a connection that is given up', () => {
  /** One command is under way, and acked when told to. */
  async function underWay(options: Partial<Parameters<typeof listening>[0]> = {}) {
    const { promise, resolve: finish } = Promise.withResolvers<void>()
    const world = await listening({ secondAfterMs: hour, pace: hurried, first: () => promise, ...options })
    const said = world.slack.as('U0ALICE').command('/token slowly')
    await eventually(() => expect(world.heard).toEqual(['slowly']))
    return { ...world, said, finish }
  }

  test('since Slack takes it back are acked over it, while the next one stands', async () => {
    const { slack, said, finish, logs } = await underWay()
    slack.dropSockets()
    await slack.waitFor(() => slack.connections === 1, 'the next connection')
    finish()
    expect(await said).toMatchObject({ outcome: 'acked' })
    await eventually(() => expect(slack.links).toBe(1))
    expect(logs.filter((line) => !line.startsWith('info'))).toEqual([])
  })

  test.each([0, 1])(
    'is acked over connections that are not of another process, where Slack still counts them: beside %i that is',
    async (others) => {
      const { promise, resolve: finish } = Promise.withResolvers<void>()
      const options = { secondAfterMs: 0, pace: hurried, first: () => promise }
      const { slack, start, heard, logs, receiver } = await listener(options)
      await ghosts(slack, others)
      await start()
      await slack.waitFor(() => slack.connections === 2 + others, 'both connections')
      for (const n of [1, 2, 3].slice(0, 2 + others)) void slack.as('U0ALICE').command(`/token ${n}`)
      await eventually(() => expect(heard).toHaveLength(2))
      slack.dropSockets('refresh_requested', true)
      await slack.waitFor(() => slack.connections === 2 + others, 'the next connections')
      await eventually(() => expect(receiver.links()).toMatchObject({ standing: 2, counted: 4 + others }))
      finish()
      await eventually(() => expect(receiver.traffic()).toEqual({ came: 2, acked: 2 }))
      expect(logs.at(-1)).toMatch(/counts \d for this app\. They may include 2 that this process is closing\.$/)
      expect(logs.filter((line) => line.startsWith('warn'))).toHaveLength(others)
    },
  )

  test('since the app stops are acked before that', async () => {
    const { slack, app, said, finish } = await underWay()
    const stopped = app.stop()
    await nextTurn()
    finish()
    expect(await said).toMatchObject({ outcome: 'acked' })
    await stopped
    await eventually(() => expect(slack.links).toBe(0))
  })

  test('are waited for no longer than Slack waits', async () => {
    const { slack, said, receiver } = await underWay({ ackWithinMs: 50, slack: { ackWithinMs: 60_000 } })
    expect(receiver.traffic()).toEqual({ came: 1, acked: 0 })
    slack.dropSockets()
    await slack.waitFor(() => slack.connections === 1, 'the next connection')
    await eventually(() => expect(slack.links).toBe(1))
    expect(await said).toMatchObject({ outcome: 'timed out' })
  })
})

test("a listener's failure is reported once in the log, with its cause, and the next delivery is taken", async () => {
  let times = 0
  const first = async () => {
    if (++times === 1) throw new Error('nothing here is prepared for that')
  }
  const { slack, logs, causes } = await listening({ secondAfterMs: hour, first, slack: { ackWithinMs: 200 } })
  expect((await slack.as('U0ALICE').command('/token one')).outcome).toBe('timed out')
  expect((await slack.as('U0ALICE').command('/token two')).outcome).toBe('acked')
  expect(logs.filter((line) => line.includes('from Slack'))).toEqual([
    'error A delivery from Slack could not be handled.',
  ])
  expect(causes).toContain('A delivery from Slack could not be handled. nothing here is prepared for that')
})

test('a clock that is set ahead cuts no connection', async () => {
  const { slack, logs } = await listening({ secondAfterMs: hour, pongWithinMs: 90 })
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hour })
  onTestFinished(() => void vi.useRealTimers())
  let pongs = 0
  const heard = () => void pongs++
  subscribe('undici:websocket:pong', heard)
  onTestFinished(() => void unsubscribe('undici:websocket:pong', heard))
  await eventually(() => expect(pongs).toBeGreaterThan(6))
  expect(logs).toEqual(['info A connection to Slack is open. Slack counts 1 for this app.'])
  expect(slack.links).toBe(1)
})

test('a link that was cut is noticed once three pings in five seconds are not answered', async () => {
  const pass = timers()
  const { slack, logs } = await listening({ secondAfterMs: hour, pace: hurried })
  const warned = () => logs.filter((line) => line.startsWith('warn'))
  slack.cutLinks()
  await pass(5_000, slack)
  expect(warned()).toEqual([])
  await pass(1_700, slack)
  expect(warned()).toEqual([expect.stringMatching(/has answered no ping for 5 seconds: it is treated as cut\.$/)])
})

describe('links that are cut silently', () => {
  const cutOften = { pace: hurried, pongWithinMs: 250, secondAfterMs: 0 }

  test('are reported though it is only one', async () => {
    const { slack, logs } = await listening({ ...cutOften, secondAfterMs: 1_500 })
    await slack.waitFor(() => slack.connections === 1, 'the first connection')
    slack.cutLinks()
    await slack.waitFor(() => slack.connections >= 3, 'one that was cut, and two that stand')
    await eventually(() => expect(logs.some((line) => line.startsWith('warn Slack counts'))).toBe(true))
  })

  test('are replaced, and counted: the log says what Slack counts', async () => {
    const { slack, receiver, logs } = await listening({ ...cutOften, slack: { ackWithinMs: 200 } })
    await slack.waitFor(() => slack.connections === 2, 'both connections')
    const lastHello = expect.stringMatching(/^20.*Z$/)
    await eventually(() =>
      expect(receiver.links()).toEqual({
        standing: 2,
        counted: 2,
        lastHello,
        failure: null,
        deaf: [],
        deafForMs: null,
      }),
    )
    slack.cutLinks()
    await slack.waitFor(() => slack.connections === 4, 'both connections again')
    expect(logs.filter((line) => line.startsWith('warn A connection to Slack'))).toEqual(
      Array(2).fill(expect.stringMatching(/ has answered no ping for 0\.25 seconds: it is treated as cut\.$/)),
    )
    await eventually(() => expect(receiver.links()).toMatchObject({ standing: 2, counted: 4 }))
    expect(logs.findLast((line) => line.startsWith('warn Slack counts'))).toMatch(
      /^warn Slack counts 4 connections for this app, and this process has 2: another process/,
    )
    const outcomes = []
    for (const n of [1, 2, 3, 4]) outcomes.push((await slack.as('U0ALICE').command(`/token ${n}`)).outcome)
    expect(new Set(outcomes)).toEqual(new Set(['acked', 'timed out']))
    const acked = outcomes.filter((outcome) => outcome === 'acked').length
    expect(receiver.traffic()).toEqual({ came: acked, acked })
  })

  test('are not reported if Slack may count a connection that this process is opening', async () => {
    const { slack, start, logs } = await listener({ secondAfterMs: hour })
    await ghosts(slack, 1)
    await start()
    expect(logs).toEqual(['info A connection to Slack is open. Slack counts 2 for this app.'])
  })

  test('are reported once for as long as Slack counts as many', async () => {
    const { slack, start, logs } = await listener({ pace: hurried, secondAfterMs: hour })
    await ghosts(slack, 2)
    await start()
    slack.dropSockets()
    const linesOf = (words: string) => logs.filter((line) => line.startsWith(words))
    await eventually(() => expect(linesOf('info A connection to Slack is open')).toHaveLength(2))
    expect(linesOf('warn Slack counts 3 connections')).toHaveLength(1)
  })

  test('are not reported if other instances on the database explain as many, also one that has come since', async () => {
    const { slack, start, logs } = await listener({ secondAfterMs: hour, elsewhere: async () => 2 })
    await ghosts(slack, 4)
    await start()
    expect(logs).toEqual(['info A connection to Slack is open. Slack counts 5 for this app.'])
  })

  test('are reported if more stand than the other instances explain', async () => {
    const { slack, start, logs } = await listener({ secondAfterMs: hour, elsewhere: async () => 1 })
    await ghosts(slack, 4)
    await start()
    await eventually(() =>
      expect(logs.slice(1)).toEqual([
        expect.stringMatching(
          /^warn Slack counts 5 connections for this app, and this process has 1; the other instance on this database has at most two: another process/,
        ),
      ]),
    )
  })

  test('if the known instances have nearly ten, that one connection has to do is no warning', async () => {
    const { slack, start, logs } = await listener({ pace: hurried, secondAfterMs: hour, elsewhere: async () => 3 })
    await ghosts(slack, 7)
    await start()
    await eventually(() =>
      expect(logs.join('\n')).toMatch(/info Slack counts 8 connections for this app, and allows ten/),
    )
    expect(logs.filter((line) => line.startsWith('warn'))).toEqual([])
  })

  test('near the ten that Slack takes, one connection has to do until there are fewer', async () => {
    const { slack, start, receiver, logs } = await listener({ pace: hurried, secondAfterMs: 0, crowdedForMs: 200 })
    await ghosts(slack, 6)
    await start()
    await eventually(() =>
      expect(logs.join('\n')).toMatch(/warn Slack counts 8 connections for this app, and allows ten/),
    )
    await slack.waitFor(() => slack.connections === 7, 'one connection')
    expect(receiver.links()?.standing).toBe(1)
    slack.forgetGhosts()
    await slack.waitFor(() => slack.connections === 2, 'both connections')
  })

  test('near that many for hours, are not reported as cut if the app gives them up itself', async () => {
    const { slack, start, receiver, logs } = await listener({ pace: hurried, secondAfterMs: 0, crowdedForMs: 20 })
    await ghosts(slack, 7)
    await start()
    const givenUp = () => logs.filter((line) => line.includes('this process keeps only one')).length
    await eventually(() => expect(givenUp()).toBeGreaterThan(5))
    expect(logs.filter((line) => line.startsWith('error'))).toEqual([])
    expect(receiver.links()?.failure).toBeNull()
  })

  test('near that many, the connection that stands is kept, whichever it is', async () => {
    const pausing = Promise.withResolvers<void>()
    const wait = (_: number, signal: AbortSignal) => {
      pausing.resolve()
      return new Promise((end) => signal.addEventListener('abort', end))
    }
    const pace = { ...hurried, wait }
    const { slack, start, receiver, heard } = await listener({ pace, secondAfterMs: 0, crowdedForMs: 200 })
    await ghosts(slack, 8)
    await start()
    slack.dropSockets()
    await pausing.promise
    await eventually(() => expect(receiver.isListening()).toBe(true))
    slack.forgetGhosts()
    await slack.as('U0ALICE').command('/token still there')
    expect(heard).toEqual(['still there'])
  })

  test('can fill all ten: that is reported, and it is tried again until Slack has noticed', async () => {
    const { slack, start, logs, receiver } = await listener(cutOften)
    await ghosts(slack, 10)
    const started = start()
    await eventually(() =>
      expect(logs).toEqual([expect.stringMatching(/^error Slack allows no more connections .*too_many_websockets/)]),
    )
    expect(receiver.isListening()).toBe(false)
    slack.forgetGhosts()
    await started
    expect(receiver.isListening()).toBe(true)
  })
})
