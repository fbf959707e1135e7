import { App } from '@slack/bolt'
import { onTestFinished } from 'vitest'
import type { EmulatedSlack, SlackOptions } from '../../src/sandbox/slack/protocol.ts'
import { startSlack } from '../../src/sandbox/slack/slack.ts'
import { slackLogger } from '../../src/slack/calls/web-api.ts'
import { realPace } from '../../src/slack/link/keep-linked.ts'
import { openLink } from '../../src/slack/link/link.ts'
import { socketReceiver } from '../../src/slack/link/socket-receiver.ts'
import { watched } from '../../src/slack/link/watched-deliveries.ts'
import { startBolt } from '../slack/workspace.ts'

type Options = Partial<Parameters<typeof socketReceiver>[0]> & {
  readonly slack?: SlackOptions
  /** Done by the listener before it acks. */
  readonly first?: () => Promise<void>
}

/** Waits a hundredth of the time, and never by chance. */
export const hurried = {
  ...realPace,
  chance: () => 1,
  wait: (ms: number, signal: AbortSignal) => realPace.wait(ms / 100, signal),
}

const silent = slackLogger({ info: () => {}, warn: () => {}, error: () => {} })

/** Opens that many connections that no app uses, like those Slack keeps after links were cut. */
export async function ghosts(slack: EmulatedSlack, count: number): Promise<void> {
  const { appToken, botToken, url } = slack
  const apiUrl = `${url}/api/`
  const bolt = await startBolt({ botToken, apiUrl })
  const links = Array.from({ length: count }, () => openLink(bolt, { appToken, apiUrl, proxies: null, logger: silent }))
  await Promise.all(links.map(({ stands }) => stands))
  slack.cutLinks()
  for (const link of links) link.close()
}

/** A listener behind the app's own two connections; the second starts soon after the first, unless told otherwise. */
export async function listener({ slack: around = {}, first = async () => {}, ...options }: Options = {}) {
  const slack = await startSlack(around)
  onTestFinished(() => slack.stop())
  const heard: string[] = []
  const [logs, causes]: [string[], string[]] = [[], []]
  const log =
    (level: string) =>
    ({ err }: { err?: Error }, text: string) => {
      logs.push(`${level} ${text}`)
      if (err) causes.push(`${text} ${err.message}`)
    }
  const logger = slackLogger({ info: log('info'), warn: log('warn'), error: log('error') })
  const { appToken, botToken, url } = slack
  const apiUrl = `${url}/api/`
  const receiver = watched(socketReceiver({ appToken, apiUrl, proxies: null, logger, secondAfterMs: 50, ...options }))
  const known = { token: botToken, botId: 'B0APPBOT', botUserId: slack.botUserId, tokenVerificationEnabled: false }
  const app = new App({ ...known, receiver, logger, deferInitialization: true })
  app.command('/token', async ({ ack, body }) => {
    heard.push(body.text)
    await first()
    await ack()
  })
  await app.init()
  onTestFinished(() => app.stop().then(() => undefined))
  return { slack, heard, logs, causes, receiver, app, start: () => app.start() }
}

/** The same, once it listens. */
export async function listening(options: Options = {}) {
  const world = await listener(options)
  await world.start()
  return world
}
