export type Clock = { readonly now: () => Date; readonly iso: () => string; pass(seconds: number): void }

/** A clock that stands still until a test lets time pass. */
export function createClock(start = '2026-06-01T09:00:00.000Z'): Clock {
  let time = Date.parse(start)
  return {
    now: () => new Date(time),
    iso: () => new Date(time).toISOString(),
    pass: (seconds) => {
      time += seconds * 1000
    },
  }
}
