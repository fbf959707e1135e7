import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { createApp } from '../../app/app.ts'
import { loadConfig } from '../../config/config.ts'
import { asTyped, spellAs } from '../../domain/as-typed.ts'
import { startPage } from '../../sandbox/page/server.ts'
import type { AppSpec, EmulatedSlack } from '../../sandbox/slack/protocol.ts'
import { startSlack } from '../../sandbox/slack/slack.ts'
import { type EmulatedStack, startStack } from '../../sandbox/stack/stack.ts'
import { isInstalled, shipped } from '../../shipped.ts'
import { firstSteps, firstStepsAsText } from './first-steps.ts'
import { demoCast, demoPeople, demoPolicy, demoUserGroups } from './workspace.ts'

/** The same in Contentstack and in the settings, so that people read one name before and after the first look. */
const stackName = 'website'

export type DemoOptions = { port: number; quiet?: boolean }

/**
 * The app as it is, between an emulated Slack workspace and an emulated stack on loopback, over the same HTTP and
 * WebSocket that it uses in production. Everything is created in a temporary folder, and gone when it stops.
 */
export async function startDemo({ port, quiet = false }: DemoOptions) {
  const slack = await startSlack({ app: appFromManifest(), people: demoPeople, userGroups: demoUserGroups })
  const stack = await startStack({ title: stackName })
  const page = await startPage({ slack, stack, cast: demoCast, firstSteps, port })
  const folder = mkdtempSync(join(tmpdir(), 'countersign-demo-'))
  const config = loadConfig(settingsFor(slack, stack, folder))
  const app = createApp(config, { log: pino({ level: quiet ? 'silent' : 'warn' }) })
  await app.start()
  const { database, auditKey, anchors } = config
  return { slack, stack, url: page.url, database, auditKey, anchors: anchors.file, stop }

  async function stop(): Promise<void> {
    await app.stop()
    await page.stop()
    await slack.stop()
    await stack.stop()
    rmSync(folder, { recursive: true })
  }
}

/**
 * Runs the demo until it is interrupted, on the port that was typed. Ends with 1, and says why, if its page can't be
 * served.
 */
export async function demo(port: string): Promise<void> {
  // The bundle of the demo has its own copy of the words.
  if (isInstalled()) spellAs('installed')
  const demo = await startDemo({ port: Number(port) }).catch((error) => fail(error, port))
  const { url, slack, stack, database, auditKey, anchors, stop } = demo
  process.stdout.write(
    `\nThe demo is at ${url}\n\n` +
      `${firstStepsAsText({ slack, stack })}\n${firstSteps.afterwards}\n\n` +
      `Every step is in the audit log, ${database}, while the demo runs. Short proofs of it\n` +
      `(checkpoints) are in the threads of the cards, and in ${anchors}. To verify it, once a change has ended:\n\n` +
      `  COUNTERSIGN_DB=${database} AUDIT_KEY=${auditKey} ${asTyped(`audit verify --anchors ${anchors}`)}\n\n` +
      `With the same two variables, ${asTyped('change list')}, show 1 and cancel 1 work too, and ${asTyped('audit export')}.\n` +
      'The other commands need a workspace and a stack of your own.\n\n' +
      'Ctrl+C ends the demo, and removes all of it.\n',
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, async () => {
      await stop()
      process.exit(0)
    })
}

const portProblems: Record<string, string> = {
  EADDRINUSE: 'is taken, perhaps by another demo',
  EACCES: 'is reserved for administrators',
  ERR_SOCKET_BAD_PORT: 'is not a port number: ports are whole numbers below 65536',
}

function fail(error: NodeJS.ErrnoException, port: string): never {
  const problem = portProblems[error.code ?? '']
  if (!problem) throw error
  process.stderr.write(`Port ${port} ${problem}. Nothing was started. Choose another: ${asTyped('demo --port 3401')}\n`)
  process.exit(1)
}

/** An operator's settings for this workspace and this stack, in a file and an environment of their own. */
function settingsFor(slack: EmulatedSlack, stack: EmulatedStack, folder: string) {
  const path = join(folder, 'countersign.yaml')
  const website = {
    name: stackName,
    api_key: stack.apiKey,
    base_url: stack.url,
    rate_limit_fields: stack.behaviour.rateLimitFields,
  }
  const settings = {
    channel: 'C0APPROVALS',
    policy: demoPolicy,
    stacks: [website],
    timing: { sweep: 2 },
    anchors: { file: join(folder, 'anchors.ndjson') },
  }
  writeFileSync(path, stringify(settings))
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: `${slack.url}/api/`,
    CONTENTSTACK_AUTHTOKEN: stack.authtoken,
    COUNTERSIGN_CONFIG: path,
    AUDIT_KEY: randomBytes(32).toString('hex'),
    COUNTERSIGN_DB: join(folder, 'countersign.db'),
  }
}

const manifest = z.object({
  display_information: z.object({ name: z.string() }),
  features: z.object({
    slash_commands: z.array(z.object({ command: z.string(), description: z.string(), usage_hint: z.string() })),
    shortcuts: z.array(z.object({ callback_id: z.string(), name: z.string(), description: z.string() })),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({ event_subscriptions: z.object({ bot_events: z.array(z.string()) }) }),
})

/** Like a real workspace, the emulated one knows only what the manifest registers of the app. */
export function appFromManifest(): AppSpec {
  registered ??= readManifest()
  return registered
}

let registered: AppSpec | undefined

function readManifest(): AppSpec {
  const { display_information, features, oauth_config, settings } = manifest.parse(
    parse(readFileSync(shipped('manifest.yml'), 'utf8')),
  )
  return {
    id: 'A0COUNTERSIGN',
    name: display_information.name,
    commands: features.slash_commands.map(({ usage_hint, ...rest }) => ({ ...rest, usageHint: usage_hint })),
    shortcuts: features.shortcuts.map(({ callback_id, ...rest }) => ({ ...rest, callbackId: callback_id })),
    scopes: oauth_config.scopes.bot,
    events: settings.event_subscriptions.bot_events,
  }
}
