import { Refusal } from '../domain/refusal.ts'
import { recordAsOperator } from './record.ts'
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
        'AUDIT_KEY is not set: set it to the key that the log is written with, so that nobody else can leave it. Nothing was recorded.',
      )
    await recordAsOperator(database, keys.current, { type: 'key_left' })
    around.tell('The audit log has it that it goes on without a key from here.')
    around.tell('Now take AUDIT_KEY away from the app and start it again: while it runs, it goes on with the key.')
    around.tell(
      'Keep the key in AUDIT_KEY_PREVIOUS, for the app and for "audit verify": it attests what was written so far.',
    )
    return 0
  })
}
