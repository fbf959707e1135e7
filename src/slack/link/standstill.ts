export type Standstill = ReturnType<typeof watchStandstill>

type Clocks = {
  /** Milliseconds that pass, whatever is done to the clock; they stand still with the machine. */
  readonly monotonic: () => number
  /** The time that a machine shows, which it may have set when it goes on. */
  readonly wall: () => number
}

const real: Clocks = { monotonic: () => performance.now(), wall: () => Date.now() }

const beatMs = 250
/** Less than that is a process that is busy. */
const leastMs = 1_000
/** For so long after it went on, what comes in may have come while it stood still. */
const echoMs = 1_000

/**
 * Notices that this process stood still for a while, as it does with a machine that is paused or starved. What came meanwhile is read
 * afterwards as if it had come just now. Where only the clock was set, that looks the same.
 */
export function watchStandstill({ monotonic, wall }: Clocks = real) {
  let timer: NodeJS.Timeout | undefined
  let beat = read()
  let last: { readonly ms: number; readonly until: number } | null = null
  return { start, stop, beats, read, waitedMs }

  function start(): void {
    beat = read()
    timer = setInterval(beats, beatMs).unref()
  }

  function stop(): void {
    clearInterval(timer)
    timer = undefined
  }

  function beats(): void {
    const { longest } = beat.passed()
    beat = read()
    if (longest >= leastMs) last = { ms: longest, until: beat.at }
  }

  /** How long something that is read now may have waited for that, at most. */
  function waitedMs(): number {
    if (timer === undefined) return 0
    if (beat.passed().longest >= leastMs) beats()
    if (last === null) return 0
    const since = monotonic() - last.until
    return since < echoMs ? last.ms + since : 0
  }

  /** The clocks as they are now; `passed`: what they have gone on by since, and the longer of the two. */
  function read() {
    const [at, shown] = [monotonic(), wall()]
    const passed = () => {
      const ms = monotonic() - at
      return { monotonic: ms, longest: Math.max(ms, wall() - shown) }
    }
    return { at, passed }
  }
}
