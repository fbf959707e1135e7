import { type Config, ConfigProblems, type StackConfig } from '../config/settings.ts'
import { createStack } from '../contentstack/stack.ts'
import type { GivingUp } from '../slack/calls/giving-up.ts'
import { slackLogger } from '../slack/calls/web-api.ts'
import { createBolt } from '../slack/edge/bolt.ts'
import { createChannels } from '../slack/people/channels.ts'
import { createPeople } from '../slack/people/people.ts'
import { type Lasting, logOf } from './lasting.ts'
import { slackProblems, sorted } from './preflight.ts'

export type ConnectedSlack = Awaited<ReturnType<typeof connectSlack>>

/**
 * Connects to Slack without listening yet. Throws ConfigProblems for channels and approvers that could not work as the
 * file names them.
 */
export async function connectSlack(config: Config, lasting: Lasting, givingUp: GivingUp) {
  const { log, clocks, line, rests, patience, delivered: traffic } = lasting
  const { now, monotonic, ticks } = clocks
  const { botToken, apiUrl } = config.slack
  const how = { line, rests, patience, traffic, givingUp, logger: slackLogger(logOf(log, 'slack')) }
  const slack = await createBolt({ botToken, apiUrl, ...how, now, ticks: monotonic })
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

type Connecting = Pick<Lasting, 'credentialFor' | 'says' | 'others'> & { readonly writeTimeoutMs: number }

/** A stack as it is configured, and the way to it. */
export function connectStack(stack: StackConfig, { credentialFor, says, others, writeTimeoutMs }: Connecting) {
  const onUnreadable = (token: string, why: string) => says.unreadableToken({ stack: stack.name, token, why })
  return {
    ...stack,
    api: createStack({
      ...stack,
      credential: credentialFor(stack),
      writeTimeoutMs,
      sharedBy: others.sharedBy,
      onUnreadable,
    }),
  }
}
