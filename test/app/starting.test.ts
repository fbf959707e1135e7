import { expect, test } from 'vitest'
import { createStarting } from '../../src/app/starting.ts'
import { Outage } from '../../src/domain/outside-trouble.ts'
import { SlackBusy } from '../../src/slack/calls/said.ts'

test('what the start waits for is said briefly and without secrets, until it is over', async () => {
  const logged: unknown[] = []
  const log = { warn: (fields: object) => void logged.push(fields) }
  const said: unknown[] = []
  const pause = async () => void said.push(starting.report())
  const starting = createStarting({ log, signal: new AbortController().signal, pause })
  let tries = 0
  const reach = async () => {
    if (++tries === 1) throw new Outage(`<!DOCTYPE html>\n  xoxb-1-secret ${'x'.repeat(6000)}`)
    return 'reached'
  }
  expect(await starting.through(reach)).toBe('reached')
  const waitsFor = [`<!DOCTYPE html> [secret] ${'x'.repeat(274)}…`]
  expect(said).toEqual([expect.objectContaining({ status: 'starting', waitsFor })])
  expect(logged).toEqual([{ waitsFor }])
  expect(starting.report().waitsFor).toEqual([])
})

test.each([
  [
    'the connection to slack.com failed (ECONNREFUSED)',
    ['the connection to slack.com failed (ECONNREFUSED)', 'A hint.'],
  ],
  ['the stack answered: Service unavailable', ['the stack answered: Service unavailable']],
])('unused proxies are mentioned if a connection failed: %s', async (words, waitsFor) => {
  const logged: unknown[] = []
  const log = { warn: (fields: object) => void logged.push(fields) }
  const signal = new AbortController().signal
  const starting = createStarting({ log, signal, pause: async () => {}, hint: 'A hint.' })
  let tries = 0
  await starting.through(async () => {
    if (++tries === 1) throw new Outage(words)
  })
  expect(logged).toEqual([{ waitsFor }])
})

test('a start that Slack keeps waiting says until when it leaves Slack alone, and for how long Slack asked', async () => {
  const logged: unknown[] = []
  const log = { warn: (...line: unknown[]) => void logged.push(line) }
  const signal = new AbortController().signal
  const now = () => new Date('2026-06-01T09:00:00Z')
  const starting = createStarting({ log, signal, pause: async () => {}, now })
  let tries = 0
  await starting.through(async () => {
    if (++tries === 1) throw new SlackBusy('auth.test', 600, 3600)
  })
  const why =
    'Slack got too many calls to auth.test, so Countersign pauses them until 2026-06-01T09:10:00.000Z (Slack asked for 3600 s)'
  expect(logged).toEqual([
    [{ waitsFor: [why] }, 'Countersign has not started yet: it waits, and tries again in 600 s.'],
  ])
})
