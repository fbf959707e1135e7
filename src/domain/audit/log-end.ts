import type { LastEntry } from './key-check.ts'

const onceItIsThere = 'run "npm run audit -- put-back" then'

/** The last entry of a log, and whether the one before it is there: 0 if not. */
export type LogEnd = LastEntry & { readonly follows: number }

/**
 * Why nothing is written behind this entry, as a clause; null where it is. The log counts without gaps: an entry with any other
 * number was put there by somebody else, or the one before it taken away; and behind the largest of numbers there is no other.
 */
export function endProblem(end: LogEnd | null): string | null {
  if (end === null || (end.follows !== 0 && Number.isSafeInteger(end.seq + 1))) return null
  return (
    `its last entry, #${end.seq}, does not follow the one before it, so somebody else has changed the log: ` +
    `whoever runs Countersign has to verify it, put the last backup that is whole in its place, and ${onceItIsThere}`
  )
}
