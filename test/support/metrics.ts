import type { HealthReport } from '../../src/app/health/health-server.ts'
import { createMetrics } from '../../src/app/metrics/metrics.ts'
import { createTraffic } from '../../src/app/metrics/traffic.ts'
import { bytesOf } from '../../src/storage/engine/size.ts'
import { policy } from './world.ts'

export type ScrapedStore = Parameters<typeof createMetrics>[0]['store']

const health: HealthReport = {
  status: 'ok',
  version: '1',
  log: { writable: true, why: null, since: null, doubt: null, keyed: true, anchors: { thread: null } },
  slack: {
    ...{ listening: true, came: 2, acked: 1, posts: { failing: 0, inDoubt: 0 } },
    ...{ elsewhere: null, why: null, since: null },
  },
  stacks: [],
}

/** The metrics of an app with this store, whose clock is moved on before each scrape. */
export function metricsOf(store: ScrapedStore, database = ':memory:') {
  const clock = { ticks: 0 }
  const known = { stacks: [{ id: 'website', name: 'website', key: 'k' }], former: [] }
  const metrics = createMetrics({
    ...{ store, known, configured: [{ name: 'website', policy }] },
    databaseBytes: () => bytesOf(database),
    now: () => new Date('2026-06-01T09:00:00.000Z'),
    ticks: () => clock.ticks,
    seen: () => ({ health, traffic: createTraffic() }),
  })
  const scrape = () => {
    clock.ticks += 5_000
    return metrics.scrape()
  }
  return { scrape, again: metrics.scrape }
}

/** The names of all metrics, in order. */
export async function metricNames(): Promise<string[]> {
  const text = await metricsOf({ entriesFrom: async () => [], openStatuses: async () => new Map() }).scrape()
  return [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!).sort()
}
