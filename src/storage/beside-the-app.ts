import { existsSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import type { AuditKey } from '../domain/chain.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Store } from '../ports.ts'
import { migrationState } from './migrations.ts'
import { requireSchema } from './schema-guard.ts'
import { openStore } from './store.ts'

type Options = {
  readonly path: string
  readonly now: () => Date
  /** What entries are chained with; left out by whoever only reads. */
  readonly key?: AuditKey
}

/**
 * The Store on a file that the app has made and may have open: neither made nor brought up to date here. Throws a Refusal
 * when the file is not there, is of another version, or has a log that is chained with another key.
 */
export function openBesideTheApp({ path, now, key }: Options): Store {
  if (!existsSync(path))
    throw refused(path, 'is not there: set COUNTERSIGN_DB as the app has it, and start the app once')
  const { pending, lastKey } = lookInto(path)
  if (pending > 0)
    throw refused(path, 'was written by an older Countersign: start this one once, which brings it up to date')
  if (key !== undefined && lastKey !== undefined && lastKey !== (key?.id ?? null))
    throw refused(path, 'has a log that was written with another AUDIT_KEY, or with none: set it as the app has it')
  return openStore(path, now, key)
}

/** A file that a newer version wrote is refused by whoever opens it next. */
function lookInto(path: string): { pending: number; lastKey?: string | null } {
  const sqlite = new Sqlite(path, { fileMustExist: true })
  try {
    const { pending, isNewer } = migrationState(sqlite)
    if (pending > 0 || isNewer) return { pending }
    requireSchema(path, sqlite, { indexesToo: true })
    const last = sqlite.prepare('select key from audit_events order by seq desc limit 1').pluck().get()
    return { pending, ...(last !== undefined && { lastKey: last as string | null }) }
  } finally {
    sqlite.close()
  }
}

function refused(path: string, why: string): Refusal {
  return new Refusal('unavailable', `${path} ${why}. Nothing was done.`)
}
