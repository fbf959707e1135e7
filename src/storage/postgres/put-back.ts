import { goneWith, holdAfterPutBack } from '../../domain/audit/put-back.ts'
import { evolve } from '../../domain/change/evolve.ts'
import type { By, PutBack, WasPutBack } from '../put-back.ts'
import { readsChanges } from '../stored-changes.ts'
import { readsRows } from '../unreadable-rows.ts'
import { headOf, lastEntry, prepareAudit } from './audit.ts'
import { fellBehind } from './cards.ts'
import { columnsOf, moveRow, openNames, type Row } from './change-rows.ts'
import { requireKnownKey } from './known-key.ts'
import { bringUpToDate } from './migrating.ts'
import { requireTables } from './migration-state.ts'
import { createSchemaGuard, requireSchema } from './schema-guard.ts'
import { type On, statement } from './statements.ts'
import { noteVoidApprovals } from './telling.ts'
import { prepareTransactions, type Tx } from './transaction.ts'
import { connected, whileStopped } from './while-stopped.ts'

/** Brings the database at `url` up to date as a start of the app would: see the function for a SQLite file. */
export function bringBackupUpToDate(url: string, { keys }: By): Promise<void> {
  return connected(url, async (pool) => {
    await requireTables(pool)
    await requireKnownKey(pool, keys)
    await bringUpToDate(pool)
    await requireSchema(pool)
  })
}

/**
 * Records that the database at `url` is a backup that was put back, and takes the earlier approvals from every change
 * open in it, all at once. Throws a Refusal while the app runs, and if the log may not be continued with these keys.
 */
export function recordPutBack(url: string, { keys, actor, now, contradicted }: PutBack): Promise<WasPutBack> {
  return whileStopped(url, async (pool) => {
    await requireKnownKey(pool, keys)
    const at = now.toISOString()
    const tools = { pool, audit: prepareAudit(keys), schema: createSchemaGuard(), at: () => at }
    return prepareTransactions(tools).atomically(async (tx) => {
      const [last] = await lastEntry(tx.on)
      const { size, head } = await headOf(tx.on, last ?? null)
      const event = { type: 'log_put_back', size, head, ...goneWith(contradicted, size) } as const
      await tx.append({ event, actor, changeId: null, at })
      return { size, held: await holdAll(tx, actor, at) }
    })
  })
}

/** By two columns, so that neither alone can hide an open change. */
const openRows = statement<Row>(
  'open-in-backup',
  `select ${columnsOf('c')} from change_requests c where due_at is not null or status in (${openNames}) order by id`,
)

/** The card of each open change may show what came after the backup, so it is redrawn. */
async function holdAll(tx: Tx, actor: string, at: string): Promise<number[]> {
  const held: number[] = []
  for (const before of await openIn(tx.on)) {
    const { id } = before
    await fellBehind(tx.on, id)
    const event = holdAfterPutBack(before, actor, at)
    if (event === null) continue
    await moveRow(tx.on, evolve(before, event), await tx.append({ event, actor, changeId: id, at }), before)
    await noteVoidApprovals(tx.on, before, event)
    if (before.approvals.length > 0) held.push(id)
  }
  return held
}

/** An unreadable change is not written to a stack either. */
async function openIn(on: On) {
  const { readable } = readsChanges(readsRows(() => {}))
  return (await openRows(on)).flatMap((row) => readable(row) ?? [])
}
