import { getTableColumns } from 'drizzle-orm'
import { besideOf } from '../../domain/change/beside.ts'
import { type Change, hasEnded, openStatuses } from '../../domain/change/change.ts'
import { newsOf } from '../../domain/change/news.ts'
import { NotKnownHere } from '../../domain/refusal.ts'
import { asWritten } from '../kept.ts'
import { changeRequests } from './schema.ts'
import { type On, statement } from './statements.ts'

export type Row = typeof changeRequests.$inferSelect

/** No more changes than this are applied to one token between two looks at it, since each apply is a look. */
export const mostRecent = 20

export const openNames = openStatuses.map((status) => `'${status}'`).join(', ')

/** With the names that `Row` has. */
export const columnsOf = (table: string) =>
  Object.entries(getTableColumns(changeRequests))
    .map(([key, { name }]) => `${table}.${name} as "${key}"`)
    .join(', ')

const find = statement<Row>('change', `select ${columnsOf('c')} from change_requests c where id = $1`)

/** Throws a Refusal for a change that does not exist. */
export async function rowOf(on: On, id: number): Promise<Row> {
  const [found] = await find(on, id)
  return found ?? notThere(id)
}

function notThere(id: number): never {
  throw new NotKnownHere('not_found', `There is no change #${id}.`)
}

type Which = 'it' | 'beside' | 'recent'

/** In SQL: a closed change that may have written to its token. */
export const mayHaveWritten =
  "c.due_at is null and (c.status in ('applied', 'failed') or in_json(c.state, 'sends') is not null)"

/**
 * In SQL: `c` is of this token. Said twice, or a server that knows that most changes are of one token looks for those of any
 * other among the newest of all.
 */
export function isOfToken(stack: string, uid: string): string {
  return `c.stack = ${stack} and c.token_uid = ${uid} and c.token_uid between ${uid} and ${uid}`
}

const findAround = statement<Row & { which: Which }>(
  'change-around',
  `with it as (select * from change_requests where id = $1)
   select 'it' as which, ${columnsOf('it')} from it
   union all
   select 'beside', ${columnsOf('c')} from change_requests c, it
   where c.stack = it.stack and c.token_uid = it.token_uid and c.id <> it.id and c.due_at is not null
   union all
   select 'recent', ${columnsOf('c')} from it, lateral (
     select c.* from change_requests c
     where ${isOfToken('it.stack', 'it.token_uid')} and c.id <> it.id and ${mayHaveWritten}
     order by c.seq desc limit ${mostRecent}
   ) c`,
)

/** The row of a change, the other open changes of its token, and the closed ones, newest first. */
export async function rowsAround(on: On, id: number): Promise<{ it: Row; beside: Row[]; recent: Row[] }> {
  const found = await findAround(on, id)
  const those = (wanted: Which) => found.filter(({ which }) => which === wanted)
  const [it] = those('it')
  return { it: it ?? notThere(id), beside: those('beside'), recent: those('recent').toSorted((a, b) => b.seq - a.seq) }
}

export const rowsFrom = statement<Row>(
  'change-from',
  `select ${columnsOf('c')} from change_requests c where origin = $1`,
)

const add = statement<Record<string, unknown>>(
  'change-add',
  `insert into change_requests (id, stack, token_uid, requester, status, revision, state, due_at, origin, seq)
   values (
     greatest(coalesce((select max(id) from change_requests), 0), coalesce((select max(change_id) from audit_events), 0)) + 1,
     $1, $2, $3, $4, $5, $6, $7, $8, 0)
   returning id, stack, token_uid, requester, status, revision, state, due_at, origin`,
)

/** Adds a change whose state does not contain its number yet, and resolves to that. For a transaction with the lock. */
export async function addRow(on: On, change: Change, origin: string): Promise<number> {
  const { stack, tokenUid, requester, status, revision, dueAt } = besideOf(change)
  const values = [stack, tokenUid, requester, status, revision, JSON.stringify(change), dueAt, origin]
  const [{ id, ...kept } = {}] = await add(on, ...values)
  asWritten(Object.values(kept), values)
  return id as number
}

const move = statement<Record<string, unknown>>(
  'change-move',
  `update change_requests
   set requester = $2, status = $3, revision = $4, state = $5, due_at = $6, seq = $7, watch_until = $8,
     told = case when $9 then null else told end, anchored = case when $10 then null else anchored end
   where id = $1
   returning requester, status, revision, state, due_at, seq, watch_until`,
)

/**
 * Leaves the token of the row as it was found: the log tells whether it is the one that was asked for. Throws
 * LogTrouble if the row is not moved. `before`: null if the change was just opened. `isNews`: the requester is told
 * its state again.
 */
export async function moveRow(
  on: On,
  change: Change,
  seq: number,
  before: Change | null,
  isNews = false,
): Promise<void> {
  const { requester, status, revision, dueAt, watchUntil } = besideOf(change)
  const values = [requester, status, revision, JSON.stringify(change), dueAt, seq, watchUntil]
  const isUntold = isNews || before === null || newsOf(before) !== newsOf(change)
  const wasOpen = before === null || !hasEnded(before)
  const [kept] = await move(on, change.id, ...values, isUntold, wasOpen)
  asWritten(kept && Object.values(kept), values)
}
