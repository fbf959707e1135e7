import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { Outage } from '../../src/domain/outside-trouble.ts'
import { Refusal } from '../../src/domain/refusal.ts'
import { answerErrors } from '../../src/slack/edge.ts'
import { SlackBusy, SlackNo, SlackUnheard } from '../../src/slack/said.ts'
import { alice } from '../support/world.ts'
import { startBolt } from './workspace.ts'

test('what a service outside answered is told in one short line, without a secret', async () => {
  const bolt = await startBolt({ botToken: 'xoxb-test', apiUrl: 'http://nowhere.invalid/api/' })
  bolt.use(answerErrors)
  bolt.view('form', async () => {
    throw new Outage(`the answer was <!DOCTYPE html>\n  xoxb-1-secret ${'x'.repeat(6000)}`)
  })
  const acks: unknown[] = []
  await bolt.processEvent({
    body: {
      type: 'view_submission',
      team: { id: 'T0SANDBOX' },
      user: { id: alice },
      view: { id: 'V1', type: 'modal', callback_id: 'form', state: { values: {} } },
    },
    ack: async (answer) => void acks.push(answer),
    customProperties: { delivery: { acked: false, late: false } },
  })
  const words = `The answer was <!DOCTYPE html> [secret] ${'x'.repeat(259)}…; it is logged as `
  expect(JSON.stringify(acks)).toContain(words)
})

test('that Slack gave no answer is told without its hosts and calls, which are for the log', async () => {
  const told: string[] = []
  const args = {
    body: { command: '/token', user_id: alice, response_url: 'https://hooks.slack.example/1' },
    context: {},
    next: () => Promise.reject(new SlackUnheard('users.info', '10.0.0.9:3128 answered with no JSON')),
    respond: async ({ text }: { text: string }) => void told.push(text),
    logger: { info: () => {}, warn: () => {}, error: () => {} },
  }
  await answerErrors(args as never)
  expect(told).toEqual([expect.stringMatching(/^Slack gave no answer; it is logged as /)])
})

describe('what came of a command, where Slack takes no answer to it', () => {
  /** Slack says this to each word at the address for answers, and to each message to the person, in turn; then it takes them. */
  function commandRefused(toAnswers: Error[], toMessages: Error[]) {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const [told, logged]: [string[], string[]] = [[], []]
    const takes =
      (noes: Error[]) =>
      async ({ text }: { text: string }) => {
        const no = noes.shift()
        if (no) throw no
        told.push(text)
      }
    const args = {
      body: { command: '/token', user_id: alice, response_url: 'https://hooks.slack.example/1' },
      context: {},
      next: () => Promise.reject(new Refusal('not_found', 'There is no change #7.')),
      respond: takes(toAnswers),
      client: { chat: { postMessage: takes(toMessages) } },
      logger: { info: (text: string) => logged.push(text) },
    }
    return { told, logged, answered: answerErrors(args as never) }
  }
  const late = 'There is no change #7. (Slack would not take this message until now.)'

  test('for a while, is told when that is over', async () => {
    const busy = () => new SlackBusy('chat.postMessage', 30)
    const { told, logged, answered } = commandRefused([new SlackBusy('response_url', 60)], [busy()])
    await answered
    await vi.advanceTimersByTimeAsync(29_000)
    expect(told).toEqual([])
    await vi.advanceTimersByTimeAsync(1_000)
    expect([told, logged]).toEqual([[late], []])
  })

  test('again after that, is in the log', async () => {
    const busy = () => new SlackBusy('chat.postMessage', 30)
    const { told, logged, answered } = commandRefused([busy(), busy()], [busy(), busy()])
    await answered
    await vi.advanceTimersByTimeAsync(600_000)
    expect(told).toEqual([])
    expect(logged).toEqual([expect.stringContaining(`could not be told to ${alice}`)])
  })

  test('at all, is in the log at once', async () => {
    const no = new SlackNo('chat.postMessage', { ok: false, error: 'user_disabled' })
    const { told, logged, answered } = commandRefused([new SlackBusy('response_url', 30)], [no])
    await answered
    expect([told, logged]).toEqual([[], [`What came of it could not be told to ${alice} (user_disabled).`]])
  })
})
