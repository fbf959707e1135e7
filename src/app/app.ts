import type { Logger } from 'pino'
import type { Config } from '../config/settings.ts'
import type { Patience } from '../slack/link/watched-deliveries.ts'
import { orOutage } from '../storage/engine/trouble.ts'
import { version } from '../version.ts'
import { type HealthServer, startHealthServer } from './health/health-server.ts'
import { createLasting } from './lasting.ts'
import { strikingOut } from './log.ts'
import { putTogether, type Running, reach } from './running.ts'
import { createStarting } from './starting.ts'
import { allOrEveryReason, unlessStopped } from './waits.ts'

type Options = {
  log: Logger
  /** Strikes out secrets; those of the configuration unless given. */
  secrets?: { readonly struck: (text: string) => string }
  now?: () => Date
  /** Resolves once `now` is right, if that has to be asked elsewhere; throws an Outage while it can't be. */
  setClock?: () => Promise<void>
  monotonic?: () => number
  ticks?: () => number
  /** Stands in for the clock of a database on a server. */
  databaseClock?: () => Date
  /** How long people in Slack are kept waiting; Slack's own limits unless given. */
  patience?: Partial<Patience>
}

/** Milliseconds since the stop began: container runtimes kill a program that has not stopped after ten seconds. */
const settledWithinMs = 9_000

/** Puts the parts together. Opens nothing before `start`, which resolves once the app can listen to Slack. */
export function createApp(
  config: Config,
  {
    log,
    secrets = strikingOut(config),
    now = () => new Date(),
    setClock = async () => {},
    monotonic = () => performance.now(),
    ticks,
    databaseClock: ofDatabase,
    patience,
  }: Options,
) {
  const lasting = createLasting({ config, log, clocks: { now, monotonic, ticks, ofDatabase }, patience })
  const stopping = new AbortController()
  const { signal } = stopping
  const starting = createStarting({ log, signal, now, hint: config.unusedProxies ?? null })
  let running: Running | null = null
  /** Not at work yet. */
  let beginning: Running | null = null
  /** Those with the settings before, while they finish what they have begun. */
  let before: Running | null = null
  let healthServer: HealthServer | null = null
  return { instance: lasting.others.me, start, reload, stop }

  async function stop(): Promise<void> {
    const by = performance.now() + settledWithinMs
    stopping.abort()
    await Promise.all([(running ?? beginning)?.stop(), before?.stop()])
    await lasting.settled(by)
    await hangUp()
  }

  async function hangUp(): Promise<void> {
    const server = healthServer
    healthServer = null
    await server?.stop()
  }

  /**
   * Waits while Slack, a stack or the server of the database can't be reached, and reports on that from the first moment. Throws in words if a
   * credential is not accepted or a setting can't work, and then leaves nothing open.
   */
  async function start(): Promise<void> {
    const { healthPort: port, listenHost: host } = config
    const answer = () =>
      signal.aborted ? { status: 'stopping' as const, version } : (running?.report() ?? starting.report())
    const metrics = () => (signal.aborted || running === null ? null : running.scrape())
    healthServer =
      port === null ? null : await startHealthServer({ port, host, struck: secrets.struck }, answer, metrics)
    try {
      beginning = await starting.through(opened)
      const { atStart } = beginning
      await starting.through(() => orOutage(atStart(), config.database))
      running = beginning
      beginning = null
      await running.begin()
      log.info({ stacks: config.stacks.map(({ name }) => name), transport: config.slack.transport.kind }, 'ready')
    } catch (error) {
      await hangUp()
      throw error
    }
  }

  /** Nothing keeps a time from before the clock is right, and mistakes in settings are told although it can't be set. */
  async function opened(): Promise<Running> {
    const set = setClock()
    const go = () => reach(config, lasting)
    const [reached] = await allOrEveryReason(set.then(go, go), set)
    return putTogether(reached, lasting)
  }

  /**
   * Goes on with other settings, which must have the same way to Slack, ports, database and key. What Slack sends is
   * taken throughout. Throws in words, as `start` does, if they can't work, or can't be tried now; then nothing has
   * changed. Resolves once everything that had begun with the settings before is finished.
   */
  async function reload(next: Config): Promise<void> {
    const coming = await putTogether(await unlessStopped(reach(next, lasting), signal), lasting)
    try {
      signal.throwIfAborted()
      await coming.beforeHandOver()
      signal.throwIfAborted()
    } catch (error) {
      await coming.discard()
      throw error
    }
    before = running
    running = coming
    log.level = next.logLevel
    await coming.begin()
    await before?.handOver().catch(lasting.says.failedHandOver)
    before = null
    if (!signal.aborted) await coming.afterHandOver().catch(lasting.says.failedRound)
  }
}
