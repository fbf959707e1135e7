/**
 * The same work for each of many ids, one run at a time for each: calls while it is under way lead to one more run.
 * `work` does not throw.
 */
export function createRuns(work: (id: number) => Promise<void>) {
  const running = new Map<number, Promise<void>>()
  const again = new Set<number>()
  return { soon, done: (id: number) => running.get(id) ?? Promise.resolve(), idle, isIdle: () => running.size === 0 }

  function soon(id: number): void {
    if (running.has(id)) {
      again.add(id)
      return
    }
    const run = work(id).finally(() => {
      running.delete(id)
      if (again.delete(id)) soon(id)
    })
    running.set(id, run)
  }

  /** Resolves once nothing is under way. */
  async function idle(): Promise<void> {
    while (running.size > 0) await Promise.all(running.values())
  }
}
