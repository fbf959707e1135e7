import type { Fact } from '../../domain/audit/fact.ts'
import { type Here, messageOf } from '../command.ts'
import { recordAsOperator } from '../store.ts'
import type { Settings } from './settings.ts'

/**
 * Notes in the log itself that somebody looked at it. Writes nothing behind an entry with a key other than AUDIT_KEY:
 * that would hide what the key is there to show. Says so if nothing was recorded, and never throws.
 */
export async function recordInLog(
  { database, keys }: Settings,
  { size, lastKey }: { readonly size: number; readonly lastKey: string | null },
  fact: Fact,
  here: Here,
): Promise<void> {
  // The first entry is the app's: one without its key would stand there for good.
  if (size === 0) return here.complain('The log is empty, so this was not recorded in it.')
  if (lastKey !== (keys.current?.id ?? null))
    return here.complain('This was not recorded in the log, since its last entry was not written with AUDIT_KEY.')
  try {
    await recordAsOperator(database, keys.current, fact, here)
  } catch (error) {
    here.complain(`This could not be recorded in the log: ${messageOf(error)}`)
  }
}
