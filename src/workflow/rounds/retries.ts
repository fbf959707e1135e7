const longestWaitMs = 60_000

/** Changes that failed at the last try, and when each is tried again. */
export function createRetries(now: () => Date) {
  const failures = new Map<number, { count: number; retryAt: number }>()
  return { inOrder, waitLonger, end: (id: number) => void failures.delete(id) }

  /**
   * Steps that failed more often wait longer. They move up with later failures that may be tried again: people hear
   * first about what was due first.
   */
  function inOrder(unfinished: readonly number[]): number[] {
    const ids = new Set(unfinished)
    const failed = [...failures.keys()].filter((id) => ids.has(id))
    return [...failed.slice(0, failed.findLastIndex(mayRetry) + 1), ...unfinished.filter((id) => !failures.has(id))]
  }

  function mayRetry(id: number): boolean {
    const ahead = (failures.get(id)?.retryAt ?? 0) - now().getTime()
    // If it is further ahead than anything is put off, the clock was set back meanwhile.
    return ahead <= 0 || ahead > longestWaitMs
  }

  function waitLonger(id: number): void {
    const count = (failures.get(id)?.count ?? 0) + 1
    failures.set(id, { count, retryAt: now().getTime() + Math.min(1000 * 2 ** count, longestWaitMs) })
  }
}
