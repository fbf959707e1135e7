export type Clock = {
  readonly now: () => Date
  readonly iso: () => string
  /** Milliseconds that have passed. */
  readonly monotonic: () => number
  pass(seconds: number): void
}

/** A clock that stands still until a test lets time pass. */
export function createClock(start = '2026-06-01T09:00:00.000Z'): Clock {
  let time = Date.parse(start)
  const began = time
  return {
    now: () => new Date(time),
    iso: () => new Date(time).toISOString(),
    monotonic: () => time - began,
    pass: (seconds) => {
      time += seconds * 1000
    },
  }
}
