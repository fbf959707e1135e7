import type { AddressInfo } from 'node:net'
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt'
import { onTestFinished } from 'vitest'
import type { EmulatedSlack, SlackOptions } from '../../../src/sandbox/slack/protocol.ts'
import { startSlack } from '../../../src/sandbox/slack/slack.ts'

export const alice = 'U0ALICE'
export const bob = 'U0BOB'
export const approvals = 'C0APPROVALS'

/** A workspace that stops with the test. */
export async function workspace(options: SlackOptions = {}): Promise<EmulatedSlack> {
  const slack = await startSlack(options)
  onTestFinished(() => slack.stop())
  return slack
}

/** A clock that moves only when told to. */
export function stoppedClock(start = 1_700_000_000_000) {
  let at = start
  return {
    now: () => at,
    pass(ms: number) {
      at += ms
    },
  }
}

export type Transport = 'socket' | 'http'

/** An unmodified Bolt app on that workspace, which stops with the test. */
export async function boltApp(
  slack: EmulatedSlack,
  register: (app: App) => void,
  transport: Transport = 'socket',
): Promise<App> {
  const receiver =
    transport === 'socket' ? socketReceiver(slack) : new HTTPReceiver({ signingSecret: slack.signingSecret })
  const app = new App({
    token: slack.botToken,
    receiver,
    clientOptions: { slackApiUrl: `${slack.url}/api/`, retryConfig: { retries: 0 } },
    logLevel: LogLevel.ERROR,
    deferInitialization: true,
  })
  register(app)
  await app.init()
  const server = await app.start(0)
  if (transport === 'http') slack.deliverTo(`http://127.0.0.1:${portOf(server)}/slack/events`)
  onTestFinished(() => app.stop().then(() => undefined))
  return app
}

function socketReceiver(slack: EmulatedSlack): SocketModeReceiver {
  return new SocketModeReceiver({
    appToken: slack.appToken,
    logLevel: LogLevel.ERROR,
    installerOptions: { clientOptions: { slackApiUrl: `${slack.url}/api/` } },
  })
}

function portOf(server: unknown): number {
  return ((server as { address(): AddressInfo }).address() as AddressInfo).port
}

export type ApiAnswer = { ok: boolean; error?: string } & Record<string, unknown>

/** A bare call of the Web API with the bot's token, encoded as a form. */
export async function call(
  slack: EmulatedSlack,
  method: string,
  args: Record<string, unknown> = {},
  token: string = slack.botToken,
): Promise<ApiAnswer> {
  const form = Object.entries(args).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : `${value}`,
  ])
  const response = await fetch(`${slack.url}/api/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form as [string, string][]),
  })
  return (await response.json()) as ApiAnswer
}

export function plain(text: string) {
  return { type: 'plain_text' as const, text }
}

export function option(value: string) {
  return { text: plain(value), value }
}

export function input(blockId: string, element: Record<string, unknown> & { type: string }, more: object = {}) {
  return { type: 'input', block_id: blockId, label: plain(blockId), element, ...more }
}

export function textInput(blockId: string, more: object = {}) {
  return input(blockId, { type: 'plain_text_input', action_id: 'text' }, more)
}

export function button(actionId: string, more: object = {}) {
  return { type: 'button', action_id: actionId, text: plain(actionId), ...more }
}

export function buttons(blockId: string, ...elements: object[]) {
  return { type: 'actions', block_id: blockId, elements }
}

export function section(text: string, more: object = {}) {
  return { type: 'section', text: plain(text), ...more }
}

/** A modal that Slack takes, with changes. */
export function modal(blocks: object[] = [section('Hello')], more: object = {}) {
  return {
    type: 'modal' as const,
    callback_id: 'form',
    title: plain('Form'),
    submit: plain('Send'),
    blocks: blocks as never[],
    ...more,
  }
}

export function home(blocks: object[] = [section('Hello')]) {
  return { type: 'home' as const, blocks: blocks as never[] }
}

/** The trigger of a command just typed, whether or not an app is there to ack it. */
export async function freshTrigger(slack: EmulatedSlack, person = alice): Promise<string> {
  const before = slack.deliveries.length
  void slack.as(person).command('/token')
  const delivery = await slack.waitFor(() => slack.deliveries[before], 'the command to be sent')
  return String(delivery.body.trigger_id)
}
