import type { StoredChange, TokenRef } from '../../ports/changes.ts'
import type { PastEntry, PastReads, PastWanted } from '../../ports/past.ts'
import { type NotedRow, noted } from '../noted.ts'
import type { ReadRow } from '../unreadable-rows.ts'
import { columnsOf, isOfToken, type Row } from './change-rows.ts'
import { type On, statement } from './statements.ts'

/**
 * The history of a token, newest first: closed changes and edits made elsewhere, ordered by their place in the log. A
 * page is one statement, so that its parts are from one moment. Finding it reads two indexes as far as that page; only
 * what is on it is read whole.
 */
export function tokenPast(on: On, listed: (row: Row) => StoredChange[], readRow: ReadRow): Pick<PastReads, 'past'> {
  return {
    past: async (of, wanted) => {
      const rows = await rowsOf(on, of, wanted)
      const [{ skipped, total }] = rows as [PastRow]
      return { entries: rows.flatMap(entryIn), skipped, total }
    },
  }

  function entryIn({ edit, ...row }: PastRow): PastEntry[] {
    if (row.id !== null) return listed(row as Row).map((stored) => ({ kind: 'change', stored }))
    if (edit === null) return []
    const { place: seq, at, type, body } = row as PastRow & NotedRow
    const read = noted<'outside_edit'>({ seq, at, type, body }, readRow)
    return read ? [{ kind: 'edit', edit: read }] : []
  }
}

/** Each row has the numbers; of its other columns, those of a change are null for an edit, or all of them. */
type PastRow = Omit<Row, 'id'> & {
  readonly id: number | null
  readonly place: number
  /** Its place in the log again, for an edit. */
  readonly edit: number | null
  readonly skipped: number
  readonly total: number
}

/** Newer entries are searched from the oldest of them on, to get those next to the page that is left. */
function rowsOf(on: On, { stack, tokenUid }: TokenRef, { size, ...from }: PastWanted): Promise<PastRow[]> {
  if ('after' in from) return after(on, stack, tokenUid, size, from.after)
  if ('before' in from) return before(on, stack, tokenUid, size, from.before)
  return skipping(on, stack, tokenUid, size, from.skip)
}

const after = page('past-after', { within: 'and seq > $4', order: 'asc', most: '$3' })
const before = page('past-before', { within: 'and seq < $4', order: 'desc', most: '$3' })
const skipping = page('past', {
  within: '',
  order: 'desc',
  most: '$3::bigint + $4::bigint',
  part: 'limit $3 offset $4',
})

type Page = { readonly within: string; readonly order: 'asc' | 'desc'; readonly most: string; readonly part?: string }

/** Each of the two is cut to what a page can need of it: PostgreSQL reads all of what it has to sort. */
function page(name: string, { within, order, most, part = 'limit $3' }: Page) {
  const ended = `from change_requests c where ${isOfToken('$1', '$2')} and due_at is null`
  const edited = `from audit_events
    where type = 'outside_edit' and in_json(body, 'stack') = $1 and in_json(body, 'tokenUid') = $2`
  const first = (select: string) => `(select ${select} ${within} order by seq ${order} limit ${most})`
  const count = (which: string) => `((select count(*) ${ended} ${which}) + (select count(*) ${edited} ${which}))`
  return statement<PastRow>(
    name,
    `with keys as (
       ${first(`seq, id ${ended}`)} union all ${first(`seq, null ${edited}`)} order by seq ${order} ${part}
     ), counts as (
       select ${count('')} as total,
         ${count('and seq > coalesce((select max(seq) from keys), -1)')} as skipped
     )
     select ${columnsOf('c')}, keys.seq as place, e.seq as edit, e.at, e.type, e.body, counts.total, counts.skipped
     from counts left join keys on true
       left join change_requests c on c.id = keys.id
       left join audit_events e on keys.id is null and e.seq = keys.seq
     order by keys.seq desc`,
  )
}
