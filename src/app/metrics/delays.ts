import { monitorEventLoopDelay } from 'node:perf_hooks'

/** By quantile, in seconds. */
export type Delays = readonly (readonly [quantile: string, seconds: number])[]

const everyMs = 10

/** Measures how late the event loop is, from its first question to the next, and so on. */
export function measureDelays() {
  const seen = monitorEventLoopDelay({ resolution: everyMs })
  seen.enable()
  return { sinceLast, stop: () => void seen.disable() }

  function sinceLast(): Delays {
    const delays = [
      ['0.5', late(seen.percentile(50))],
      ['0.99', late(seen.percentile(99))],
      ['1', late(seen.max)],
    ] as const
    const hasAny = seen.count > 0
    seen.reset()
    return hasAny ? delays : []
  }
}

/** Node measures from one look at the clock to the next, the wait in between included. */
function late(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e9 - everyMs / 1000)
}
