import Sqlite from 'better-sqlite3'
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
import { entryColumns } from './entries.ts'
import { lastEntryOf, prepareTurns } from './log-key.ts'
import { toRead } from './to-read.ts'

/**
 * The `anchors` that the log in the file at `path` contradicts, unless a backup that the log records as put back
 * explains them. Read the anchors before this is called, since the log may grow. The file stays as it is. `now` shows
 * which of those entries were dated by a clock that was ahead.
 */
export async function contradictedIn(
  path: string,
  anchors: readonly KeptCheckpoint[],
  keys: Keys,
  now: Date,
): Promise<Contradicted[]> {
  if (anchors.length === 0) return []
  const { path: file, done } = toRead(path)
  try {
    return contradictedBy(file, anchors, keys, now)
  } finally {
    done()
  }
}

function contradictedBy(file: string, anchors: readonly KeptCheckpoint[], keys: Keys, now: Date): Contradicted[] {
  const sqlite = new Sqlite(file, { readonly: true, fileMustExist: true })
  try {
    const find = sqlite.prepare<[number], Pick<Entry, 'key' | 'hash'>>(
      'select key, hash from audit_events where seq = ?',
    )
    const size = lastEntryOf(sqlite)?.seq ?? 0
    const log = { size, entry: (seq: number) => find.get(seq), names: prepareNames(sqlite) }
    const found = [...contradicted(anchors, log, keys), ...madeUp(sqlite, anchors, keys)]
    if (found.length === 0) return found
    const { explains } = putBacksIn(
      sqlite,
      keys,
      createPutBacks(now, keys.current?.id ?? null, lastKeptBy(anchors, keys)),
    )
    return found.filter((anchor) => !explains(anchor))
  } finally {
    sqlite.close()
  }
}

const select = `select ${entryColumns} from audit_events`

/** Anybody can make up an entry that no key attests, so it counts only for a log without a key. */
function putBacksIn(sqlite: Sqlite.Database, keys: Keys, putBacks: ReturnType<typeof createPutBacks>) {
  const said = sqlite.prepare<[], Entry>(`${select} where type = 'log_put_back' order by seq`).all()
  const before = sqlite.prepare<[number], Entry>(`${select} where seq < ? group by key`)
  const last = sqlite.prepare<[], Entry>(`${select} order by seq desc limit 1`).all()
  for (const entry of said) {
    if (!isAttested(sqlite, entry, keys) || !wasLeft(sqlite, entry, keys)) continue
    for (const other of before.iterate(entry.seq)) putBacks.feed({ ...other, type: '' })
    putBacks.feed(entry)
  }
  for (const entry of [...before.all(Number.MAX_SAFE_INTEGER), ...last]) putBacks.feed({ ...entry, type: '' })
  return putBacks
}

/** An entry has no key if the log never had one, if its owner gave the key up, or if nobody has it any more. */
function wasLeft(sqlite: Sqlite.Database, { seq, key }: Entry, keys: Keys): boolean {
  const keyed = sqlite.prepare<[number], 1>('select 1 from audit_events where seq < ? and key is not null limit 1')
  if (key !== null || keyed.get(seq) === undefined) return true
  const leaving = sqlite.prepare<[number], Entry>(
    `${select} where seq < ? and type in ('key_left', 'key_lost') order by seq desc limit 1`,
  )
  const entry = leaving.get(seq)
  if (entry?.type !== 'key_lost') return entry !== undefined && isAttested(sqlite, entry, keys)
  // Anybody can claim that the key was lost. Whoever still has it is not fooled.
  const lost = lostKey(entry.body)
  return lost !== null && !isAtHand(lost, keys)
}

/** The newest anchor made with a key whose hash is in the log at an entry without one. */
function madeUp(sqlite: Sqlite.Database, anchors: readonly KeptCheckpoint[], keys: Keys): Contradicted[] {
  const size = lastEntryOf(sqlite)?.seq ?? 0
  const keyed = anchors.filter((anchor) => anchor.size <= size && keyOf(anchor, keys) !== null)
  const [newest] = keyed.sort((a, b) => b.size - a.size)
  const entry = sqlite.prepare<[number], Entry>(`${select} where seq = ?`).get(newest?.size ?? 0)
  if (newest === undefined || entry === undefined) return []
  const last = entry.seq - 1
  const made =
    entry.hash === null
      ? isUnchained(sqlite, last)
      : follow({ last, head: headAt(sqlite, last), order: noKeys }, [entry], keys)
  return made === false || typeof made === 'string' ? [{ ...newest, by: keyOf(newest, keys) }] : []
}

/** Tells if any entry names a key. Each is looked up once, since a log can be long. */
function prepareNames(sqlite: Sqlite.Database): (key: string) => boolean {
  const find = sqlite.prepare<[string], 1>('select 1 from audit_events where key = ? limit 1')
  const known = new Map<string, boolean>()
  return (key) => {
    const isNamed = known.get(key) ?? find.get(key) !== undefined
    known.set(key, isNamed)
    return isNamed
  }
}

function isUnchained(sqlite: Sqlite.Database, upTo: number): boolean {
  const chained = sqlite.prepare<[number], 1>('select 1 from audit_events where seq <= ? and hash is not null limit 1')
  return chained.get(upTo) === undefined
}

function isAttested(sqlite: Sqlite.Database, entry: Entry, { current, earlier }: Keys): boolean {
  const last = entry.seq - 1
  const keys =
    entry.key === null ? { current: null, earlier: current ? [...earlier, current] : earlier } : { current, earlier }
  const order = keyOrderOf(prepareTurns(sqlite)(0, entry.seq), keys)
  const found = follow({ last, head: headAt(sqlite, last), order }, [entry], keys)
  return typeof found !== 'string' && !found.missing?.length
}

/** The hash that the entry after `last` covers. Entries from before the log was chained have none of their own. */
function headAt(sqlite: Sqlite.Database, last: number): string {
  const hash = sqlite.prepare<[number], string | null>('select hash from audit_events where seq = ?').pluck().get(last)
  if (hash) return hash
  const before = sqlite.prepare<[number], Entry>(`${select} where seq <= ? order by seq`)
  let head = genesis
  for (const entry of before.iterate(last)) head = entryHash(head, entry, null)
  return head
}
