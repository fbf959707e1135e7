import type { Change } from '../../domain/change/change.ts'
import type { Lease } from '../../domain/change/parts.ts'
import type { Send } from '../../domain/change/write.ts'
import type { SteadyClock } from '../../steady-clock.ts'
import { createWaits } from './waits.ts'

/**
 * In milliseconds. The lease must outlast the write: until it is over, nobody calls a write lost or repeats it.
 * `arrival`: how long after the start of an apply an unanswered update may still arrive, so that nothing else is
 * written to its token.
 */
export type Timing = { writeTimeout: number; lease: number; arrival: number }

type Deps = {
  steady: SteadyClock
  /** Milliseconds that pass, whatever is done to the clock. */
  monotonic: () => number
  /** The name of this process in a lease. */
  processId: string
  timing: Timing
}

export type Leases = ReturnType<typeof createLeases>

/** The times of an apply: its lease, and how long its update may still arrive. */
export function createLeases({ steady, monotonic, processId, timing }: Deps) {
  const { now } = steady
  const waits = createWaits(steady, monotonic)
  return { begin, left, count, isOwn, isWaitedOut, isLate, arrivalLeftSince, whenOver, inWholeSeconds, hasTimeToWrite }

  /** Its end is counted from here on. */
  function begin(): Lease {
    const lease = { holder: processId, until: later(timing.lease), arrival: later(timing.arrival) }
    left(lease)
    return lease
  }

  function isOwn({ holder }: Lease): boolean {
    return holder === processId
  }

  /** A lease that was over, by the clock, when this process began is over: a restarted app goes on at once. */
  function left({ holder, until }: Lease): number {
    return waits.msLeft({ name: `lease ${holder} ${until}`, until, longestMs: timing.lease })
  }

  /** Starts when this process first meets the change: for the time before, there is only the clock. */
  function count(change: Extract<Change, { status: 'applying' }>): void {
    left(change.lease)
    isLate(change)
  }

  /** By either clock: one of them may have been set, and the other stops while the machine sleeps. */
  function hasTimeToWrite(lease: Lease): boolean {
    const byWall = Date.parse(lease.until) - now().getTime()
    return Math.min(byWall, left(lease)) > timing.writeTimeout
  }

  function isWaitedOut(send: Send): boolean {
    return arrivalLeft(send) <= 0
  }

  /** True once no look can show any more what the stack said it took. */
  function isLate(change: Change): boolean {
    if (change.status !== 'applying' || !change.write) return false
    const { lease, write } = change
    return isWaitedOut({ sentAt: write.sentAt, until: lease.arrival ?? lease.until, answer: 'taken' })
  }

  function arrivalLeft({ sentAt, until }: Pick<Send, 'sentAt' | 'until'>): number {
    const name = `update ${sentAt} ${until}`
    return waits.msLeft({ name, until, longestMs: timing.arrival, outlivesTheClock: true })
  }

  /** How long an update sent before this instant may still arrive, in milliseconds; 0 or less once it can't. */
  function arrivalLeftSince(at: string | null): number {
    if (at === null) return 0
    return arrivalLeft({ sentAt: at, until: new Date(Date.parse(at) + timing.arrival).toISOString() })
  }

  function whenOver(send: Send | null): string | undefined {
    if (send === null || send.until > now().toISOString()) return send?.until
    return inWholeSeconds(arrivalLeft(send))
  }

  /** When this many milliseconds are over by the wall clock, rounded up to whole seconds, so that they surely are. */
  function inWholeSeconds(ms: number): string {
    return later(Math.ceil(ms / 1000) * 1000)
  }

  function later(ms: number): string {
    return new Date(now().getTime() + ms).toISOString()
  }
}
