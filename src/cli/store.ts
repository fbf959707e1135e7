import type { AuditKey } from '../domain/chain.ts'
import type { Store } from '../ports.ts'
import { openBesideTheApp } from '../storage/beside-the-app.ts'
import type { OnUnreadable } from '../storage/unreadable-rows.ts'

export const systemClock = () => new Date()

/** With the app's database, while it may run; closed when the work is over. */
export async function working<T>(
  where: { path: string; now: () => Date; key?: AuditKey; onUnreadable?: OnUnreadable },
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const store = openBesideTheApp(where)
  try {
    return await work(store)
  } finally {
    store.close()
  }
}

/** The same for those who write nothing. */
export function reading<T>(
  path: string,
  now: () => Date,
  read: (store: Store) => Promise<T>,
  onUnreadable?: OnUnreadable,
): Promise<T> {
  return working({ path, now, ...(onUnreadable && { onUnreadable }) }, read)
}
