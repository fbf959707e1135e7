export type Clock = {
  /** Milliseconds since 1970. */
  now(): number
  /** Whole seconds since 1970. */
  seconds(): number
  /** A timestamp in Slack's form, `1700000000.000100`, later than every earlier one even if the clock stands still. */
  ts(): string
}

export function createClock(now: () => number): Clock {
  let last = 0
  return {
    now,
    seconds: () => Math.floor(now() / 1000),
    ts() {
      last = Math.max(Math.floor(now()) * 1000, last + 100)
      return `${Math.floor(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, '0')}`
    },
  }
}
