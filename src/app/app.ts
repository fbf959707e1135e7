import type { Logger } from 'pino'
import type { Config } from '../config/settings.ts'
import { createGivingUp } from '../slack/calls/giving-up.ts'
import { createRests } from '../slack/calls/rests.ts'
import type { Patience } from '../slack/link/receivers.ts'
import { version } from '../version.ts'
import { compose } from './compose.ts'
import { type ConnectedSlack, type ConnectedStack, connectSlack, connectStack } from './connect.ts'
import { doFirstThings } from './first-things.ts'
import { type HealthReport, type HealthServer, type Starting, startHealthServer } from './health/health-server.ts'
import { strikingOut } from './log.ts'
import { createLogLines } from './log-lines.ts'
import { reportOf } from './report.ts'
import { createScrapes } from './scrapes.ts'
import { registerScreens } from './screens.ts'
import { createStarting } from './starting.ts'
import { stopInOrder } from './stop.ts'
import { beginSweeps } from './sweeps.ts'
import { allOrEveryReason } from './waits.ts'

type Options = {
  log: Logger
  now?: () => Date
  monotonic?: () => number
  ticks?: () => number
  /** How long people in Slack are kept waiting; Slack's own limits unless given. */
  patience?: Partial<Patience>
}

type Connected = { readonly slack: ConnectedSlack; readonly connected: readonly ConnectedStack[] }

/** Puts the parts together. Opens nothing before `start`, which resolves once the app can listen to Slack. */
export function createApp(
  config: Config,
  { log, now = () => new Date(), monotonic = () => performance.now(), ticks, patience }: Options,
) {
  const clocks = { now, monotonic, ticks }
  const says = createLogLines(log, now)
  const stopping = new AbortController()
  const starting = createStarting({ log, signal: stopping.signal, now, hint: config.unusedProxies ?? null })
  const way = { log, clocks, patience, rests: createRests(monotonic), givingUp: createGivingUp() }
  let stop = async () => stopping.abort()
  let report: () => HealthReport | Starting = starting.report
  let scrape: () => Promise<string | null> | null = () => null
  let isStopping = false
  return { start, stop: leave }

  function leave(): Promise<void> {
    isStopping = true
    return stop()
  }

  /**
   * Waits while Slack or a stack can't be reached, and reports on that from the first moment. Throws in words if a
   * credential is not accepted or a setting can't work, and then leaves nothing open.
   */
  async function start(): Promise<void> {
    const { healthPort: port, listenHost: host } = config
    const answer = () => (isStopping ? { status: 'stopping' as const, version } : report())
    const metrics = () => (isStopping ? null : scrape())
    const where = port === null ? null : { port, host, struck: strikingOut(config) }
    const healthServer = where && (await startHealthServer(where, answer, metrics))
    try {
      await startWith(await starting.through(reach), healthServer)
    } catch (error) {
      await healthServer?.stop()
      throw error
    }
  }

  async function reach(): Promise<Connected> {
    const connected = config.stacks.map((stack) => connectStack(stack, config.timing.writeTimeout, says))
    const [slack] = await allOrEveryReason(connectSlack(config, way), ...connected.map(({ api }) => api.check()))
    return { slack, connected }
  }

  async function startWith({ slack, connected }: Connected, healthServer: HealthServer | null): Promise<void> {
    says.closed(slack.closed)
    const parts = await compose({ config, log, clocks, says, slack, connected })
    const { core, looking } = parts
    const { findToken } = registerScreens(parts)
    const { anew } = await doFirstThings(parts)
    const health = () => reportOf({ ...parts, keyed: config.auditKey !== null, now })
    report = health
    scrape = createScrapes({ ...parts, report: health })
    const sweeps = beginSweeps({ ...parts, anew })
    stop = () => stopInOrder({ ...parts, givingUp: way.givingUp, sweeps, healthServer })
    await slack.start()
    log.info({ stacks: config.stacks.map(({ name }) => name), transport: config.slack.transport.kind }, 'ready')
    findToken.refreshLater(looking.looks.refreshAll())
    void core.stillNamed.all().catch(says.namedUnknown)
  }
}
