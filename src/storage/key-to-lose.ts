import { asTyped } from '../domain/as-typed.ts'
import type { LastEntry } from '../domain/audit/key-check.ts'
import { refused } from './refused.ts'

/**
 * The key of the last entry, which nobody has any more, with its number. Throws a Refusal if the entry has no key, or one
 * of those `atHand`.
 */
export function keyToLose(database: string, last: LastEntry | null, atHand: readonly string[]) {
  if (last === null || last.key === null || last.type === 'key_left')
    throw refused(database, 'has a log whose last entry does not need a key, so there is no key to lose')
  if (atHand.includes(last.key))
    throw refused(
      database,
      `has a log whose key is not lost: it is the one you have set. Run "${asTyped('audit leave-key')}" without --lost`,
    )
  return { key: last.key, upTo: last.seq }
}
