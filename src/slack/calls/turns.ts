/** Work that waits only for other work of the same name. */
export function createTurns() {
  const last = new Map<string, Promise<unknown>>()
  return { inTurn, idle, underWay: () => [...last.keys()] }

  function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = last.get(name) ?? Promise.resolve()
    const run = before.catch(() => {}).then(work)
    last.set(name, run)
    const done = () => {
      if (last.get(name) === run) last.delete(name)
    }
    run.then(done, done)
    return run
  }

  /** Resolves once nothing is under way. */
  async function idle(): Promise<void> {
    while (last.size > 0) await Promise.allSettled(last.values())
  }
}
