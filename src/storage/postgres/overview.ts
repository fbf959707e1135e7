import { type Stretch, type Wanted, within } from '../../domain/stretch.ts'
import type { StoredChange } from '../../ports/changes.ts'
import type { Overview, OverviewWanted, PastReads } from '../../ports/past.ts'
import { type NotedRow, noted } from '../noted.ts'
import type { AsToken } from '../token-rows.ts'
import type { ReadRow } from '../unreadable-rows.ts'
import { columnsOf, type Row } from './change-rows.ts'
import { type On, statement } from './statements.ts'

type Tools = {
  readonly listed: (row: Row) => StoredChange[]
  readonly asToken: AsToken
  readonly readRow: ReadRow
}

/** App Home without its open changes. However long the log is, reads only the rows shown, and counts the others. */
export function overviews(on: On, { listed, asToken, readRow }: Tools): Pick<PastReads, 'overview' | 'outsideEdit'> {
  return {
    overview: async (wanted) => {
      const [ended, expiring, outsideEdits, verified] = await Promise.all([
        endedIn(wanted.ended),
        expiringIn(wanted.expiring),
        outsideEditsIn(wanted.outsideEdits),
        lastVerified(),
      ])
      return { ended, expiring, outsideEdits, verified }
    },

    outsideEdit: async (number) => {
      const [found] = await findEdit(on, number)
      const edit = found ? noted<'outside_edit'>(found, readRow) : null
      return edit && { ...edit, seen: found?.seen === true }
    },
  }

  function endedIn(wanted: Wanted): Promise<Overview['ended']> {
    return stretch(wanted, (size, skipped) => ended(on, size, skipped), listed)
  }

  function expiringIn({ from, to, stacks, ...wanted }: OverviewWanted['expiring']): Promise<Overview['expiring']> {
    const rows = (size: number, skipped: number) => expiring(on, size, skipped, from, to, stacks ?? null)
    return stretch(wanted, rows, (row) => asToken(row) ?? [])
  }

  function outsideEditsIn(wanted: Wanted): Promise<Overview['outsideEdits']> {
    const rows = (size: number, skipped: number) => toLookAt(on, size, skipped)
    return stretch(wanted, rows, (row) => noted<'outside_edit'>(row, readRow) ?? [])
  }

  async function lastVerified(): Promise<Overview['verified']> {
    const [last] = await verified(on)
    return last ? noted<'log_verified'>(last, readRow) : null
  }
}

/** Each row has the number of all; a page without rows has one with nothing else in it. */
type Paged<R> = R & { readonly total: number; readonly isThere: true | null }

async function stretch<R, T>(
  wanted: Wanted,
  read: (size: number, skipped: number) => Promise<Paged<R>[]>,
  items: (row: R) => T | readonly T[],
): Promise<Stretch<T>> {
  const rows = await read(wanted.size, wanted.page * wanted.size)
  const [{ total }] = rows as [Paged<R>]
  const { page, size } = within(wanted, total)
  // The list may have become shorter since somebody turned to this page of it.
  if (page < wanted.page) return stretch({ page, size }, read, items)
  return { items: rows.filter(({ isThere }) => isThere).flatMap(items), page, size, total }
}

/** A page of rows, with their number. `first`: what both need, to be found only once. */
function paged<R extends object>(
  name: string,
  { first = '', columns, from, order }: Record<'columns' | 'from' | 'order', string> & { readonly first?: string },
) {
  return statement<Paged<R>>(
    name,
    `${first} select c.*, counted.total
     from (select count(*) as total from ${from}) counted
       left join (
         select true as "isThere", row_number() over (order by ${order}) as place, ${columns}
         from ${from} order by ${order} limit $1 offset $2
       ) c on true
     order by c.place`,
  )
}

const ended = paged<Row>('ended', {
  columns: columnsOf('change_requests'),
  from: 'change_requests where due_at is null',
  order: 'change_requests.seq desc',
})

/** Reading each token's JSON takes longest by far. */
const expiring = paged<Parameters<AsToken>[0]>('expiring', {
  first: `with known as materialized (
    select stack, uid, in_json(settings, 'expiresOn') as expiry from tokens
    where gone_at is null and ($5::text[] is null or stack = any($5))
  )`,
  columns: `stack, uid,
    (select settings from tokens where tokens.stack = known.stack and tokens.uid = known.uid) as settings`,
  from: 'known where substr(expiry, 1, 10) between $3 and $4',
  order: 'expiry, stack, uid',
})

const entry = 'seq, at, type, body'
const isSeen = `exists (
  select 1 from audit_events looks
  where looks.type = 'outside_edit_seen' and in_json(looks.body, 'edit') = audit_events.seq::text
)`
const toLookAt = paged<NotedRow>('edits-to-look-at', {
  columns: entry,
  from: `audit_events where type = 'outside_edit' and not ${isSeen}`,
  order: 'seq desc',
})
const findEdit = statement<NotedRow & { readonly seen: boolean }>(
  'edit',
  `select ${entry}, ${isSeen} as seen from audit_events where type = 'outside_edit' and seq = $1`,
)
const verified = statement<NotedRow>(
  'verified',
  `select ${entry} from audit_events where type = 'log_verified' order by seq desc limit 1`,
)
