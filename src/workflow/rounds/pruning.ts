import { dayMs } from '../../domain/day.ts'
import type { DraftStore } from '../../ports/drafts.ts'
import type { HomeStore } from '../../ports/homes.ts'
import { createSteadyClock } from '../../steady-clock.ts'

type Deps = {
  store: DraftStore & HomeStore
  now: () => Date
  /** Milliseconds that pass, whatever is done to the clock. */
  monotonic: () => number
}

const draftsLiveMs = 7 * dayMs
const homesLiveMs = 30 * dayMs

/**
 * Forgets forms that were opened long ago, and Homes that nobody has opened since. Setting the clock brings neither
 * forward while a process runs: what somebody has typed is nowhere else.
 */
export function createPruning({ store, now, monotonic }: Deps) {
  const { earliestEver } = createSteadyClock(now, monotonic)
  return async function prune(): Promise<void> {
    await store.forgetDrafts(ago(draftsLiveMs))
    await store.forgetHomes(ago(homesLiveMs))
  }

  function ago(ms: number): string {
    return new Date(earliestEver().getTime() - ms).toISOString()
  }
}
