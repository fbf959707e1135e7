import { asTyped } from '../as-typed.ts'
import type { LastEntry } from './key-check.ts'

/** The last entry of a log; `follows` is 0 if the one before it is missing. */
export type LogEnd = LastEntry & { readonly follows: number }

/**
 * The reason nothing is written after this entry, as a clause; null if there is none. The log counts without gaps:
 * somebody else put an entry with any other number there, or removed the one before it; and after the largest number
 * there is no other.
 */
export function endProblem(end: LogEnd | null): string | null {
  if (end === null || (end.follows !== 0 && Number.isSafeInteger(end.seq + 1))) return null
  return (
    `its last entry, #${end.seq}, does not follow the one before it, so somebody else has changed the log: ` +
    `whoever runs Countersign has to verify it, put the last intact backup in its place, and run "${asTyped('audit put-back')}" then`
  )
}

/** An entry that was committed. */
export type Seen = { readonly seq: number; readonly hash: string | null }

/**
 * The reason nothing is written any more, as a clause, if the log has lost an entry that this process saw in it; null if it
 * is there. `hash`: of the entry with that number now; undefined if there is none.
 */
export function lossProblem(seen: Seen, hash: string | null | undefined): string | null {
  if (hash === seen.hash) return null
  const what = hash === undefined ? 'is missing' : 'has changed'
  return (
    `its entry #${seen.seq} ${what}, as after a failover to a replica that lacked the newest entries, or when a backup was put ` +
    `in its place: whoever runs Countersign has to stop it, run "${asTyped('audit put-back')}", and start it again`
  )
}
