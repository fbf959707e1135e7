import type { AuditKey } from '../domain/audit/chain.ts'
import type { Store } from '../ports.ts'
import { openBesideTheApp } from '../storage/beside-the-app.ts'
import { type Evidence, openEvidence } from '../storage/evidence.ts'
import type { OnUnreadable } from '../storage/unreadable-rows.ts'

type Where = {
  readonly database: string
  readonly now: () => Date
  /** What is written is chained with it. */
  readonly key?: AuditKey
  readonly onUnreadable?: OnUnreadable
}

/** With the app's database, while it may run; closed when the work is over. */
export async function withStore<T>({ database: path, ...rest }: Where, work: (store: Store) => Promise<T>): Promise<T> {
  const store = openBesideTheApp({ path, ...rest })
  try {
    return await work(store)
  } finally {
    store.close()
  }
}

/** With the log of a database as it is in the file, which may be any; closed when it was read. */
export async function withEvidence<T>(path: string, read: (evidence: Evidence) => T | Promise<T>): Promise<T> {
  const evidence = openEvidence(path)
  try {
    return await read(evidence)
  } finally {
    evidence.close()
  }
}
