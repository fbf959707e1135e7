import type { Lease } from './change.ts'

export function sameLease(a: Lease, b: Lease): boolean {
  return a.holder === b.holder && a.until === b.until
}

/**
 * Whether a lease has ended. None is ever longer than `longestMs` from now: one that says so was made before the clock was set
 * back, and would keep the change, and its token, waiting for as long as that was.
 */
export function leaseIsOver({ until }: Lease, at: Date, longestMs: number): boolean {
  return isDue(until, at, longestMs)
}

/** The same of any instant that was `longestMs` ahead at most when it was set. */
export function isDue(instant: string, at: Date, longestMs: number): boolean {
  const ahead = Date.parse(instant) - at.getTime()
  return ahead <= 0 || ahead > longestMs
}
