import type { AuditKey } from '../domain/audit/chain.ts'
import type { Fact } from '../domain/audit/fact.ts'
import { operatorId } from '../domain/operator.ts'
import type { Evidence } from '../ports/evidence.ts'
import type { Store } from '../ports/store.ts'
import { openBesideTheApp } from '../storage/engine/beside-the-app.ts'
import { openEvidence } from '../storage/engine/evidence.ts'
import { inWords } from '../storage/engine/trouble.ts'
import type { OnUnreadable } from '../storage/unreadable-rows.ts'
import type { Here } from './command.ts'

type Where = {
  readonly database: string
  readonly now: () => Date
  /** Entries are chained with it. */
  readonly key?: AuditKey
  readonly onUnreadable?: OnUnreadable
}

/** Works with the app's database, which the app may be using; closes it afterwards. */
export async function withStore<T>({ database: path, ...rest }: Where, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openBesideTheApp({ path, ...rest })
  try {
    return await work(store)
  } catch (error) {
    throw await inWords(error, path)
  } finally {
    await store.close()
  }
}

/** Reads the log of any database, as it is at this moment; closes it afterwards. */
export async function withEvidence<T>(path: string, read: (evidence: Evidence) => T | Promise<T>): Promise<T> {
  const evidence = await openEvidence(path)
  try {
    return await read(evidence)
  } catch (error) {
    throw await inWords(error, path)
  } finally {
    await evidence.close()
  }
}

/** Throws a Refusal if the log can't be continued with this key. */
export async function recordAsOperator(
  database: string,
  key: AuditKey,
  fact: Fact,
  { now, user }: Here,
): Promise<void> {
  await withStore({ database, now, key }, (store) => store.note(fact, operatorId(user), null))
}
