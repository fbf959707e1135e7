export type Rests = ReturnType<typeof createRests>

/**
 * The name under which Slack counts calls: the method, and for posts the channel too. Source: slack.md §2, "posting".
 */
export function limitOf(method: string, channel: string | null = null): string {
  return channel === null ? method : `${method} ${channel}`
}

/** `askedFor`: what Slack asked for, in seconds, if that is longer; otherwise null. */
type Rest = { readonly end: number; readonly askedFor: number | null }

/** Remembers, for each limit, how long Slack wants to be left alone, by a clock in milliseconds that nobody can set. */
export function createRests(ticks: () => number = () => performance.now()) {
  const rests = new Map<string, Rest>()
  return { begin, left, askedFor }

  /** A rest of zero seconds would mean a call at once, again and again. */
  function begin(limit: string, seconds: number, askedFor: number | null = null): void {
    for (const other of rests.keys()) left(other)
    const end = ticks() + Math.max(seconds, 1) * 1000
    if (end > (rests.get(limit)?.end ?? 0)) rests.set(limit, { end, askedFor })
  }

  /** In milliseconds; 0 if Slack may be called. */
  function left(limit: string): number {
    const ms = (rests.get(limit)?.end ?? 0) - ticks()
    if (ms > 0) return ms
    rests.delete(limit)
    return 0
  }

  /** The rest that Slack asked for, in seconds, if the current rest is shorter; otherwise null. */
  function askedFor(limit: string): number | null {
    return rests.get(limit)?.askedFor ?? null
  }
}
