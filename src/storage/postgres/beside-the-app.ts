import type { AuditKey } from '../../domain/audit/chain.ts'
import type { LastEntry } from '../../domain/audit/key-check.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Store } from '../../ports/store.ts'
import type { OnUnreadable } from '../unreadable-rows.ts'
import { lastEntry } from './audit.ts'
import { connectTo } from './connection.ts'
import { requireThisVersion } from './migration-state.ts'
import { requireSchema } from './schema-guard.ts'
import { storeIn } from './store.ts'
import { inWords } from './trouble.ts'

type Options = {
  /** The address of the database. */
  readonly path: string
  readonly now: () => Date
  /** The key that chains new entries; left out by readers. */
  readonly key?: AuditKey
  /** Called once for each row that can't be read. */
  readonly onUnreadable?: OnUnreadable
}

/**
 * Opens the Store in a database that the app made and may be using; makes no tables. For a reader, nothing can be written
 * in it. Throws a Refusal if its tables are missing, of another version, or have a log chained with another key.
 */
export async function openBesideTheApp({ path: url, key, ...options }: Options): Promise<Store> {
  const pool = connectTo(url, { isReader: key === undefined })
  try {
    await requireThisVersion(pool)
    await requireSchema(pool)
    const [last] = await lastEntry(pool)
    if (key !== undefined && last && !isKeptWith(key, last)) throw wrongKey(url, key)
    return storeIn(pool, { current: key ?? null, earlier: [] }, options)
  } catch (error) {
    await pool.end()
    throw inWords(error, url)
  }
}

/** Only the app starts to use another key. */
function isKeptWith(key: AuditKey, { key: last, type }: LastEntry): boolean {
  return last === (key?.id ?? null) || (key === null && type === 'key_left')
}

function wrongKey(url: string, key: AuditKey): Refusal {
  const why =
    key === null
      ? 'has a log that was written with a key, but AUDIT_KEY is not set'
      : 'has a log that was written with another AUDIT_KEY, or with none'
  return new Refusal('unavailable', `${url} ${why}: set it as for the app. Nothing was done.`)
}
