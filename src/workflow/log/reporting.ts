import { paced } from '../../breathe.ts'
import type { Entry } from '../../domain/audit/chain-check.ts'
import { createReport, type ReportRow } from '../../domain/audit/report.ts'
import { dayMs } from '../../domain/day.ts'
import type { LogReads } from '../../ports/log.ts'

import { createShared } from '../shared.ts'

type Deps = { readonly store: Pick<LogReads, 'entriesFrom'>; readonly now: () => Date }

/** The outcomes of the changes that were asked for between two instants. */
export type Reported = { readonly since: string; readonly until: string; readonly rows: readonly ReportRow[] }

export type Reporting = ReturnType<typeof createReporting>

/**
 * Reports on changes while the app goes on: in runs, however long the log is. Whoever asks while the same is being counted
 * gets that.
 */
export function createReporting({ store, now }: Deps) {
  const counts = createShared<number, Reported>()
  return { lastDays }

  function lastDays(days: number): Promise<Reported> {
    return counts.share(days, () => count(days))
  }

  async function count(days: number): Promise<Reported> {
    const until = now()
    const since = new Date(until.getTime() - days * dayMs).toISOString()
    const report = createReport(since)
    for await (const run of paced(runs())) for (const entry of run) report.feed(entry)
    return { since, until: until.toISOString(), rows: report.end() }
  }

  async function* runs(): AsyncGenerator<readonly Entry[]> {
    for (let seq = 1; ; ) {
      const entries = await store.entriesFrom(seq)
      const last = entries.at(-1)
      if (last === undefined) return
      yield entries
      // A number can be so large that adding one does not change it.
      if (last.seq + 1 <= last.seq) return
      seq = last.seq + 1
    }
  }
}
