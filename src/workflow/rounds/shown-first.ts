import type { createRuns } from './runs.ts'

/** More than it takes to hand a redrawn card to Slack, and too little for anybody to miss. */
const momentMs = 200

/**
 * Shows a change before the next step is taken with it. The step waits until the redrawn card is on its way, and no
 * longer than a moment: what Slack says to it, or fails to say, holds up nothing.
 */
export function createShownFirst(showing: ReturnType<typeof createRuns>) {
  const waiting = new Map<number, () => void>()
  return { show, leaves: (id: number) => waiting.get(id) }

  async function show(id: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const moment = setTimeout(resolve, momentMs)
    waiting.set(id, resolve)
    showing.soon(id)
    void showing.done(id).then(resolve)
    await promise
    clearTimeout(moment)
    waiting.delete(id)
  }
}
