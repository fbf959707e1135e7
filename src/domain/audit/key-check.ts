import { asTyped } from '../as-typed.ts'
import type { Keys } from './chain-check.ts'
import type { KeyOrder } from './key-order.ts'
import { thenSaySo } from './put-back.ts'

/** The last entry of a log: the key that made it, and its type. */
export type LastEntry = { readonly seq: number; readonly key: string | null; readonly type: string }

/** The faults that keep a log from being continued with the keys at hand. */
export type KeyFault = 'unset' | 'unknown' | 'keyless' | 'replaced' | 'returned'

/**
 * The reason a log may not be continued with these keys; null if it may. The key of its last entry has to be known:
 * with another, or none, changes would not be borne out, and nobody could verify the log any more. A log without a key
 * may get one, and one whose key was left on purpose may continue without. `orderIn` is called only if that entry was
 * made with another key.
 */
export function keyFault(
  last: LastEntry | null,
  { current, earlier, lost }: Keys,
  orderIn: () => KeyOrder,
): KeyFault | null {
  if (!last || last.key === lost || last.key === (current?.id ?? null)) return null
  const wasLeft = last.type === 'key_left'
  if (current === null) return wasLeft ? null : 'unset'
  const isKnown = last.key === null || wasLeft || earlier.some(({ id }) => id === last.key)
  if (!isKnown) return 'unknown'
  const { isInOrder, used, latest } = orderIn()
  const isInUse = last.key === null && latest === current.id
  if (used.has(current.id) && !isInUse) return 'returned'
  if (isInOrder) return null
  return last.key === null ? 'keyless' : 'replaced'
}

/** The same as sentences, with what to do. */
export function keyProblem(last: LastEntry | null, keys: Keys, orderIn: () => KeyOrder): string | null {
  const fault = keyFault(last, keys, orderIn)
  return fault && wordsFor[fault](last!.seq)
}

const ifLost = 'If nobody has that key any more, docs/auditing.md says under "A lost key" how to go on.'
const ifForged = () =>
  `keep a copy of the database as it is, put the last backup that verifies in its place, and ${thenSaySo()}.`

const wordsFor: Record<KeyFault, (seq: number) => string> = {
  unset: (seq) =>
    `The audit log was written with a key up to its last entry, #${seq}, but AUDIT_KEY is not set. Set it as before. ` +
    `To go on without a key on purpose, run "${asTyped('audit leave-key')}" once, with AUDIT_KEY set. ` +
    ifLost,
  unknown: (seq) =>
    `The last entry of the audit log, #${seq}, was not written with AUDIT_KEY but with another key. Set AUDIT_KEY to that one. ` +
    'If you changed the key on purpose, give the previous one in AUDIT_KEY_PREVIOUS. ' +
    ifLost,
  keyless: (seq) =>
    `The last entry of the audit log, #${seq}, was written without a key, although earlier entries have one. ` +
    `Anybody who can write to the database may have written it: ${ifForged()}`,
  replaced: (seq) =>
    `The last entry of the audit log, #${seq}, was written with a key that had already been replaced. ` +
    `Whoever still has that key may have written it: ${ifForged()}`,
  returned: (seq) =>
    `The last entry of the audit log, #${seq}, was not written with AUDIT_KEY, which was in use before that, and ` +
    'a replaced key is not used again. If you went back to an earlier key, set AUDIT_KEY to the key of the last ' +
    'entry, or to a new one, and give the others in AUDIT_KEY_PREVIOUS. If you did not, whoever still has the key of that ' +
    `entry may have written it: ${ifForged()}`,
}
