import { isPostgres } from '../../domain/database-place.ts'
import type { Store } from '../../ports/store.ts'
import type { OpenPostgres } from '../postgres/store.ts'
import { lockWaits } from '../sqlite/database.ts'
import { openStore } from '../sqlite/store.ts'
import { orOutage } from './trouble.ts'

type Options = Omit<OpenPostgres, 'url' | 'pause'> & { readonly now: () => Date }

/**
 * The running app's Store, in a SQLite file or in PostgreSQL, which `database` tells: see `openStore` and
 * `openPostgresStore`. What PostgreSQL needs is loaded only for it. Throws an Outage for trouble of a server that passes by
 * itself.
 */
export async function openStoreAt(database: string, options: Options): Promise<Store> {
  if (isPostgres(database)) {
    const { openPostgresStore } = await import('../postgres/store.ts')
    return orOutage(openPostgresStore({ url: database, ...options }), database)
  }
  const { now, key, earlier, monotonic, onUnreadable } = options
  return openStore(database, now, key, earlier, lockWaits.brief, undefined, monotonic, onUnreadable)
}
