import { keyToLose } from '../key-to-lose.ts'
import { prepareAudit } from './audit.ts'
import { lastEntryIn, requireStopped } from './beside-the-app.ts'
import { openDatabase } from './database.ts'

/**
 * Records at the end of the log, without a key, that nobody has its key any more. Returns that key and its last entry.
 * Throws a Refusal if the last entry has no key, or one of those `atHand`, and while the app runs.
 */
export function recordLostKey(path: string, actor: string, now: Date, atHand: readonly string[]) {
  const { key, upTo } = keyToLose(path, lastEntryIn(path), atHand)
  requireStopped(path)
  const db = openDatabase(path)
  try {
    const { append } = prepareAudit(db, { current: null, earlier: [], lost: key })
    const event = { type: 'key_lost', key, upTo } as const
    db.$client.transaction(() => append({ event, actor, changeId: null, at: now.toISOString() })).immediate()
    return { key, upTo }
  } finally {
    db.$client.close()
  }
}
