import { getTableColumns } from 'drizzle-orm'
import { besideOf } from '../../domain/change/beside.ts'
import { type Change, hasEnded, type OpenStatus, openStatuses } from '../../domain/change/change.ts'
import { newsOf } from '../../domain/change/news.ts'
import { NotKnownHere } from '../../domain/refusal.ts'
import { asWritten, notKept, oneRow } from '../kept.ts'
import type { Database } from './database.ts'
import { inJson } from './in-json.ts'
import { changeRequests } from './schema.ts'
import { preparedOnce, preparedWhenUsed } from './when-used.ts'

export type Row = typeof changeRequests.$inferSelect

export type ChangeRows = ReturnType<typeof prepareChangeRows>

/**
 * The queries between a decision and its ack: they find the row of a change, open it and move it on. In SQL and
 * prepared once, since building and preparing a query takes longer than running it.
 */
export function prepareChangeRows({ $client }: Database) {
  const sqlite = preparedWhenUsed($client)
  const find = sqlite.prepare<[number], Row>(`select ${everyColumn} from change_requests where id = ?`)
  const findAsked = sqlite.prepare<[string], Row>(`select ${everyColumn} from change_requests where origin = ?`)
  const findBeside = sqlite.prepare<[string, string, number], Row>(`
    select ${everyColumn} from change_requests
    where stack = ? and token_uid = ? and id <> ? and due_at is not null
  `)
  const findRecent = sqlite.prepare<[string, string, number], Row>(`
    select ${everyColumn} from change_requests
    where stack = ? and token_uid = ? and id <> ? and due_at is null
      and (status in ('applied', 'failed') or ${inJson('state', '$.sends')} is not null)
    order by seq desc limit ${mostRecent}
  `)
  const findWatched = sqlite.prepare<[string], Row>(
    `select ${everyColumn} from change_requests where watch_until > ? and watch_until is not null`,
  )
  const countOpen = (which: string) =>
    sqlite
      .prepare<string[], number>(`select count(*) from change_requests where ${which} and due_at is not null`)
      .pluck()
  const openOfRequester = countOpen('requester = ?')
  const openOfToken = countOpen('stack = ? and token_uid = ?')
  /** By two columns, so that neither alone can hide an open change. */
  const findOpenIds = sqlite
    .prepare<[], number>(`
      select id from change_requests where due_at is not null
      union select id from change_requests where status in (${openNames})
      order by id
    `)
    .pluck()
  const findStatuses = sqlite.prepare<[], { id: number; status: OpenStatus }>(
    `select id, status from change_requests where status in (${openNames})`,
  )
  const findThose = sqlite.prepare<[string], Row>(`
    select ${everyColumn} from change_requests where id in (select value from json_each(?)) order by id
  `)
  /** Without any index, since an index can be made to leave rows out. */
  const everyAfter = `from change_requests not indexed where id > ? order by id limit ${scannedAtOnce}`
  const findLastAfter = sqlite
    .prepare<[number], number | null>(
      `select case when count(*) = ${scannedAtOnce} then max(id) end from (select id ${everyAfter})`,
    )
    .pluck()
  const findGoingAfter = sqlite.prepare<[number], Row>(`
    select ${everyColumn} from (select * ${everyAfter})
    where due_at is not null or watch_until is not null or status in (${openNames})
  `)
  const once = preparedOnce($client)
  /** The limit is written out: with a bound limit, SQLite prepares the whole query again each time it runs. */
  const findOpenBefore = (most: number) => {
    const ofStatus = openStatuses.map(
      (status) =>
        `select * from (select id from change_requests where status = '${status}' and id < @before order by id desc limit ${most})`,
    )
    return once.prepare<{ before: number }, Row>(`
      select ${everyColumn} from change_requests where id in (${ofStatus.join(' union all ')})
      order by id desc limit ${most}
    `)
  }
  const findOpen = sqlite.prepare<[], Row>(
    `select ${everyColumn} from change_requests where status in (${openNames}) order by id desc`,
  )
  /** Sorted by the caller: SQLite prepares an ordered query over a partial index again each time it runs. */
  const findOpenOf = sqlite.prepare<[string, string], Row>(`
    select ${everyColumn} from change_requests
    where status in (${openNames}) and stack = ? and token_uid = ? and due_at is not null
  `)
  const add = sqlite
    .prepare<[object], number>(`
      insert into "change_requests" (stack, token_uid, requester, status, revision, state, due_at, origin, seq)
      values (@stack, @tokenUid, @requester, @status, @revision, @state, @dueAt, @origin, 0)
      returning id
    `)
    .pluck()
  const move = sqlite.prepare(`
    update change_requests
    set requester = @requester, status = @status, revision = @revision, state = @state, due_at = @dueAt, seq = @seq,
      watch_until = @watchUntil, told = case when @isNews then null else told end,
      anchored = case when @wasOpen then null else anchored end
    where id = @id
  `)
  const added = sqlite
    .prepare<[number], unknown[]>(
      'select stack, token_uid, requester, status, revision, state, due_at, origin from change_requests where id = ?',
    )
    .raw()
  const moved = sqlite
    .prepare<[number], unknown[]>(
      'select requester, status, revision, state, due_at, seq, watch_until from change_requests where id = ?',
    )
    .raw()
  /** The columns that stay when a change moves. */
  const placed = sqlite
    .prepare<[number], unknown[]>('select stack, token_uid, origin from change_requests where id = ?')
    .raw()

  return {
    row: (id: number): Row => {
      const found = find.get(id)
      if (!found) throw new NotKnownHere('not_found', `There is no change #${id}.`)
      return found
    },
    askedFor: (origin: string): Row | undefined => findAsked.get(origin),
    /** Other open changes of the same token. */
    beside: ({ stack, tokenUid, id }: Pick<Change, 'stack' | 'tokenUid' | 'id'>): Row[] =>
      findBeside.all(stack, tokenUid, id),
    /** Closed changes of the same token, newest first. */
    recent: ({ stack, tokenUid, id }: Pick<Change, 'stack' | 'tokenUid' | 'id'>): Row[] =>
      findRecent.all(stack, tokenUid, id),
    /** Open changes, of one token or of all, newest first. */
    open: (of?: Pick<Change, 'stack' | 'tokenUid'>): Row[] =>
      of ? findOpenOf.all(of.stack, of.tokenUid).toSorted((a, b) => b.id - a.id) : findOpen.all(),
    /** The numbers of all open changes, oldest first. */
    openIds: (): number[] => findOpenIds.all(),
    /** Where each open change stands, by an index alone. */
    statuses: () => findStatuses.all(),
    /** The changes with these numbers, oldest first. */
    those: (ids: readonly number[]): Row[] => findThose.all(JSON.stringify(ids)),
    /**
     * The next run of changes after this number, found without an index: those that may still lead to something, and
     * the number of the last one looked at; null when there are no more.
     */
    goingAfter: (id: number): { rows: Row[]; last: number | null } => ({
      rows: findGoingAfter.all(id),
      last: findLastAfter.get(id) ?? null,
    }),
    /** The newest open changes with a lower number. */
    openBefore: (before: number, most: number): Row[] => findOpenBefore(most).all({ before }),
    watched: (now: string): Row[] => findWatched.all(now),
    waiting: ({ stack, tokenUid, requester }: Pick<Change, 'stack' | 'tokenUid' | 'requester'>) => ({
      ofRequester: openOfRequester.get(requester) ?? 0,
      ofToken: openOfToken.get(stack, tokenUid) ?? 0,
    }),
    /** Its state does not contain the number yet. */
    add: (change: Change, origin: string): number => {
      const { stack, tokenUid, requester, status, revision, dueAt } = besideOf(change)
      const state = JSON.stringify(change)
      const id = add.get({ stack, tokenUid, requester, status, revision, state, dueAt, origin })
      if (id === undefined) throw notKept()
      asWritten(added.get(id), [stack, tokenUid, requester, status, revision, state, dueAt, origin])
      return id
    },
    /**
     * Leaves the token of the row as it was found: the log tells whether it is the one that was asked for. Throws
     * LogTrouble if the row is not moved. `before`: null if the change was just opened. `isNews`: the requester is told
     * its state again.
     */
    move: (change: Change, seq: number, before: Change | null, isNews = false): void => {
      const { requester, status, revision, dueAt, watchUntil } = besideOf(change)
      const { id } = change
      const state = JSON.stringify(change)
      const untold = isNews || before === null || newsOf(before) !== newsOf(change)
      const flags = { isNews: Number(untold), wasOpen: Number(before === null || !hasEnded(before)) }
      const place = placed.get(id) ?? []
      oneRow(move.run({ id, requester, status, revision, state, dueAt, watchUntil, seq, ...flags }))
      asWritten(moved.get(id), [requester, status, revision, state, dueAt, seq, watchUntil])
      asWritten(placed.get(id), place)
    },
  }
}

/** Changes read in one go: some milliseconds. */
const scannedAtOnce = 1000

const openNames = openStatuses.map((status) => `'${status}'`).join(', ')

/** No more changes than this are applied to one token between two looks at it, since each apply is a look. */
export const mostRecent = 20

/** With the names that `Row` has. */
const everyColumn = Object.entries(getTableColumns(changeRequests))
  .map(([key, { name }]) => `${name} as ${key}`)
  .join(', ')
