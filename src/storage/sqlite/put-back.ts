import Sqlite from 'better-sqlite3'
import { eq } from 'drizzle-orm'
import type { Keys } from '../../domain/audit/chain-check.ts'
import { goneWith, holdAfterPutBack } from '../../domain/audit/put-back.ts'
import { type Change, change } from '../../domain/change/change.ts'
import { evolve } from '../../domain/change/evolve.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { By, PutBack, WasPutBack } from '../put-back.ts'
import { readsRows } from '../unreadable-rows.ts'
import { prepareAudit } from './audit.ts'
import { furtherBehind } from './cards.ts'
import { prepareChangeRows } from './change-rows.ts'
import { type Database, openDatabase } from './database.ts'
import { requireKnownKey } from './log-key.ts'
import { putSchemaBack } from './put-schema-back.ts'
import { changeRequests } from './schema.ts'
import { noteVoidApprovals } from './telling.ts'

/**
 * Migrates the file at `path` as a start of the app would: a backup may be from before an upgrade, and starting the app
 * on it would write what is approved in it. Throws a Refusal if its log may not be continued with these keys.
 */
export function bringBackupUpToDate(path: string, { keys, actor, now }: By): void {
  requireKeyUnchanged(path, keys)
  const db = openDatabase(path)
  try {
    requireKnownKey(path, db.$client, keys)
    putSchemaBack(db, now, keys, actor)
  } finally {
    db.$client.close()
  }
}

/** With a wrong key, the file stays as it is. A file from before the log had keys is checked after it is migrated. */
function requireKeyUnchanged(path: string, keys: Keys): void {
  const sqlite = new Sqlite(path, { readonly: true })
  try {
    requireKnownKey(path, sqlite, keys)
  } catch (error) {
    if (error instanceof Refusal) throw error
  } finally {
    sqlite.close()
  }
}

/**
 * Records that the file at `path` is a backup that was put back, and takes the earlier approvals from every change open
 * in it, all at once. Returns how many entries its log had, and the changes that wait for approvals again. Throws a
 * Refusal if the log may not be continued with these keys.
 */
export function recordPutBack(path: string, { keys, actor, now, contradicted }: PutBack): WasPutBack {
  const db = openDatabase(path)
  try {
    requireKnownKey(path, db.$client, keys)
    const audit = prepareAudit(db, keys)
    const at = now.toISOString()
    return db.$client
      .transaction(() => {
        const { size, head } = audit.head()
        const event = { type: 'log_put_back', size, head, ...goneWith(contradicted, size) } as const
        audit.append({ event, actor, changeId: null, at })
        return { size, held: holdAll(db, audit, actor, at) }
      })
      .immediate()
  } finally {
    db.$client.close()
  }
}

/** The card of each open change may show what came after the backup, so it is redrawn. */
function holdAll(db: Database, audit: ReturnType<typeof prepareAudit>, actor: string, at: string): number[] {
  const changes = prepareChangeRows(db)
  const held: number[] = []
  for (const before of openIn(changes)) {
    const { id } = before
    db.update(changeRequests).set({ cardSeq: furtherBehind }).where(eq(changeRequests.id, id)).run()
    const event = holdAfterPutBack(before, actor, at)
    if (event === null) continue
    changes.move(evolve(before, event), audit.append({ event, actor, changeId: id, at }), before)
    noteVoidApprovals(db, before, event)
    if (before.approvals.length > 0) held.push(id)
  }
  return held
}

/** An unreadable change is not written to a stack either. */
function openIn(changes: ReturnType<typeof prepareChangeRows>): Change[] {
  const readRow = readsRows(() => {})
  return changes
    .those(changes.openIds())
    .flatMap(({ id, state }) => readRow('change_requests', String(id), () => change.parse(JSON.parse(state))) ?? [])
}
