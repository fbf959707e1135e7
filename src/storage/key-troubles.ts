import type { KeyFault } from '../domain/audit/key-check.ts'
import { withoutItsKey } from '../domain/audit/key-order.ts'

const unknownKey = 'its last entry was written with a key that this process does not have'

/** Why nothing is appended to the log, as a clause. */
export const keyTroubles: Record<KeyFault, string> = {
  unset: unknownKey,
  unknown: unknownKey,
  keyless: `its last entry ${withoutItsKey}`,
  replaced: 'its last entry was written with a replaced key',
  returned: 'its last entry was not written with AUDIT_KEY, which was in use before it',
}
