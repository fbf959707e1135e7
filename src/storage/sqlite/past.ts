import { and, desc, inArray, sql } from 'drizzle-orm'
import type { StoredChange, TokenRef } from '../../ports/changes.ts'
import type { OutsideEdit, Past, PastEntry, PastReads, PastWanted } from '../../ports/past.ts'
import { type NotedRow, noted } from '../noted.ts'
import type { ReadRow } from '../unreadable-rows.ts'
import type { Row } from './change-rows.ts'
import type { Database } from './database.ts'
import { auditEvents, changeRequests } from './schema.ts'
import { preparedOnce, preparedWhenUsed } from './when-used.ts'

/** Written out, since SQLite uses a partial index only if a query repeats its condition word for word. */
const isOutsideEdit = sql`type = 'outside_edit'`
const ended = 'from change_requests where stack = @stack and token_uid = @tokenUid and due_at is null'
const edited = `from audit_events where type = 'outside_edit' and body ->> 'stack' = @stack and body ->> 'tokenUid' = @tokenUid`

const { seq } = auditEvents

/**
 * The history of a token, newest first: closed changes and edits made elsewhere, ordered by their place in the log.
 * Finding a page reads two indexes as far as that page; only what is on it is read whole. In SQL, since building the
 * queries takes longer than running them, and a token's page is drawn whenever somebody looks at it.
 */
export function tokenPast(
  db: Database,
  listed: (row: Row) => StoredChange[],
  readRow: ReadRow,
): Pick<PastReads, 'past'> {
  const { prepare } = preparedOnce(db.$client)
  return {
    past: async (of, wanted) => db.$client.transaction(() => page(of, wanted))(),
  }

  function page({ stack, tokenUid }: TokenRef, wanted: PastWanted): Past {
    const of = { stack, tokenUid }
    const found = keysOf(of, wanted)
    const total = countOf(of, Number.MIN_SAFE_INTEGER)
    const [first] = found
    return { entries: read(found), skipped: first ? countOf(of, first.seq) : total, total }
  }

  /** Newer entries are searched from the oldest of them on, to get those next to the page that is left. */
  function keysOf(of: TokenRef, { size, ...from }: PastWanted): Key[] {
    if ('after' in from) return keys('and seq > @seq', `asc limit ${size}`, { ...of, seq: from.after }).reverse()
    if ('before' in from) return keys('and seq < @seq', `desc limit ${size}`, { ...of, seq: from.before })
    return keys('', `desc limit ${size} offset @skip`, { ...of, skip: from.skip })
  }

  function keys(within: string, order: string, values: object): Key[] {
    const both = `select seq, id ${ended} ${within} union all select seq, null ${edited} ${within}`
    return prepare<object, Key>(`${both} order by seq ${order}`).all(values)
  }

  /** The number of entries newer than the entry `seq` of the log. */
  function countOf(of: TokenRef, seq: number): number {
    const rows = (from: string) => `(select count(*) ${from} and seq > @seq)`
    const count = prepare<object, number>(`select ${rows(ended)} + ${rows(edited)}`).pluck()
    return count.get({ ...of, seq })!
  }

  function read(keys: readonly Key[]): PastEntry[] {
    if (keys.length === 0) return []
    const ids = keys.flatMap(({ id }) => id ?? [])
    const changes = db.select().from(changeRequests).where(inArray(changeRequests.id, ids)).all()
    const seqs = keys.flatMap((key) => (key.id === null ? key.seq : []))
    const edits = db.select().from(auditEvents).where(inArray(seq, seqs)).all()
    return keys.flatMap((key): PastEntry[] => {
      const change = changes.find(({ id }) => id === key.id)
      if (change) return listed(change).map((stored) => ({ kind: 'change', stored }))
      const edit = noted<'outside_edit'>(edits.find((edit) => edit.seq === key.seq)!, readRow)
      return edit ? [{ kind: 'edit', edit }] : []
    })
  }
}

type Key = { readonly seq: number; readonly id: number | null }

/** The newest edits of a token noted as made elsewhere after `since` (an ISO instant). */
export function recentEdits(db: Database, { stack, tokenUid }: TokenRef, since: string, readRow: ReadRow) {
  const ofToken = and(isOutsideEdit, sql`body ->> 'stack' = ${stack}`, sql`body ->> 'tokenUid' = ${tokenUid}`)
  const rows = db.select().from(auditEvents).where(ofToken).orderBy(desc(seq)).limit(mostRecent).all()
  const edits = rows.flatMap((row) => noted<'outside_edit'>(row, readRow) ?? [])
  return edits.flatMap(({ at, fact: { before, after } }) => (at > since ? [{ at, before, after }] : []))
}

const mostRecent = 20

/**
 * Finds the last edit of a token that was noted as made elsewhere. In SQL and prepared once, since a first look asks
 * for it for each token.
 */
export function prepareLastEdit({ $client }: Database, readRow: ReadRow): (of: TokenRef) => OutsideEdit | null {
  const find = preparedWhenUsed($client).prepare<TokenRef, NotedRow>(`
    select seq, at, type, body from audit_events
    where type = 'outside_edit' and body ->> 'stack' = @stack and body ->> 'tokenUid' = @tokenUid
    order by seq desc limit 1
  `)
  return (of) => {
    const row = find.get(of)
    return row ? noted<'outside_edit'>(row, readRow) : null
  }
}
