import Sqlite from 'better-sqlite3'
import type { Keys } from '../../domain/audit/chain-check.ts'
import { prepareAudit } from './audit.ts'
import type { Database } from './database.ts'
import { lookedThrough } from './index-check.ts'
import { schemaDifferences } from './schema-check.ts'
import { putBackWhatCanBe } from './schema-guard.ts'

/**
 * Rebuilds an index that somebody dropped or emptied, and corrects a number that they altered, before anything else is
 * written. The log says so. Throws a Refusal if that can't be done, and an error
 * if the file is damaged.
 */
export function putSchemaBack(db: Database, now: Date, keys: Keys, actor: string): void {
  const { $client: sqlite } = db
  const { untrue, damage } = lookedThrough(sqlite)
  if (damage !== null) throw new Sqlite.SqliteError(damage, 'SQLITE_CORRUPT')
  if (schemaDifferences(sqlite).length === 0 && untrue.length === 0) return
  const putBack = sqlite.transaction(() => {
    const what = putBackWhatCanBe(sqlite)
    if (what.length === 0) return
    prepareAudit(db, keys).append({
      event: { type: 'schema_put_back', what },
      actor,
      changeId: null,
      at: now.toISOString(),
    })
  })
  putBack.immediate()
}
