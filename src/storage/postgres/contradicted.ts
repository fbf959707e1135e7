import {
  type Contradicted,
  contradicted,
  type KeptCheckpoint,
  keyOf,
  lastKeptBy,
} from '../../domain/audit/anchor-check.ts'
import { follow } from '../../domain/audit/borne-out.ts'
import { entryHash, genesis } from '../../domain/audit/chain.ts'
import type { Entry, Keys } from '../../domain/audit/chain-check.ts'
import { isAtHand, keyOrderOf, lostKey, noKeys } from '../../domain/audit/key-order.ts'
import { createPutBacks } from '../../domain/audit/put-back.ts'
import { lastEntry } from './audit.ts'
import { connectTo } from './connection.ts'
import { entryColumns } from './entries.ts'
import { turnsIn } from './log-key.ts'
import { type On, statement } from './statements.ts'

const select = `select ${entryColumns} from audit_events`
const those = statement<Entry>('entries-at', `${select} where seq = any($1)`)
const named = statement<{ key: string }>('keys-named', 'select distinct key from audit_events where key = any($1)')
const putBacks = statement<Entry>('put-backs', `${select} where type = 'log_put_back' order by seq`)
const firstByKey = statement<Entry>(
  'first-by-key',
  `select distinct on (key) ${entryColumns} from audit_events where seq < $1 order by key, seq`,
)
const last = statement<Entry>('last-entry', `${select} order by seq desc limit 1`)
const keyedBefore = statement<object>(
  'keyed-before',
  'select 1 from audit_events where seq < $1 and key is not null limit 1',
)
const leavingBefore = statement<Entry>(
  'leaving-before',
  `${select} where seq < $1 and type in ('key_left', 'key_lost') order by seq desc limit 1`,
)
const chainedUpTo = statement<object>(
  'chained-up-to',
  'select 1 from audit_events where seq <= $1 and hash is not null limit 1',
)
const upTo = statement<Entry>('entries-up-to', `${select} where seq <= $1 order by seq`)

/**
 * The `anchors` that the log in the database at `url` contradicts, unless a backup that the log records as put back
 * explains them. Read the anchors before this is called, since the log may grow. `now` shows which of those entries were
 * dated by a clock that was ahead.
 */
export async function contradictedInPostgres(
  url: string,
  anchors: readonly KeptCheckpoint[],
  keys: Keys,
  now: Date,
): Promise<Contradicted[]> {
  if (anchors.length === 0) return []
  const pool = connectTo(url)
  try {
    return await contradictedBy(pool, anchors, keys, now)
  } finally {
    await pool.end()
  }
}

async function contradictedBy(on: On, anchors: readonly KeptCheckpoint[], keys: Keys, now: Date) {
  const size = (await lastEntry(on))[0]?.seq ?? 0
  const entries = new Map(
    (
      await those(
        on,
        anchors.map((anchor) => anchor.size),
      )
    ).map((entry) => [entry.seq, entry]),
  )
  const atHand = [keys.current, ...keys.earlier].flatMap((key) => key?.id ?? [])
  const names = new Set((await named(on, atHand)).map(({ key }) => key))
  const log = { size, entry: (seq: number) => entries.get(seq), names: (key: string) => names.has(key) }
  const found = [...contradicted(anchors, log, keys), ...(await madeUp(on, anchors, size, keys))]
  if (found.length === 0) return found
  const { explains } = await putBacksIn(
    on,
    keys,
    createPutBacks(now, keys.current?.id ?? null, lastKeptBy(anchors, keys)),
  )
  return found.filter((anchor) => !explains(anchor))
}

/** Anybody can make up an entry that no key attests, so it counts only for a log without a key. */
async function putBacksIn(on: On, keys: Keys, found: ReturnType<typeof createPutBacks>) {
  for (const entry of await putBacks(on)) {
    if (!(await isAttested(on, entry, keys)) || !(await wasLeft(on, entry, keys))) continue
    for (const other of await firstByKey(on, entry.seq)) found.feed({ ...other, type: '' })
    found.feed(entry)
  }
  for (const entry of [...(await firstByKey(on, Number.MAX_SAFE_INTEGER)), ...(await last(on))])
    found.feed({ ...entry, type: '' })
  return found
}

/** An entry has no key if the log never had one, if its owner gave the key up, or if nobody has it any more. */
async function wasLeft(on: On, { seq, key }: Entry, keys: Keys): Promise<boolean> {
  if (key !== null || (await keyedBefore(on, seq)).length === 0) return true
  const [entry] = await leavingBefore(on, seq)
  if (entry?.type !== 'key_lost') return entry !== undefined && isAttested(on, entry, keys)
  // Anybody can claim that the key was lost. Whoever still has it is not fooled.
  const lost = lostKey(entry.body)
  return lost !== null && !isAtHand(lost, keys)
}

/** The newest anchor made with a key whose hash is in the log at an entry without one. */
async function madeUp(on: On, anchors: readonly KeptCheckpoint[], size: number, keys: Keys): Promise<Contradicted[]> {
  const keyed = anchors.filter((anchor) => anchor.size <= size && keyOf(anchor, keys) !== null)
  const [newest] = keyed.sort((a, b) => b.size - a.size)
  const [entry] = await those(on, [newest?.size ?? 0])
  if (newest === undefined || entry === undefined) return []
  const before = entry.seq - 1
  const made =
    entry.hash === null
      ? (await chainedUpTo(on, before)).length === 0
      : follow({ last: before, head: await headAt(on, before), order: noKeys }, [entry], keys)
  return made === false || typeof made === 'string' ? [{ ...newest, by: keyOf(newest, keys) }] : []
}

async function isAttested(on: On, entry: Entry, { current, earlier }: Keys): Promise<boolean> {
  const before = entry.seq - 1
  const keys =
    entry.key === null ? { current: null, earlier: current ? [...earlier, current] : earlier } : { current, earlier }
  const order = keyOrderOf(await turnsIn(on, 0, entry.seq), keys)
  const found = follow({ last: before, head: await headAt(on, before), order }, [entry], keys)
  return typeof found !== 'string' && !found.missing?.length
}

/** The hash that the entry after `seq` covers. Entries from before the log was chained have none of their own. */
async function headAt(on: On, seq: number): Promise<string> {
  const [entry] = await those(on, [seq])
  if (entry?.hash) return entry.hash
  return (await upTo(on, seq)).reduce((head, before) => entryHash(head, before, null), genesis as string)
}
