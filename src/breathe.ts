/** Lets everything else that waits have its turn. */
export type Breathe = () => Promise<void>

export const breathe: Breathe = () => new Promise((resolve) => setImmediate(resolve))

/** All that has come so far is done before what comes next: a delivery needs several turns until it is acked. */
export const rest: Breathe = () => new Promise((resolve) => setTimeout(resolve, 1))

/**
 * Lets those who ask go on one at a time, each in a round of the event loop of its own, and none before a rest: whatever came
 * meanwhile has its turn before the next.
 */
export function oneARound(): () => Promise<void> {
  let last = Promise.resolve()
  return async () => {
    await rest()
    last = last.then(breathe)
    return last
  }
}

/** Between two pieces of work, of which the one before took so many milliseconds. */
export type Pause = (ms: number) => Promise<void>

/** For work that is in no hurry: two thirds of the time are left to whoever else has something to do. */
const stepBack: Pause = (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(1, 2 * ms)))

/** The same items, so many at once, with a pause between: for work that would hold everybody up if it were done in one go. */
export async function* inRuns<T>(
  items: readonly T[],
  size: number,
  pause: Pause = stepBack,
): AsyncGenerator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) {
    const began = performance.now()
    yield items.slice(from, from + size)
    if (from + size < items.length) await pause(performance.now() - began)
  }
}

/** Resolves when the work is over, whatever comes of it, or after so many milliseconds. */
export function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    timer.unref()
    void work
      .catch(() => {})
      .then(() => {
        clearTimeout(timer)
        resolve()
      })
  })
}
