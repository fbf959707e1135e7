export type Rests = ReturnType<typeof createRests>

/**
 * What Slack counts calls by: the method, and for posts the channel as well. Source: slack.md §2, "posting".
 */
export function limitOf(method: string, channel: string | null = null): string {
  return channel === null ? method : `${method} ${channel}`
}

/** For how long Slack wants to be left alone, of each limit, by a clock in milliseconds that nobody can set. */
export function createRests(ticks: () => number = () => performance.now()) {
  const ends = new Map<string, number>()
  return { begin, left }

  /** A rest of nothing would be a call at once, and again. */
  function begin(limit: string, seconds: number): void {
    for (const other of ends.keys()) left(other)
    ends.set(limit, Math.max(ends.get(limit) ?? 0, ticks() + Math.max(seconds, 1) * 1000))
  }

  /** In milliseconds; 0 when Slack may be called. */
  function left(limit: string): number {
    const ms = (ends.get(limit) ?? 0) - ticks()
    if (ms > 0) return ms
    ends.delete(limit)
    return 0
  }
}
