import { and, asc, count, desc, eq, gt, inArray, lt, type SQL, sql } from 'drizzle-orm'
import { unionAll } from 'drizzle-orm/sqlite-core'
import { fact } from '../domain/fact.ts'
import type { OutsideEdit, Past, PastEntry, PastWanted, Store, StoredChange, TokenRef } from '../ports.ts'
import type { Row } from './change-rows.ts'
import type { Database } from './database.ts'
import { auditEvents, changeRequests } from './schema.ts'
import type { ReadRow } from './unreadable-rows.ts'
import { preparedWhenUsed } from './when-used.ts'

/** Written out, since SQLite uses an index over some rows only where a query says the same in the same words. */
const hasEnded = sql`due_at is null`
const isOutsideEdit = sql`type = 'outside_edit'`

const { seq, body } = auditEvents

/**
 * What became of a token, the last first: changes that have ended, and edits made elsewhere, ordered by where the log tells
 * of them. Finding a page reads two indexes as far as that page; only what is on it is read whole.
 */
export function tokenPast(db: Database, listed: (row: Row) => StoredChange[], readRow: ReadRow): Pick<Store, 'past'> {
  return {
    past: async (of, wanted) => db.$client.transaction(() => page(of, wanted))(),
  }

  function page(of: TokenRef, wanted: PastWanted): Past {
    const found = entriesOf(of, wanted)
    const total = countOf(of)
    const [first] = found
    const skipped = first ? countOf(of, (seq) => gt(seq, first.seq)) : total
    return { entries: read(found), skipped, total }
  }

  /** Newer entries are found from the oldest of them on, so that they are those next to the page that is left. */
  function entriesOf(of: TokenRef, { size, ...from }: PastWanted): Key[] {
    const keys = (within?: Within) => unionAll(endedOf(of, within), editsOf(of, within))
    if ('after' in from)
      return keys((seq) => gt(seq, from.after))
        .orderBy(asc(sql`seq`))
        .limit(size)
        .all()
        .reverse()
    const within = 'before' in from ? (seq: Seq) => lt(seq, from.before) : undefined
    const skip = 'skip' in from ? from.skip : 0
    return keys(within).orderBy(desc(sql`seq`)).limit(size).offset(skip).all()
  }

  function endedOf({ stack, tokenUid }: TokenRef, within?: Within) {
    const { stack: ofStack, tokenUid: ofUid, seq, id } = changeRequests
    return db
      .select({ seq, id: sql<number | null>`${id}` })
      .from(changeRequests)
      .where(and(eq(ofStack, stack), eq(ofUid, tokenUid), hasEnded, within?.(seq)))
  }

  function editsOf({ stack, tokenUid }: TokenRef, within?: Within) {
    const ofToken = sql`${body} ->> 'stack' = ${stack} and ${body} ->> 'tokenUid' = ${tokenUid}`
    return db
      .select({ seq, id: sql<number | null>`null` })
      .from(auditEvents)
      .where(and(isOutsideEdit, ofToken, within?.(seq)))
  }

  function countOf(of: TokenRef, within?: Within): number {
    const rows = [endedOf(of, within), editsOf(of, within)].map((keys) =>
      db.select({ rows: count() }).from(keys.as('keys')).get(),
    )
    return rows.reduce((sum, found) => sum + (found?.rows ?? 0), 0)
  }

  function read(keys: readonly Key[]): PastEntry[] {
    const ids = keys.flatMap(({ id }) => id ?? [])
    const changes = db.select().from(changeRequests).where(inArray(changeRequests.id, ids)).all()
    const edits = db
      .select()
      .from(auditEvents)
      .where(
        inArray(
          seq,
          keys.filter(({ id }) => id === null).map((key) => key.seq),
        ),
      )
      .all()
    return keys.flatMap((key): PastEntry[] => {
      const change = changes.find(({ id }) => id === key.id)
      if (change) return listed(change).map((stored) => ({ kind: 'change', stored }))
      const edit = outsideEdit(edits.find((edit) => edit.seq === key.seq)!, readRow)
      return edit ? [{ kind: 'edit', edit }] : []
    })
  }
}

type Seq = typeof seq | typeof changeRequests.seq
type Within = (seq: Seq) => SQL
type Key = { readonly seq: number; readonly id: number | null }

/** Edits of a token that were noted as made elsewhere after `since` (an ISO instant): the newest of them. */
export function recentEdits(db: Database, { stack, tokenUid }: TokenRef, since: string, readRow: ReadRow) {
  const ofToken = and(isOutsideEdit, sql`body ->> 'stack' = ${stack}`, sql`body ->> 'tokenUid' = ${tokenUid}`)
  const rows = db.select().from(auditEvents).where(ofToken).orderBy(desc(seq)).limit(mostRecent).all()
  const edits = rows.flatMap((row) => outsideEdit(row, readRow) ?? [])
  return edits.flatMap(({ at, fact: { before, after } }) => (at > since ? [{ at, before, after }] : []))
}

const mostRecent = 20

type EditRow = Pick<typeof auditEvents.$inferSelect, 'seq' | 'at' | 'type' | 'body'>

/** Finds the last edit of a token that was noted as made elsewhere. In SQL and prepared once, since a first look asks it of each token. */
export function prepareLastEdit({ $client }: Database, readRow: ReadRow): (of: TokenRef) => OutsideEdit | null {
  const find = preparedWhenUsed($client).prepare<TokenRef, EditRow>(`
    select seq, at, type, body from audit_events
    where type = 'outside_edit' and body ->> 'stack' = @stack and body ->> 'tokenUid' = @tokenUid
    order by seq desc limit 1
  `)
  return (of) => {
    const row = find.get(of)
    return row ? outsideEdit(row, readRow) : null
  }
}

function outsideEdit({ seq, at, type, body }: EditRow, readRow: ReadRow): OutsideEdit | null {
  const read = () => ({ seq, at, fact: fact.parse({ ...JSON.parse(body), type }) as OutsideEdit['fact'] })
  return readRow('audit_events', String(seq), read)
}
