import type { Lease } from './parts.ts'

export function sameLease(a: Lease, b: Lease): boolean {
  return a.holder === b.holder && a.until === b.until
}

/**
 * True once an instant has come that was `longestMs` ahead at most when it was set. True too if it is further ahead:
 * then it was set before the clock was set back, and would keep things waiting for as long as that was.
 */
export function isDue(instant: string, at: Date, longestMs: number): boolean {
  const ahead = Date.parse(instant) - at.getTime()
  return ahead <= 0 || ahead > longestMs
}
