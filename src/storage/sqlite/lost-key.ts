import { asTyped } from '../../domain/as-typed.ts'
import { prepareAudit } from './audit.ts'
import { lastEntryIn, refused, requireStopped } from './beside-the-app.ts'
import { openDatabase } from './database.ts'

/**
 * Records at the end of the log, without a key, that nobody has its key any more. Returns that key and its last entry.
 * Throws a Refusal if the last entry has no key, or one of those `atHand`, and while the app runs.
 */
export function recordLostKey(path: string, actor: string, now: Date, atHand: readonly string[]) {
  const last = lastEntryIn(path)
  if (last === null || last.key === null || last.type === 'key_left')
    throw refused(path, 'has a log whose last entry does not need a key, so there is no key to lose')
  if (atHand.includes(last.key))
    throw refused(
      path,
      `has a log whose key is not lost: it is the one you have set. Run "${asTyped('audit leave-key')}" without --lost`,
    )
  requireStopped(path)
  const db = openDatabase(path)
  try {
    const { key, seq } = last
    const { append } = prepareAudit(db, { current: null, earlier: [], lost: key })
    const event = { type: 'key_lost', key, upTo: seq } as const
    db.$client.transaction(() => append({ event, actor, changeId: null, at: now.toISOString() })).immediate()
    return { key, upTo: seq }
  } finally {
    db.$client.close()
  }
}
