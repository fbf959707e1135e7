import type { Logger } from 'pino'
import type { Config } from '../config/settings.ts'
import { createRests } from '../slack/calls/rests.ts'
import { slackLogger } from '../slack/calls/web-api.ts'
import { createElsewhere } from '../slack/edge/elsewhere.ts'
import { createLine } from '../slack/link/line.ts'
import type { Patience } from '../slack/link/watched-deliveries.ts'
import { createHealth } from '../workflow/log/health.ts'
import type { Clocks } from './clocks.ts'
import { createCredentials } from './credentials.ts'
import { createLogLines } from './log-lines.ts'
import { createTraffic } from './metrics/traffic.ts'
import { createOthers } from './other-instances.ts'

type Deps = {
  readonly config: Config
  readonly log: Logger
  readonly clocks: Clocks
  readonly patience: Partial<Patience> | undefined
}

export type Lasting = ReturnType<typeof createLasting>

/** Everything that stays when the settings are read again: the way to Slack, what is known of the log, and what is counted. */
export function createLasting({ config, log, clocks, patience }: Deps) {
  const { now, monotonic } = clocks
  const says = createLogLines(log, now)
  const rests = createRests(monotonic)
  let news = () => {}
  const others = createOthers()
  const onChange = (why: string | null) => {
    says.writable(why)
    news()
  }
  return {
    log,
    clocks,
    says,
    patience,
    rests,
    line: createLine({
      ...config.slack,
      logger: slackLogger(logOf(log, 'slack')),
      rests,
      now,
      ticks: monotonic,
      elsewhere: others.elsewhere,
    }),
    health: createHealth({ now, onChange }),
    elsewhere: createElsewhere({ now, onSeen: says.elsewhere }),
    others,
    traffic: createTraffic(),
    ...createCredentials(clocks),
    delivered: { came: 0, acked: 0 },
    /** The names under which those at work in this process hold leases. */
    atWork: new Set<string>(),
    /** From now on, this is called when the log can be written again, or no longer. */
    tell: (to: () => void) => {
      news = to
    },
  }
}

/** A logger of its own would keep the level that the log has now. */
export function logOf(log: Logger, part: string) {
  const at = (level: 'info' | 'warn' | 'error') => (fields: object, text: string) =>
    log[level]({ part, ...fields }, text)
  return { info: at('info'), warn: at('warn'), error: at('error') }
}
