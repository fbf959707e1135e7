import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { stringify } from 'yaml'
import { createApp } from '../../src/app/app.ts'
import type { HealthReport } from '../../src/app/health/health-server.ts'
import { createLog } from '../../src/app/log.ts'
import { appFromManifest } from '../../src/cli/demo/demo.ts'
import { demoPeople, demoUserGroups } from '../../src/cli/demo/workspace.ts'
import { loadConfig } from '../../src/config/config.ts'
import { auditKey } from '../../src/domain/audit/chain.ts'
import type { EmulatedSlack, PersonSpec } from '../../src/sandbox/slack/protocol.ts'
import { startSlack } from '../../src/sandbox/slack/slack.ts'
import { type EmulatedStack, startStack } from '../../src/sandbox/stack/stack.ts'
import type { StackOptions } from '../../src/sandbox/stack/world.ts'
import type { Patience } from '../../src/slack/link/watched-deliveries.ts'
import { databaseIn, storeAt } from './engine.ts'
import { eventually } from './eventually.ts'
import { approvals, createPerson } from './person.ts'
import { freePort } from './port.ts'
import { alice, bob, carol, dave, mallory } from './world.ts'

export const transports = ['socket', 'http'] as const
export type Transport = (typeof transports)[number]

/** The entries in `audit` for a change that Alice asked for, Bob approved and the stack took. */
export const askedAndApplied = [
  'U0ALICE proposed',
  'U0BOB approved',
  'app apply_started',
  'app write_answered',
  'app applied',
]

/**
 * Journeys run over both transports, and so meet both kinds of stack: nobody knows which one the real stack is. What depends
 * on one or the other is tried with both.
 */
const behaviours = { socket: { update: 'replace' }, http: { update: 'merge' } } as const

type Settings = Readonly<Record<string, unknown>>

/**
 * Besides Alice, Bob, Carol and Mallory: Dave of security, a guest, somebody from another company, somebody who left,
 * and a bot.
 */
const people: readonly PersonSpec[] = [
  ...demoPeople,
  { id: 'U0LEFT', name: 'lena', realName: 'Lena Lund', deleted: true },
  { id: 'U0ROBOT', name: 'robot', realName: 'Robot', isBot: true },
]

type Options = {
  /** Unless given: one or the other, and the same in every run of a test. */
  readonly transport?: Transport
  readonly stack?: StackOptions
  /** The organisation that the workspace belongs to. */
  readonly enterpriseId?: string
  /** Scopes for the bot beyond the manifest's. */
  readonly scopes?: readonly string[]
  /** Settings of the one stack in `countersign.yaml`: Bob and Carol may approve, unless these say otherwise. */
  readonly config?: Settings
  /** Settings of more stacks, if they differ from the first one's. */
  readonly others?: readonly Settings[]
  readonly timing?: Readonly<Record<string, number>>
  /** The places besides Slack that keep checkpoints of the log. */
  readonly anchors?: Settings
  /** The app's database, and another way to the same for the test; one of its own unless given. */
  readonly database?: { readonly app: string; readonly direct: string }
  /** Extra environment variables. */
  readonly env?: Readonly<Record<string, string>>
}

export type World = Awaited<ReturnType<typeof startWorld>>

/**
 * The whole app between an emulated workspace and an emulated stack, once it has looked at the stack for the first
 * time; requests and calls are counted from then on. Everything stops when the test is over.
 */
export async function startWorld({ transport = drawnFor(currentTest()), scopes = [], ...options }: Options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-journey-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const database = options.database?.app ?? (await databaseIn(folder))
  const clock = { ahead: 0, setBy: 0 }
  const now = () => Date.now() + clock.ahead + clock.setBy
  const slack = await startSlack({
    ...{ app: appFromManifest(), people, userGroups: demoUserGroups, now },
    ...(options.enterpriseId !== undefined && { enterpriseId: options.enterpriseId }),
  })
  onTestFinished(() => slack.stop())
  for (const scope of scopes) slack.scopes.add(scope)
  const stack = await startStack({ title: 'Website', behaviour: behaviours[transport], ...options.stack })
  onTestFinished(() => stack.stop())

  const logs: string[] = []
  const way = await transportOf(transport, slack)
  const healthPort = options.env?.HEALTH_PORT ?? String(await freePort())
  let env: Record<string, string> = {}
  const patience: { -readonly [bound in keyof Patience]?: Patience[bound] } = {}
  const start = async (website: Settings, others: readonly Settings[], more: Readonly<Record<string, string>> = {}) => {
    const stacks = [website, ...others]
    const { anchors, timing = {} } = options
    const settings = settingsOf({ slack, stack, folder, stacks, timing, anchors })
    env = { ...way, ...settings, COUNTERSIGN_DB: database, ...options.env, ...more }
    const config = loadConfig(env)
    const log = createLog(config, { write: (line: string) => void logs.push(line) })
    const monotonic = () => performance.now() + clock.ahead
    const app = createApp(config, {
      log,
      now: () => new Date(now()),
      databaseClock: () => new Date(now()),
      monotonic,
      patience,
    })
    await app.start()
    return { ...app, config }
  }
  const settingsFor = (stacks: readonly Settings[]) =>
    settingsOf({ slack, stack, folder, stacks, timing: options.timing ?? {}, anchors: options.anchors })
  /** Writes other settings, which apply from the next start. */
  const configure = (website: Settings) =>
    settingsOf({ slack, stack, folder, stacks: [website], timing: {}, anchors: undefined })
  let app = await start(options.config ?? {}, options.others ?? [], { HEALTH_PORT: healthPort })
  const { config } = app
  onTestFinished(() => app.stop())
  const store = await storeAt(options.database?.direct ?? config.database, auditKey(config.auditKey))
  onTestFinished(() => store.close())

  const world = {
    slack,
    stack,
    store,
    logs,
    config,
    patience,
    env,
    until,
    audit,
    passes,
    clockIsSet,
    restarts,
    reloads,
    joined,
    configure,
    whoSees,
    deleteMessage,
  }
  const person = (id: string) => createPerson(world, id)
  await until('the first look', async () => (await store.knownFacts('website')) && (await looked()))
  slack.clear()
  stack.clear()
  return {
    ...world,
    person,
    alice: person(alice),
    bob: person(bob),
    carol: person(carol),
    dave: person(dave),
    mallory: person(mallory),
  }

  /**
   * Who did what, in order: for one change, or since the start, without the entries about settings that every start
   * writes.
   */
  async function audit(id?: number): Promise<string[]> {
    const events = (await store.events(id)).filter(({ event }) => !ofStart.includes(event.type))
    return events.map(({ actor, event }) => `${actor} ${event.type}`)
  }

  /**
   * Stops the app, and starts it again with other settings of the stack, and perhaps more stacks. `meanwhile` may
   * change its file.
   */
  async function restarts(
    website: Settings,
    others: readonly Settings[] = [],
    meanwhile: () => unknown = () => {},
  ): Promise<void> {
    await app.stop()
    await meanwhile()
    app = await start(website, others)
  }

  /** The app reads other settings of the stack, and perhaps more stacks, while it runs. */
  async function reloads(website: Settings, others: readonly Settings[] = []): Promise<void> {
    env = { ...env, ...settingsFor([website, ...others]) }
    await app.reload(loadConfig(env))
  }

  /** Starts another process of the app beside the first, with some variables of its own. */
  async function joined(own: Readonly<Record<string, string>> = {}): Promise<void> {
    const another = await start(options.config ?? {}, options.others ?? [], own)
    onTestFinished(() => another.stop())
  }

  /** Passes time for the app and for Slack: whatever is due by then is done soon. */
  function passes(seconds: number): void {
    clock.ahead += seconds * 1000
  }

  /** Sets the clock of the host and Slack's, while no time passes. */
  function clockIsSet(seconds: number): void {
    clock.setBy += seconds * 1000
  }

  /** The first look at each stack has ended, one way or the other. */
  async function looked(): Promise<boolean> {
    const { stacks } = (await (await fetch(`http://127.0.0.1:${healthPort}/health`)).json()) as HealthReport
    return stacks.every(({ lookedAt, failed }) => lookedAt !== null || failed)
  }

  /** The people who can see a message, modal or Home with this text in it, anywhere. */
  function whoSees(text: string): string[] {
    const seen = JSON.stringify(text).slice(1, -1)
    return [alice, bob, carol, mallory].filter((id) => {
      const { conversations, modals, home } = slack.see(id)
      return JSON.stringify([conversations, modals, home]).includes(seen)
    })
  }

  /** Deletes a message of the app, as an administrator would. */
  async function deleteMessage({ channel, ts }: { channel: string; ts: string }): Promise<void> {
    await fetch(`${slack.url}/api/chat.delete`, {
      method: 'POST',
      headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel, ts }),
    })
  }
}

/** The `closed` field of each error in the log. */
export function closedIn(logs: readonly string[]): unknown[] {
  const errors = logs.map((line) => JSON.parse(line)).filter(({ level }) => level >= 50)
  return errors.map(({ closed }) => closed)
}

const ofStart = ['policy_loaded', 'settings_changed', 'stacks_known']

/** Resolves with the first answer of `probe` that is something, asking again and again. */
async function until<T>(what: string, probe: () => T | Promise<T>): Promise<Exclude<T, false | null | undefined>> {
  return eventually(async () => {
    const found = await probe()
    if (found === undefined || found === null || found === false) throw new Error(`waited in vain for ${what}`)
    return found as Exclude<T, false | null | undefined>
  })
}

function currentTest(): string {
  return expect.getState().currentTestName ?? ''
}

/** One for half of all tests, as if drawn by lot from its name; `OTHER_TRANSPORT=1 npm test` takes the other for each. */
function drawnFor(test: string): Transport {
  const drawn = [...test].reduce((sum, letter) => (31 * sum + letter.charCodeAt(0)) % 1_000_003, 7)
  return transports[(drawn + Number(process.env.OTHER_TRANSPORT ?? 0)) % 2]!
}

async function transportOf(transport: Transport, slack: EmulatedSlack): Promise<Record<string, string>> {
  if (transport === 'socket') return { SLACK_APP_TOKEN: slack.appToken }
  const port = await freePort()
  slack.deliverTo(`http://127.0.0.1:${port}/slack/events`)
  return { SLACK_SIGNING_SECRET: slack.signingSecret, PORT: String(port) }
}

type Around = {
  slack: EmulatedSlack
  stack: EmulatedStack
  folder: string
  stacks: readonly Settings[]
  timing: Settings
  anchors: Settings | undefined
}

function settingsOf({ slack, stack, folder, timing, anchors, ...said }: Around): Record<string, string> {
  const stacks = said.stacks.map((changes) => ({
    name: 'website',
    api_key: stack.apiKey,
    base_url: stack.url,
    ...(changes.policy === undefined && { approvers: [bob, carol] }),
    requests_per_second: 1000,
    rate_limit_fields: { enabled: 'rate_limit_enabled', read: 'rate_limit.read', write: 'rate_limit.write' },
    ...changes,
  }))
  const path = join(folder, 'countersign.yaml')
  const rest = { timing: { sweep: 0.05, ...timing }, ...(anchors && { anchors }) }
  writeFileSync(path, stringify({ channel: approvals, stacks, ...rest }))
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_API_URL: `${slack.url}/api/`,
    CONTENTSTACK_AUTHTOKEN: stack.authtoken,
    LOG_LEVEL: 'debug',
    COUNTERSIGN_CONFIG: path,
  }
}

/** Passes time until `isOver`, no faster than the app looks at a token: the app takes a long silence for no answer. */
export async function untilGone(world: World, token: string, isOver: () => boolean | Promise<boolean>): Promise<void> {
  let [answered, polls] = [-1, 0]
  await until('what is gone to be told', async () => {
    const { length } = world.stack.requests.filter(({ path, status }) => path.endsWith(token) && status !== null)
    if (length > answered || ++polls % 40 === 0) world.passes(61)
    answered = length
    return isOver()
  })
}
