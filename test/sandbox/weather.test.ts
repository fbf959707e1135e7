import { LogLevel, WebClient } from '@slack/web-api'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startStack } from '../../src/sandbox/stack/stack.ts'
import type { Weather } from '../../src/sandbox/weather.ts'
import { alice, approvals, workspace } from './slack/support.ts'
import { put } from './stack/ask.ts'

const uid = 'blt1'
const main = { module: 'branch', acl: { read: true }, branches: ['main'] }

type Row = { readonly weather: Weather; readonly isDone: boolean; readonly seen: string | number }
const rows: readonly Row[] = [
  { weather: 'fine', isDone: true, seen: 200 },
  { weather: 'lost', isDone: false, seen: 'failed' },
  { weather: 'page', isDone: false, seen: 'failed' },
  { weather: 'busy', isDone: false, seen: 'failed' },
  { weather: 'broken', isDone: false, seen: 'failed' },
  { weather: 'answer lost', isDone: true, seen: 'failed' },
  { weather: 'cut short', isDone: true, seen: 'failed' },
  { weather: 'broken after', isDone: true, seen: 'failed' },
]

describe.each(rows)('when the way to it is "$weather"', ({ weather, isDone, seen }) => {
  test('a stack takes an update or not, and the answer is heard or not', async () => {
    const stack = await startStack({ tokens: [{ uid, name: 'old', description: 'old', scope: [main] }] })
    onTestFinished(() => stack.stop())
    stack.trouble.weather = () => weather
    const answer = put(stack, uid, { name: 'new', description: 'new', scope: [main] })
    expect(
      await answer.then(
        ({ status }) => status,
        () => 'failed',
      ),
    ).toBe(seen)
    expect(stack.takenUpdates(uid)).toBe(isDone ? 1 : 0)
  })

  test('Slack posts a message or not, and the answer is heard or not', async () => {
    const slack = await workspace()
    slack.trouble.weather = ({ path }) => (path === '/api/chat.postMessage' ? weather : 'fine')
    const options = { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, logLevel: LogLevel.ERROR }
    const client = new WebClient(slack.botToken, { slackApiUrl: `${slack.url}/api/`, ...options })
    const posted = client.chat.postMessage({ channel: approvals, text: 'hello' })
    expect(
      await posted.then(
        ({ ok }) => (ok ? 200 : 'failed'),
        () => 'failed',
      ),
    ).toBe(seen)
    expect(slack.as(alice).messages(approvals)).toHaveLength(isDone ? 1 : 0)
  })
})
