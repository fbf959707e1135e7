import { asWritten } from '../kept.ts'
import type { Known, Seen } from '../token-rows.ts'
import { type On, statement, writing } from './statements.ts'

export type Which = Pick<Known, 'stack' | 'uid'>

/** Tokens by stack and uid. */
export function keyOf({ stack, uid }: Which): string {
  return `${stack} ${uid}`
}

const stacksAndUids = (tokens: readonly Which[]) => [tokens.map(({ stack }) => stack), tokens.map(({ uid }) => uid)]

const columnsOf = (tokens: readonly Seen[]) => [
  ...stacksAndUids(tokens),
  tokens.map(({ settings }) => settings),
  tokens.map(({ editedAt }) => editedAt),
  tokens.map(({ editedBy }) => editedBy),
]

/** For `columnsOf`, in SQL. */
const seen =
  'unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as seen (stack, uid, settings, edited_at, edited_by)'

/** Whoever locks several rows does so in this order, so that no two wait for each other. */
const lockedInOrder = 'order by t.stack, t.uid for update of t'

const everyColumn = `t.stack, t.uid, t.settings, t.seen_at as "seenAt", t.edited_at as "editedAt",
  t.edited_by as "editedBy", t.missing_since as "missingSince", t.gone_at as "goneAt"`

const find = statement<Known>('token', `select ${everyColumn} from tokens t where t.stack = $1 and t.uid = $2`)

export async function rowOf(on: On, { stack, uid }: Which): Promise<Known | undefined> {
  const [found] = await find(on, stack, uid)
  return found
}

const lock = statement<Known>(
  'tokens-locked',
  `select ${everyColumn}
   from tokens t join unnest($1::text[], $2::text[]) as asked (stack, uid) on t.stack = asked.stack and t.uid = asked.uid
   ${lockedInOrder}`,
)

/** The known rows of these, by their keys. Nobody else changes it until the transaction is over. */
export async function lockedRows(on: On, tokens: readonly Which[]): Promise<ReadonlyMap<string, Known>> {
  const rows = await lock(on, ...stacksAndUids(tokens))
  return new Map(rows.map((row) => [keyOf(row), row]))
}

const seenAsKnown = statement<Which>(
  'tokens-unchanged',
  `with known as (
     select t.stack, t.uid from tokens t join ${seen} on t.stack = seen.stack and t.uid = seen.uid
     where t.settings = seen.settings and t.edited_at is not distinct from seen.edited_at
       and t.edited_by is not distinct from seen.edited_by
       and t.missing_since is null and t.gone_at is null and t.seen_at <= $6
     ${lockedInOrder}
   )
   update tokens t set seen_at = $7 from known where t.stack = known.stack and t.uid = known.uid
   returning t.stack, t.uid`,
)

/**
 * For a look begun at `began`, notes when these tokens were seen, and resolves to the keys of those that it was noted
 * for: nothing is written of one that differs from what is known.
 */
export async function seenUnchanged(
  on: On,
  tokens: readonly Seen[],
  { began, at }: { readonly began: string; readonly at: string },
): Promise<ReadonlySet<string>> {
  const rows = await seenAsKnown(on, ...columnsOf(tokens), began, at)
  return new Set(rows.map(keyOf))
}

const put = statement<Omit<Known, 'missingSince' | 'goneAt'>>(
  'tokens-put',
  `insert into tokens as t (stack, uid, settings, edited_at, edited_by, seen_at)
   select seen.*, $6 from ${seen}
   on conflict (stack, uid) do update
   set settings = excluded.settings, seen_at = excluded.seen_at, edited_at = excluded.edited_at,
     edited_by = excluded.edited_by, missing_since = null, gone_at = null
   returning ${everyColumn}`,
)

/** Saves tokens as just seen, over what was known of them. */
export async function putRows(on: On, tokens: readonly Seen[], at: string): Promise<void> {
  if (tokens.length === 0) return
  const rows = await put(on, ...columnsOf(tokens), at)
  const kept = new Map(rows.map((row) => [keyOf(row), row]))
  for (const token of tokens) {
    const row = kept.get(keyOf(token))
    asWritten(row && [row.settings, row.seenAt, row.editedAt, row.editedBy], [
      token.settings,
      at,
      token.editedAt,
      token.editedBy,
    ])
  }
}

const seenAt = writing(
  'tokens-seen',
  `update tokens t set seen_at = $3, missing_since = null
   from unnest($1::text[], $2::text[]) as seen (stack, uid) where t.stack = seen.stack and t.uid = seen.uid`,
)

/** Unchanged. */
export async function seenAgain(on: On, tokens: readonly Which[], at: string): Promise<void> {
  if (tokens.length > 0) await seenAt(on, ...stacksAndUids(tokens), at)
}

const unseen = statement<Pick<Known, 'uid'>>(
  'tokens-unseen',
  `select uid from tokens where stack = $1 and seen_at <= $2 and gone_at is null
   order by missing_since nulls first, uid`,
)

/** Those that are not gone, starting with those that no list has lacked before. */
export async function notSeenSince(on: On, stack: string, began: string): Promise<string[]> {
  return (await unseen(on, stack, began)).map(({ uid }) => uid)
}

const missing = writing(
  'tokens-missing',
  `with missing as (
     select t.stack, t.uid from tokens t
     where t.stack = $1 and t.uid = any($2::text[]) and t.missing_since is null and t.gone_at is null and t.seen_at <= $4
     ${lockedInOrder}
   )
   update tokens t set missing_since = $3 from missing where t.stack = missing.stack and t.uid = missing.uid`,
)

/** Since `at`, if none of the lists before lacked them; not those that another look has seen since `began`. */
export async function areMissing(
  on: On,
  { stack, uids, began, at }: { stack: string; uids: readonly string[]; began: string; at: string },
): Promise<void> {
  if (uids.length > 0) await missing(on, stack, uids, at, began)
}

const gone = writing('token-gone', 'update tokens set gone_at = $3 where stack = $1 and uid = $2 and seen_at <= $4')

export async function isGone(on: On, { stack, uid }: Which, at: string, began: string): Promise<void> {
  await gone(on, stack, uid, at, began)
}
