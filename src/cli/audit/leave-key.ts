import { Refusal } from '../../domain/refusal.ts'
import { lastEntryIn, requireStopped } from '../../storage/beside-the-app.ts'
import { recordLostKey } from '../../storage/lost-key.ts'
import { operator, recordAsOperator } from './record.ts'
import { type Around, auditSettings, orComplain } from './settings.ts'

/**
 * Records, with the key, that the log goes on without one: the app then starts without AUDIT_KEY, and `verify` takes what it
 * writes for what it is. Resolves to the exit code: 0, or 2 when nothing was recorded.
 */
export function leaveKey(around: Around): Promise<number> {
  return orComplain(around, async () => {
    const { database, keys } = auditSettings(around)
    if (keys.current === null)
      throw new Refusal(
        'invalid',
        'AUDIT_KEY is not set: set it to the key that the log is written with, so that nobody else can leave it. If nobody has that key any more, say so with --lost. Nothing was recorded.',
      )
    lastEntryIn(database)
    requireStopped(database)
    await recordAsOperator(database, keys.current, { type: 'key_left' })
    around.tell('The audit log has it that it goes on without a key from here.')
    around.tell(
      'Now take AUDIT_KEY away from the app, and start it again without: started with the key, it goes on with it.',
    )
    around.tell(
      'Keep the key in AUDIT_KEY_PREVIOUS, for the app and for "audit verify": it attests what was written so far.',
    )
    return 0
  })
}

/**
 * Records, without the key, that nobody has it any more. Whoever verifies the log with that key is told that this is not so.
 * Resolves to the exit code: 0, or 2 when nothing was recorded.
 */
export function loseKey(around: Around): Promise<number> {
  return orComplain(around, async () => {
    const { database, keys } = auditSettings(around)
    const atHand = [keys.current, ...keys.earlier].flatMap((one) => one?.id ?? [])
    const { key, upTo } = recordLostKey(database, operator(), new Date(), atHand)
    around.tell(`The audit log has it that nobody has the key ${key} any more, and goes on.`)
    around.tell(
      `What was written up to #${upTo} can't be verified by key from here: "audit verify" says so, and ends with 2. Keep a copy of this file as it is, and the anchors.`,
    )
    around.tell(
      'Now start the app with a new AUDIT_KEY, or without one. Open changes that were asked for before can no longer be held against the log: they are not written, and have to be asked for again.',
    )
    return 0
  })
}
