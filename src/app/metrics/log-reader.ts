import { paced } from '../../breathe.ts'
import type { Entry } from '../../domain/audit/chain-check.ts'
import type { LogReads } from '../../ports/log.ts'

type Deps = {
  readonly store: Pick<LogReads, 'entriesFrom'>
  /** Called with each entry once, in order. */
  readonly onEntry: (entry: Entry) => void
}

/**
 * Reads the log once from its first entry, and after that only what is new: in runs, so that people's work goes on in
 * between, however long the log is.
 */
export function createLogReader({ store, onEntry }: Deps) {
  let next = 1
  let isWhole = false
  let reading: Promise<void> | null = null
  return {
    /** The number of entries that were read. */
    size: () => next - 1,
    /** True once the log was read to its end. */
    isWhole: () => isWhole,
    catchUp,
  }

  /** Whoever comes while the log is being read waits for that. What fails is read again by the next. */
  function catchUp(): Promise<void> {
    reading ??= readOn().finally(() => {
      reading = null
    })
    return reading
  }

  async function readOn(): Promise<void> {
    for await (const run of paced(runs())) for (const entry of run) take(entry)
    isWhole = true
  }

  function take(entry: Entry): void {
    next = entry.seq + 1
    onEntry(entry)
  }

  async function* runs(): AsyncGenerator<readonly Entry[]> {
    // A number can be so large that adding one does not change it.
    for (let from = 0; next > from; ) {
      from = next
      const entries = await store.entriesFrom(from)
      if (entries.length === 0) return
      yield entries
    }
  }
}
