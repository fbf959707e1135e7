import type { AuditKey } from '../../domain/chain.ts'
import type { Fact } from '../../domain/fact.ts'
import { operatorId } from '../../domain/operator.ts'
import { openBesideTheApp } from '../../storage/beside-the-app.ts'
import { userOfThisProcess } from '../user.ts'
import type { Around, Settings } from './settings.ts'

/**
 * Notes in the log itself that somebody looked at it. Nothing is written behind an entry of another key than AUDIT_KEY:
 * that would cover up what the key is there to show. Says so when nothing was recorded, and never throws.
 */
export async function recordInLog(
  { database, keys }: Settings,
  lastKey: string | null,
  fact: Fact,
  around: Around,
): Promise<void> {
  if (lastKey !== (keys.current?.id ?? null))
    return around.complain('This was not recorded in the log, since its last entry was not written with AUDIT_KEY.')
  try {
    await recordAsOperator(database, keys.current, fact)
  } catch (error) {
    around.complain(`This could not be recorded in the log: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Throws a Refusal when the file can't be written on with this key. */
export async function recordAsOperator(database: string, key: AuditKey, fact: Fact): Promise<void> {
  const store = openBesideTheApp({ path: database, now: () => new Date(), key })
  try {
    await store.note(fact, operator(), null)
  } finally {
    store.close()
  }
}

/** As the log names whoever runs this process. */
export function operator(): string {
  return operatorId(userOfThisProcess())
}
