import { describe, expect, onTestFinished, test } from 'vitest'
import { healthReport, shortlyDeafMs } from '../../../src/app/health/health-report.ts'
import {
  type HealthReport,
  type Starting,
  type Stopping,
  startHealthServer,
} from '../../../src/app/health/health-server.ts'
import { createHealth } from '../../../src/workflow/log/health.ts'

type Seen = Parameters<typeof healthReport>[1]

const health = createHealth({ now: () => new Date(0), onChange: () => {} })
const at = '2026-06-01T09:00:00.000Z'
const shut = (why: string) => ({ why, since: at })
const links = { standing: 1, counted: 3, lastHello: at, failure: shut('out of reach'), deaf: [], deafForMs: null }
const spell = (since: string, until: string | null = null) => ({ since, until })
const look = { stack: 'Website', at, failed: false, trouble: null, shut: null }

function reportOf(seen: Partial<Seen> = {}) {
  return healthReport(health, {
    version: '1',
    keyed: true,
    slack: { listening: true, came: 7, acked: 5, links },
    elsewhere: at,
    posts: { failing: 3, inDoubt: 1 },
    slackShut: null,
    slackSilent: null,
    slackSpells: [],
    looks: [look],
    anchors: { places: [], last: {}, at: new Date(at) },
    ...seen,
  })
}

const withoutConnections = {
  listening: true,
  came: 7,
  acked: 5,
  elsewhere: at,
  posts: { failing: 3, inDoubt: 1 },
  why: null,
  since: null,
}

test('deliveries, acks, failing posts and connections are reported while all is well too', () => {
  const { status, slack } = reportOf()
  expect(status).toBe('ok')
  const connections = { standing: 1, counted: 3, lastHello: at, why: 'out of reach', since: at }
  expect(slack).toEqual({ ...withoutConnections, connections })
})

test('each stack says when all its tokens were last listed, or that they never were', () => {
  const looks = [look, { ...look, stack: 'Shop', at: null, failed: true }]
  expect(reportOf({ looks }).stacks).toEqual([
    { name: 'Website', lookedAt: at, failed: false, why: null, since: null },
    { name: 'Shop', lookedAt: null, failed: true, why: null, since: null },
  ])
})

test('over HTTP there are no connections to report', () => {
  const { slack } = reportOf({ slack: { listening: true, came: 7, acked: 5, links: null } })
  expect(slack).toEqual(withoutConnections)
})

test('of several troubles with Slack and the stacks, the first to see to is reported, with its reason', () => {
  const deaf = { listening: false, came: 7, acked: 5, links: { ...links, deaf: [spell('10:00')] } }
  const silent = { slack: deaf, slackSilent: shut('no answer') }
  const closed = { ...silent, looks: [{ ...look, shut: shut('the authtoken is not accepted') }] }
  const why = (words: string) => ({ why: words, since: '10:00' })
  expect(reportOf({ slack: deaf })).toMatchObject({ status: 'not listening', slack: why('out of reach') })
  expect(reportOf({ slackSilent: shut('no answer') })).toMatchObject({ status: 'no answer from Slack' })
  expect(reportOf(silent)).toMatchObject({ status: 'not listening', slack: why('no answer') })
  expect(reportOf(closed)).toMatchObject({
    status: 'not accepted by Contentstack',
    stacks: [shut('the authtoken is not accepted')],
  })
  expect(reportOf({ ...closed, slackShut: shut('the bot token is not accepted') })).toMatchObject({
    status: 'not accepted by Slack',
    slack: why('the bot token is not accepted'),
  })
})

describe('trouble with Slack is reported with when it began', () => {
  const deafOf = (...deaf: ReturnType<typeof spell>[]) => ({
    ...{ listening: false, came: 7, acked: 5 },
    links: { ...links, deaf },
  })
  const silent = { slackSilent: shut('no answer') }

  test.each<[string, Partial<Seen>]>([
    ['calls fail later', { ...silent, slack: deafOf(spell('10:00')), slackSpells: [spell('10:02')] }],
    ['connections fail later', { ...silent, slack: deafOf(spell('10:02')), slackSpells: [spell('10:00')] }],
    ['calls work again first', { slack: deafOf(spell('10:02')), slackSpells: [spell('10:00', '10:05')] }],
    [
      'all three overlap',
      { slack: deafOf(spell('10:06')), slackSpells: [spell('10:00', '10:05'), spell('10:04', '10:08')] },
    ],
    [
      'calls fail later, while connections stand for a moment only',
      { ...silent, slack: { ...deafOf(spell('10:00')), listening: true }, slackSpells: [spell('10:02')] },
    ],
    ['calls failed before, by themselves', { slack: deafOf(spell('10:00')), slackSpells: [spell('09:00', '09:59')] }],
  ])('dated by the first of it, as long as there is no break: %s', (_, seen) => {
    expect(reportOf(seen).slack.since).toBe('10:00')
  })

  test('only while it lasts: a connection that stands for a moment is one that listens', () => {
    const slack = { ...deafOf(spell('10:00')), listening: true }
    expect(reportOf({ slack })).toMatchObject({ status: 'ok', slack: { why: null, since: null } })
  })

  test('without an alarm as long as it may only be a short reconnection', () => {
    const reconnecting = (deafForMs: number) =>
      reportOf({ slack: { ...deafOf(), links: { ...links, deafForMs, deaf: [spell('10:00')] } } })
    expect(reconnecting(shortlyDeafMs - 1)).toMatchObject({ status: 'ok', slack: { listening: false, since: '10:00' } })
    expect(reconnecting(shortlyDeafMs)).toMatchObject({ status: 'not listening' })
  })

  test('from the moment that no connection stands, before the next try has failed', () => {
    const slack = { ...deafOf(), links: { ...links, failure: null, deaf: [spell('10:00')] } }
    const why = 'No connection to Slack is open; the next one is being opened.'
    expect(reportOf({ slack }).slack).toMatchObject({ why, since: '10:00' })
  })
})

test.each<[(HealthReport | Starting | Stopping)['status'], number]>([
  ['ok', 200],
  ['starting', 503],
  ['stopping', 503],
  ['read-only', 503],
  ['log in doubt', 503],
  ['not listening', 503],
  ['no answer from Slack', 503],
  ['not accepted by Slack', 503],
  ['not accepted by Contentstack', 503],
])('health that is "%s" is answered with %i', async (status, code) => {
  const report = () => ({ status }) as HealthReport
  const { port, stop } = await startHealthServer({ port: 0, host: '127.0.0.1', struck: String }, report, () => null)
  onTestFinished(stop)
  const answer = await fetch(`http://127.0.0.1:${port}/health`)
  expect([answer.status, await answer.json()]).toEqual([code, { status }])
})

test('neither answer repeats a secret, whoever has put it there', async () => {
  const struck = (text: string) => text.replaceAll('secret-1', '[secret]')
  const report = () => reportOf({ slackShut: shut('Slack said secret-1') })
  const where = { port: 0, host: '127.0.0.1', struck }
  const { port, stop } = await startHealthServer(where, report, async () => 'countersign_info{version="secret-1"} 1')
  onTestFinished(stop)
  const answers = ['health', 'metrics'].map(async (path) => (await fetch(`http://127.0.0.1:${port}/${path}`)).text())
  for (const text of await Promise.all(answers)) {
    expect(text).toContain('[secret]')
    expect(text).not.toContain('secret-1')
  }
})

test('there are no metrics while the app starts or stops', async () => {
  const { port, stop } = await startHealthServer(
    { port: 0, host: '127.0.0.1', struck: String },
    () => reportOf(),
    () => null,
  )
  onTestFinished(stop)
  expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(503)
})
