/** Lets everything else that waits have its turn. */
export type Breathe = () => Promise<void>

export const breathe: Breathe = () => new Promise((resolve) => setImmediate(resolve))

/** The same items, so many at once, with a breath between: for work that would hold everybody up if it were done in one go. */
export async function* inRuns<T>(items: readonly T[], size: number, pause = breathe): AsyncGenerator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) {
    if (from > 0) await pause()
    yield items.slice(from, from + size)
  }
}
