/** Gives everything else that waits a turn. */
export type Breathe = () => Promise<void>

export const breathe: Breathe = () => new Promise((resolve) => setImmediate(resolve))

/** As many rounds of the event loop as a delivery takes from the socket to its ack, and one more. */
const roundsToAnAck = 6

/** Everything that has come so far is done before what comes next: a delivery needs several turns until it is acked. */
export async function rest(): Promise<void> {
  for (let round = 0; round < roundsToAnAck; round++) await breathe()
}

/**
 * Lets callers go on one at a time, each in its own round of the event loop, and none before a rest: whatever came
 * meanwhile gets its turn before the next.
 */
export function oneARound(): () => Promise<void> {
  let last = Promise.resolve()
  return async () => {
    await rest()
    last = last.then(breathe)
    return last
  }
}

/** Comes between two pieces of work; the one before took that many milliseconds. */
export type Pause = (ms: number) => Promise<void>

/** For work that is in no hurry: leaves two thirds of the time to whoever else has something to do. */
const stepBack: Pause = (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(1, 2 * ms)))

/**
 * The same items, this many at a time, with a pause in between: for work that would hold everybody up if done in one
 * go.
 */
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

/** The same for items that come in runs already: a pause once those since the last took a while. */
export async function* paced<T>(runs: AsyncIterable<T>, pause: Pause = stepBack): AsyncGenerator<T> {
  let began = performance.now()
  for await (const run of runs) {
    yield run
    const took = performance.now() - began
    if (took < whileMs) continue
    await pause(took)
    began = performance.now()
  }
}

const whileMs = 5

/** Resolves when the work is over, whatever its result, or after that many milliseconds. */
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
