import { atMost } from '../../breathe.ts'
import { createTotals } from '../../domain/audit/totals.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ChangeReads } from '../../ports/changes.ts'
import type { LogReads } from '../../ports/log.ts'
import { measureDelays } from './delays.ts'
import { createLabels, type Named } from './labels.ts'
import { createLogMetrics } from './log-metrics.ts'
import { createLogReader } from './log-reader.ts'
import { createNowMetrics, type Now } from './now-metrics.ts'
import { createOpenChanges } from './open-changes.ts'
import { createRegistry } from './registry.ts'

type Deps = Named & {
  readonly store: Pick<LogReads, 'entriesFrom'> & Pick<ChangeReads, 'openStatuses'>
  /** The size of the database; null if it can't be looked at. */
  readonly databaseBytes: () => Promise<number | null>
  readonly now: () => Date
  /** A clock in milliseconds that nobody can set. */
  readonly ticks: () => number
  readonly seen: () => Pick<Now, 'health' | 'traffic'>
}

/** Milliseconds for which an answer is given again: however often somebody asks, no more work comes of it. */
export const keptMs = 5_000

/** Milliseconds that an answer waits for the log; Prometheus waits ten seconds unless told otherwise. */
const logWithinMs = 2_000

/** Answers in Prometheus's text format. What comes from the log is missing until that has been read once. */
export function createMetrics({ store, databaseBytes, now, ticks, seen, ...named }: Deps) {
  const [fromLog, ofNow] = [createRegistry(), createRegistry()]
  const labels = createLabels(named)
  const showNow = createNowMetrics(ofNow)
  const size = fromLog.gauge('countersign_log_entries', 'Entries in the audit log.')
  const count = createLogMetrics(fromLog, labels)
  const showOpen = createOpenChanges(fromLog, labels)
  const totals = createTotals()
  const reader = createLogReader({ store, onEntry: (entry) => totals.feed(entry).forEach(count) })
  const delays = measureDelays()
  let last: { readonly at: number; readonly text: Promise<string> } | null = null
  return { scrape, stop: delays.stop }

  function scrape(): Promise<string> {
    if (last === null || ticks() - last.at >= keptMs) last = { at: ticks(), text: made() }
    return last.text
  }

  async function made(): Promise<string> {
    const log = await textFromLog().catch(unlessRefused)
    showNow({ ...seen(), delays: delays.sinceLast(), databaseBytes: await databaseBytes() })
    return `${await ofNow.text()}${log}`
  }

  async function textFromLog(): Promise<string> {
    await atMost(logWithinMs, reader.catchUp())
    if (!reader.isWhole()) return ''
    showOpen({ statuses: await store.openStatuses(), going: totals.open, at: now() })
    size.show([[{}, reader.size()]])
    return fromLog.text()
  }
}

/** The database can't be read: that is in the health. */
function unlessRefused(error: unknown): string {
  if (error instanceof Refusal) return ''
  throw error
}
