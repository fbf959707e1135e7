/** Lets everything else that waits have its turn. */
export type Breathe = () => Promise<void>

export const breathe: Breathe = () => new Promise((resolve) => setImmediate(resolve))

/**
 * Lets those who ask go on one at a time, each in a round of the event loop of its own, and none before `restMs` milliseconds
 * are over: whatever came meanwhile has its turn before the next.
 */
export function oneARound(restMs: number): () => Promise<void> {
  let last = Promise.resolve()
  return async () => {
    await new Promise((resolve) => setTimeout(resolve, restMs))
    last = last.then(breathe)
    return last
  }
}

/** The same items, so many at once, with a breath between: for work that would hold everybody up if it were done in one go. */
export async function* inRuns<T>(items: readonly T[], size: number, pause = breathe): AsyncGenerator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) {
    if (from > 0) await pause()
    yield items.slice(from, from + size)
  }
}
