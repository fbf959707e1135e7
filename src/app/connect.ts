import type { Logger } from 'pino'
import { type Config, ConfigProblems, type StackConfig } from '../config/settings.ts'
import { createStack } from '../contentstack/stack.ts'
import type { GivingUp } from '../slack/calls/giving-up.ts'
import type { Rests } from '../slack/calls/rests.ts'
import { slackLogger } from '../slack/calls/web-api.ts'
import { createBolt } from '../slack/edge/bolt.ts'
import type { Patience } from '../slack/link/receivers.ts'
import { createChannels } from '../slack/people/channels.ts'
import { createPeople } from '../slack/people/people.ts'
import type { Clocks } from './clocks.ts'
import type { LogLines } from './log-lines.ts'
import { slackProblems, sorted } from './preflight.ts'

type Way = {
  readonly log: Logger
  readonly clocks: Clocks
  readonly patience: Partial<Patience> | undefined
  readonly rests: Rests
  readonly givingUp: GivingUp
}

export type ConnectedSlack = Awaited<ReturnType<typeof connectSlack>>

/**
 * Connects to Slack without listening yet. Throws ConfigProblems for channels and approvers that could not work as the
 * file names them.
 */
export async function connectSlack(config: Config, { log, clocks: { now, monotonic, ticks }, ...how }: Way) {
  const logger = slackLogger(logOf(log, 'slack'))
  const slack = await createBolt({ ...config.slack, ...how, logger, now, ticks: monotonic })
  const { installation } = slack
  const { client } = slack.bolt
  const people = createPeople({ client, installation, now, ticks })
  const channels = createChannels({ client, now, ticks })
  const appId = people.appOf(installation.botUserId).catch(() => null)
  const { mistakes, closed } = sorted(await slackProblems(config.stacks, { people, channels }))
  if (mistakes.length > 0) throw new ConfigProblems(mistakes)
  return { ...slack, people, channels, closed, appId: await appId }
}

export type ConnectedStack = ReturnType<typeof connectStack>

/** A stack as it is configured, and the way to it. */
export function connectStack(stack: StackConfig, writeTimeoutMs: number, says: Pick<LogLines, 'unreadableToken'>) {
  const onUnreadable = (token: string, why: string) => says.unreadableToken({ stack: stack.name, token, why })
  return { ...stack, api: createStack({ ...stack, writeTimeoutMs, onUnreadable }) }
}

function logOf(log: Logger, part: string) {
  const child = log.child({ part })
  const at = (level: 'info' | 'warn' | 'error') => (fields: object, text: string) => child[level](fields, text)
  return { info: at('info'), warn: at('warn'), error: at('error') }
}
