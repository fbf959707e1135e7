import { asTyped } from '../../domain/as-typed.ts'
import { operatorId } from '../../domain/operator.ts'
import { Refusal } from '../../domain/refusal.ts'
import { recordLostKey } from '../../storage/engine/lost-key.ts'
import { requireThisVersionStopped } from '../../storage/engine/stopped.ts'
import { recordAsOperator } from '../store.ts'
import type { Terminal } from '../terminal.ts'
import { auditCommand } from './settings.ts'

/**
 * Records, with the key, that the log goes on without one: the app then starts without AUDIT_KEY, and `verify` accepts
 * its entries as such. Resolves to the exit code: 0, or 2 if nothing was recorded.
 */
export function leaveKey(terminal: Terminal): Promise<number> {
  return auditCommand(terminal, async ({ database, keys }, here) => {
    if (keys.current === null)
      throw new Refusal(
        'invalid',
        'AUDIT_KEY is not set: set it to the key that the log is written with, since only somebody with the key may leave it. If nobody has that key any more, say so with --lost. Nothing was recorded.',
      )
    await requireThisVersionStopped(database)
    await recordAsOperator(database, keys.current, { type: 'key_left' }, here)
    here.tell('The audit log now says that it goes on without a key from here.')
    here.tell(
      'Now remove AUDIT_KEY from the settings of the app, and start it again. If you start it with the key, it goes on using it.',
    )
    here.tell(
      `Keep the key in AUDIT_KEY_PREVIOUS, for the app and for "${asTyped('audit verify')}": it proves what was written so far.`,
    )
    return 0
  })
}

/**
 * Records, without the key, that nobody has it any more. Anybody who verifies the log with that key learns that this is
 * not true. Resolves to the exit code: 0, or 2 if nothing was recorded.
 */
export function loseKey(terminal: Terminal): Promise<number> {
  return auditCommand(terminal, async ({ database, keys }, here) => {
    const atHand = [keys.current, ...keys.earlier].flatMap((one) => one?.id ?? [])
    const { key, upTo } = await recordLostKey(database, operatorId(here.user), here.now(), atHand)
    here.tell(`The audit log now says that nobody has the key ${key} any more, and goes on.`)
    here.tell(
      `What was written up to #${upTo} can no longer be verified by key: "${asTyped('audit verify')}" says so, and exits with 2. Keep the anchors, and a copy of this database as it is.`,
    )
    here.tell(
      'Now start the app with a new AUDIT_KEY, or without one. Open changes that were asked for before can no longer be checked against the log: they are not written, and have to be asked for again.',
    )
    return 0
  })
}
