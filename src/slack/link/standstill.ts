export type Standstill = ReturnType<typeof watchStandstill>

type Clocks = {
  /** Milliseconds that pass, whatever is done to the clock; stands still with the machine. */
  readonly monotonic: () => number
  /** The machine's time of day, which may be set when it wakes. */
  readonly wall: () => number
}

const real: Clocks = { monotonic: () => performance.now(), wall: () => Date.now() }

const beatMs = 250
/** Anything shorter is a busy process. */
const leastMs = 1_000
/** Deliveries that come in this long after it went on may have come while it stood still. */
const echoMs = 1_000

/**
 * Notices that this process stood still for a while, because the machine was paused or starved. Deliveries from that
 * time are read afterwards as if they had just come. If only the clock was set, it looks the same.
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

  /** The longest that something being read now may have waited. */
  function waitedMs(): number {
    if (timer === undefined) return 0
    if (beat.passed().longest >= leastMs) beats()
    if (last === null) return 0
    const since = monotonic() - last.until
    return since < echoMs ? last.ms + since : 0
  }

  /** The clocks as they are now; `passed`: how far they have gone on since, and the longer of the two. */
  function read() {
    const [at, shown] = [monotonic(), wall()]
    const passed = () => {
      const ms = monotonic() - at
      return { monotonic: ms, longest: Math.max(ms, wall() - shown) }
    }
    return { at, passed }
  }
}
