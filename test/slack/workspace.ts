import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { App } from '@slack/bolt'
import { onTestFinished } from 'vitest'
import type { SlackOptions } from '../../src/sandbox/slack/protocol.ts'
import { startSlack } from '../../src/sandbox/slack/slack.ts'
import { openWebApi, slackLogger } from '../../src/slack/calls/web-api.ts'
import { createClock } from '../support/clock.ts'

/** An emulated workspace, the app's place in it, and a clock for the age of answers. */
export async function startWorkspace(options: SlackOptions = {}) {
  const slack = await startSlack(options)
  onTestFinished(() => slack.stop())
  const access = { botToken: slack.botToken, apiUrl: `${slack.url}/api/` }
  const { client, installation } = await openWebApi(access)
  slack.clear()
  return { slack, client, installation, access, clock: createClock(), asked }

  /** How often each method was called so far. */
  function asked(method: string): number {
    return slack.calls.filter((call) => call.method === method).length
  }
}

/**
 * A web API that gives the same answer to each call of a method, for answers that the emulated workspace never gives.
 * Its headers give neither the time nor the scopes of a token.
 */
export async function startWebApi(answers: Readonly<Record<string, object>>) {
  /** `usergroups.list team_id=T1`, for each call so far. */
  const calls: string[] = []
  const server = createServer((request, response) => {
    const method = request.url!.split('/').at(-1)!
    let sent = ''
    request.on('data', (chunk) => (sent += chunk))
    request.on('end', () => {
      calls.push(`${method} ${sent}`.trim())
      response.sendDate = false
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(answers[method] ?? { ok: false, error: 'unknown_method' }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { botToken: 'xoxb-test', apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`, calls }
}

/** An empty Bolt app, for deliveries by hand. */
export async function startBolt({ botToken, apiUrl }: { botToken: string; apiUrl: string }): Promise<App> {
  const bolt = new App({
    token: botToken,
    botId: 'B0APPBOT',
    botUserId: 'U0APPBOT',
    tokenVerificationEnabled: false,
    deferInitialization: true,
    convoStore: false,
    logger: slackLogger({ info: () => {}, warn: () => {}, error: () => {} }),
    receiver: { init: () => {}, start: async () => {}, stop: async () => {} },
    clientOptions: { slackApiUrl: apiUrl, retryConfig: { retries: 0 } },
  })
  await bolt.init()
  return bolt
}

/** Delivers an event as Slack does. */
export async function deliverEvent(bolt: App, event: Readonly<Record<string, unknown>>): Promise<void> {
  await bolt.processEvent({ body: { type: 'event_callback', team_id: 'T0SANDBOX', event }, ack: async () => {} })
}
