import { lossProblem, type Seen } from '../domain/audit/log-end.ts'
import { LogTrouble } from './log-trouble.ts'

export type SeenEnd = ReturnType<typeof createSeenEnd>

/** Remembers the last entry that this process saw committed: a log without it has been replaced while the process ran. */
export function createSeenEnd() {
  let seen: Seen | null = null
  let elsewhere: string | null = null
  return {
    last: (): Seen | null => seen,
    saw,
    /** Notes what other processes saw in it and it no longer has, as a clause; null for nothing. */
    isLostElsewhere: (problem: string | null) => {
      elsewhere = problem
    },
    requireNoneLost,
  }

  function saw(end: Seen): void {
    if (seen === null || end.seq > seen.seq) seen = { seq: end.seq, hash: end.hash }
  }

  /**
   * `before`: the last entry that was seen when the log was asked; `hash`: of the entry that has its number now, undefined if
   * there is none. Throws LogTrouble.
   */
  function requireNoneLost(before: Seen | null, hash: string | null | undefined): void {
    const problem = (before && lossProblem(before, hash)) ?? elsewhere
    if (problem !== null) throw new LogTrouble(problem)
  }
}
