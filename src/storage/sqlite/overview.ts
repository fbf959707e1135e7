import { and, asc, count, desc, eq, getTableColumns, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import { type Stretch, type Wanted, within } from '../../domain/stretch.ts'
import type { StoredChange } from '../../ports/changes.ts'
import type { OutsideEdit, Overview, OverviewWanted, PastReads } from '../../ports/past.ts'
import { noted } from '../noted.ts'
import type { AsToken } from '../token-rows.ts'
import type { ReadRow } from '../unreadable-rows.ts'
import type { Row } from './change-rows.ts'
import type { Database } from './database.ts'
import { inJson } from './in-json.ts'
import { auditEvents, changeRequests, tokens } from './schema.ts'

/** Written out, since SQLite uses a partial index only if a query repeats its condition word for word. */
const hasEnded = sql`due_at is null`
const isOutsideEdit = sql`type = 'outside_edit'`
const isVerification = sql`type = 'log_verified'`
const seen = sql<number>`exists (select 1 from audit_events looks where looks.type = 'outside_edit_seen' and looks.body ->> 'edit' = +audit_events.seq)`
const toLookAt = and(isOutsideEdit, sql`not ${seen}`)

/** App Home without its open changes. However long the log is, reads only the rows shown, and counts the others. */
export function overviews(
  db: Database,
  { listed, asToken, readRow }: { listed: (row: Row) => StoredChange[]; asToken: AsToken; readRow: ReadRow },
): Pick<PastReads, 'overview' | 'outsideEdit'> {
  return {
    overview: async (wanted) => ({
      ended: ended(wanted.ended),
      expiring: expiring(wanted.expiring),
      outsideEdits: outsideEdits(wanted.outsideEdits),
      verified: verified(),
    }),

    outsideEdit: async (number) => {
      const found = db
        .select({ ...getTableColumns(auditEvents), seen })
        .from(auditEvents)
        .where(and(isOutsideEdit, eq(auditEvents.seq, number)))
        .get()
      const edit = found ? noted<'outside_edit'>(found, readRow) : null
      return edit && { ...edit, seen: found?.seen === 1 }
    },
  }

  function ended(wanted: Wanted): Stretch<StoredChange> {
    return stretch(wanted, total(changeRequests, hasEnded), (limit, offset) =>
      db
        .select()
        .from(changeRequests)
        .where(hasEnded)
        .orderBy(desc(changeRequests.seq))
        .limit(limit)
        .offset(offset)
        .all()
        .flatMap(listed),
    )
  }

  function expiring({ from, to, stacks, ...wanted }: OverviewWanted['expiring']): Overview['expiring'] {
    const expiry = sql.raw(inJson('settings', '$.expiresOn'))
    const ofStacks = stacks && inArray(tokens.stack, [...stacks])
    const inTime = and(sql`substr(${expiry}, 1, 10) between ${from} and ${to}`, isNull(tokens.goneAt), ofStacks)
    return stretch(wanted, total(tokens, inTime), (limit, offset) =>
      db
        .select()
        .from(tokens)
        .where(inTime)
        .orderBy(asc(expiry), asc(tokens.stack), asc(tokens.uid))
        .limit(limit)
        .offset(offset)
        .all()
        .flatMap((row) => asToken(row) ?? []),
    )
  }

  function outsideEdits(wanted: Wanted): Stretch<OutsideEdit> {
    return stretch(wanted, total(auditEvents, toLookAt), (limit, offset) =>
      db
        .select()
        .from(auditEvents)
        .where(toLookAt)
        .orderBy(desc(auditEvents.seq))
        .limit(limit)
        .offset(offset)
        .all()
        .flatMap((row) => noted<'outside_edit'>(row, readRow) ?? []),
    )
  }

  function verified(): Overview['verified'] {
    const last = db.select().from(auditEvents).where(isVerification).orderBy(desc(auditEvents.seq)).limit(1).get()
    return last ? noted<'log_verified'>(last, readRow) : null
  }

  function total(table: typeof changeRequests | typeof auditEvents | typeof tokens, where: SQL | undefined): number {
    return db.select({ rows: count() }).from(table).where(where).get()?.rows ?? 0
  }
}

function stretch<T>(wanted: Wanted, total: number, read: (limit: number, offset: number) => readonly T[]): Stretch<T> {
  const { page, size } = within(wanted, total)
  return { items: read(size, page * size), page, size, total }
}
