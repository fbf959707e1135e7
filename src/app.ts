import { randomUUID } from 'node:crypto'
import { subDays } from 'date-fns/subDays'
import type { Logger } from 'pino'
import type { Config, StackConfig } from './config.ts'
import { createStack } from './contentstack/stack.ts'
import { createBolt, slackLogger } from './slack/bolt.ts'
import { createChat } from './slack/chat.ts'
import { registerCommand } from './slack/command.ts'
import { registerEditToken } from './slack/edit-token.ts'
import { registerFindToken } from './slack/find-token.ts'
import { registerHome } from './slack/home.ts'
import { registerReview } from './slack/review.ts'
import { registerTypeAhead } from './slack/type-ahead.ts'
import { openStore } from './storage/store.ts'
import { version } from './version.ts'
import { createApplier } from './workflow/apply.ts'
import { createCatchUp } from './workflow/catch-up.ts'
import { createChanges } from './workflow/changes.ts'
import { createLooks } from './workflow/looks.ts'

type Options = { log: Logger; now?: () => Date }

const draftsLiveDays = 7

/** Puts the parts together. Nothing is opened before `start`, which resolves once Slack can be listened to. */
export function createApp(config: Config, { log, now = () => new Date() }: Options) {
  let stop = async () => {}
  return { start, stop: () => stop() }

  /** Throws in words when a credential is not accepted, and then leaves nothing open. */
  async function start(): Promise<void> {
    const stacks = new Map(config.stacks.map((stack) => [stack.name, connect(stack)]))
    const [slack] = await Promise.all([
      createBolt({ ...config.slack, logger: slackLogger(logOf('slack')) }),
      ...[...stacks.values()].map((stack) => stack.check()),
    ])

    const store = openStore(config.database, now)
    const policyFor = (stack: string) => configured(stack).policy
    const stackFor = (stack: string) => stacks.get(configured(stack).name)!
    const looks = createLooks({ store, stacks, now })
    const { client } = slack.bolt
    const { teamUrl } = slack.installation
    const chat = createChat({
      client,
      teamUrl,
      channelFor: (stack) => configured(stack).channel,
      policyFor,
      titleFor: looks.titleOf,
    })
    const changes = createChanges({ store, policyFor, now })
    const { timing } = config
    const applier = createApplier({ store, stackFor, policyFor, now, processId: randomUUID(), timing })
    const onFailure = (step: string, id: number, err: unknown) =>
      log.error({ err, change: id }, `The ${step} of change #${id} has to be tried again.`)
    const catchUp = createCatchUp({ store, chat, applier, now, onFailure })

    const { bolt } = slack
    const editToken = registerEditToken({ bolt, store, looks, changes, catchUp, policyFor, now })
    const findToken = registerFindToken({ bolt, looks, editToken, log })
    registerCommand({ bolt, looks, findToken })
    registerTypeAhead({ bolt, store, looks, findToken })
    registerReview({ bolt, changes, catchUp })
    registerHome({ bolt, store, teamUrl, policyFor, titleOf: looks.titleOf })

    await store.note({ type: 'started', version }, 'app', null)
    const sweep = everySoOften(timing.sweep, async () => {
      await catchUp.all()
      await store.forgetDrafts(subDays(now(), draftsLiveDays).toISOString())
    })
    stop = async () => {
      await slack.stop()
      await sweep.stop()
      await catchUp.idle()
      await store.note({ type: 'stopped' }, 'app', null).finally(() => store.close())
    }
    await slack.start()
    findToken.refreshLater(looks.refreshAll())
    log.info({ stacks: config.stacks.map((stack) => stack.name), transport: config.slack.transport.kind }, 'ready')
  }

  function connect(stack: StackConfig) {
    const { name, baseUrl, apiKey, authtoken, rateLimitFields, requestsPerSecond } = stack
    const onUnreadable = (uid: string, why: string) =>
      log.warn({ stack: name, token: uid, why }, "A token of this stack is not understood, and can't be edited here.")
    const writeTimeoutMs = config.timing.writeTimeout
    return createStack({
      name,
      baseUrl,
      apiKey,
      authtoken,
      rateLimitFields,
      writeTimeoutMs,
      requestsPerSecond,
      onUnreadable,
    })
  }

  function configured(name: string): StackConfig {
    const stack = config.stacks.find((stack) => stack.name === name)
    if (!stack)
      throw new Error(`A change names the stack ${name}, which is no longer in the configuration: put it back.`)
    return stack
  }

  function logOf(part: string) {
    const child = log.child({ part })
    const at = (level: 'info' | 'warn' | 'error') => (fields: object, text: string) => child[level](fields, text)
    return { info: at('info'), warn: at('warn'), error: at('error') }
  }

  /** Starts at once, and never overlaps itself: the next round begins `pause` milliseconds after the last one ended. */
  function everySoOften(pause: number, work: () => Promise<void>) {
    let stopped = false
    let timer: NodeJS.Timeout | undefined
    let round = run()
    return {
      stop: async () => {
        stopped = true
        clearTimeout(timer)
        await round
      },
    }

    async function run(): Promise<void> {
      await work().catch((err: unknown) =>
        log.error({ err }, 'Looking for unfinished changes failed; it is tried again.'),
      )
      if (!stopped) timer = setTimeout(() => (round = run()), pause)
    }
  }
}
