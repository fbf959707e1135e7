import type { Keys } from '../../domain/audit/chain-check.ts'
import { type KeyOrder, keyOrderOf, type Turn } from '../../domain/audit/key-order.ts'
import { type On, statement } from './statements.ts'

/**
 * Reads, of the entries from one number up to before another, those at which the key changes, or that are about keys.
 */
export const turnsIn = statement<Turn>(
  'turns',
  `select key, type, body from audit_events entry where seq >= $1 and seq < $2 and (
     type in ('started', 'key_left', 'key_lost')
     or key is distinct from (select key from audit_events before where before.seq = entry.seq - 1)
   ) order by seq`,
)

/** The order of keys in the whole log. */
export async function keyOrderIn(on: On, keys: Keys): Promise<KeyOrder> {
  return keyOrderOf(await turnsIn(on, 0, Number.MAX_SAFE_INTEGER), keys)
}
