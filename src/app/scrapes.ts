import type { Config } from '../config/settings.ts'
import type { Clocks } from './clocks.ts'
import type { HealthReport } from './health/health-server.ts'
import type { LogLines } from './log-lines.ts'
import type { Traffic } from './metrics/traffic.ts'
import type { OpenRecord } from './record.ts'

type Deps = {
  readonly config: Config
  readonly clocks: Clocks
  readonly says: LogLines
  readonly record: OpenRecord
  readonly traffic: Traffic
  readonly report: () => HealthReport
}

/**
 * The answers to GET /metrics; null if one can't be made. What makes them is loaded for the first one: no start waits
 * for it.
 */
export function createScrapes(deps: Deps) {
  let metrics: ReturnType<typeof load> | null = null
  let last: Promise<string | null> = Promise.resolve(null)
  return { scrape: () => (last = scrape()), stop }

  async function scrape(): Promise<string | null> {
    try {
      metrics ??= load(deps)
      return await (await metrics).scrape()
    } catch (err) {
      deps.says.unscraped(err)
      return null
    }
  }

  /** Resolves once the last answer is made. */
  async function stop(): Promise<void> {
    await last
    ;(await metrics?.catch(() => null))?.stop()
  }
}

async function load({ config, clocks: { now, monotonic: ticks }, record, traffic, report }: Deps) {
  const { createMetrics } = await import('./metrics/metrics.ts')
  const { bytesOf } = await import('../storage/engine/size.ts')
  const databaseBytes = () => bytesOf(config.database)
  const named = { known: record.known, configured: config.stacks }
  const seen = () => ({ health: report(), traffic })
  return createMetrics({ ...named, store: record.whole, databaseBytes, now, ticks, seen })
}
