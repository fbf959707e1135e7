import type { Breathe } from '../../breathe.ts'
import { type Doubt, doubtOf, follow, type Point } from '../../domain/audit/borne-out.ts'
import { genesis } from '../../domain/audit/chain.ts'
import type { Entry, Keys } from '../../domain/audit/chain-check.ts'
import { type KeyOrder, keyOrderOf, noKeys } from '../../domain/audit/key-order.ts'
import type { Change } from '../../domain/change/change.ts'
import { rowOf } from './change-rows.ts'
import { entryColumns } from './entries.ts'
import { turnsIn } from './log-key.ts'
import { type On, statement } from './statements.ts'

/** Entries followed in one go: some milliseconds. */
const atOnce = 256

/**
 * The part of the log that was followed, from one number on; the entries of each change in it; and what shows if any of
 * them was written again since.
 */
type Followed = Point & {
  readonly from: number
  readonly last: number
  readonly met: Met
  readonly print: string
}

/** The numbers of the entries of each change. */
type Met = Map<number, number[]>

/** No change has this number: an entry that records a backup as put back belongs to each change that was open then. */
const ofAll = -1

/** An entry, with the hash of the one before it. */
type Own = Entry & { readonly previous: string | null }

const next = statement<Entry>(
  'follow',
  `select ${entryColumns} from audit_events where seq >= $1 order by seq limit ${atOnce}`,
)
const those = statement<Own>(
  'own-entries',
  `select ${entryColumns}, (select hash from audit_events before where before.seq = audit_events.seq - 1) as previous
   from audit_events where seq = any($1) order by seq`,
)
const firstOf = statement<{ seq: number | null }>(
  'first-of',
  'select min(seq) as seq from audit_events where change_id = $1',
)
/** A row that is written again has another number of the transaction that wrote it. */
const printOf = statement<{ print: string }>(
  'followed-print',
  `select concat(count(*), ' ', sum(xmin::text::bigint), ' ', sum(xmin::text::bigint * (seq % 1000003))) as print
   from audit_events where seq between $1 and $2`,
)
const hashAt = statement<{ hash: string | null }>('hash-at', 'select hash from audit_events where seq = $1')

/**
 * Checks changes against the log since each was asked for. Remembers how far the log was followed, so that the next
 * check reads only what was written since, by this app or another; once anything before that was written again, all of it
 * is followed again. The entries of the change itself are read and checked each time, from those met on the way.
 */
export function heldAgainstLog(on: On, keys: Keys, breathe: Breathe) {
  let followed: Followed | null = null
  return { doubt }

  /** The reason the log does not bear out this change; null if it does. If a key is missing, all else is right. */
  async function doubt(change: Change): Promise<Doubt | null> {
    const row = await rowOf(on, change.id)
    const [first] = await firstOf(on, change.id)
    const point = await followFrom(first?.seq ?? row.seq)
    if (typeof point === 'string') return point
    const entries = await ownOf(change.id, point)
    if (typeof entries === 'string') return entries
    const { missing: [missingKey] = [] } = point
    return doubtOf(change, row, entries) ?? (missingKey === undefined ? null : { missingKey })
  }

  /** Resolves to the part that was followed, from `seq` or earlier to the end; or to what is wrong. */
  async function followFrom(seq: number): Promise<Followed | string> {
    const isKnown = followed !== null && (await reaches(followed, seq))
    const { from, met, ...start }: Point & { from: number; met: Met } =
      isKnown && followed ? followed : { ...(await beginning(seq)), met: new Map() }
    let isKeyed = false
    for (let point: Point = start; ; await breathe()) {
      const run = await next(on, point.last === null ? from : point.last + 1)
      if (!isKeyed && run.some(hasOtherKey)) {
        isKeyed = true
        point = { ...point, order: await keysBefore(run[0]!.seq) }
      }
      const came = follow(point, run, keys)
      if (typeof came === 'string') return came
      note(run, met)
      point = came
      if (run.length === atOnce) continue
      const last = point.last ?? from - 1
      const [{ print } = { print: '' }] = await printOf(on, from, last)
      const all = { ...point, from, last, met, print }
      if (point.last !== null) followed = all
      return all
    }
  }

  async function ownOf(id: number, { met }: Followed): Promise<Own[] | string> {
    const found = await those(on, [...(met.get(id) ?? []), ...(met.get(ofAll) ?? [])])
    for (const entry of found.filter(isCovered)) {
      const wrong = follow(before(entry), [entry], keys)
      if (typeof wrong === 'string') return wrong
    }
    return found
  }

  /** From the entry that proposes it on; from the very first if no hash comes before that. */
  async function beginning(seq: number): Promise<Point & { from: number }> {
    const [last] = await hashAt(on, seq - 1)
    return last?.hash
      ? { from: seq, last: null, head: last.hash, order: noKeys }
      : { from: 1, last: null, head: genesis, order: noKeys }
  }

  /** True if the keys before this entry matter. */
  function hasOtherKey({ key }: Entry): boolean {
    return key !== (keys.current?.id ?? null)
  }

  async function keysBefore(seq: number): Promise<KeyOrder> {
    return keyOrderOf(await turnsIn(on, 0, seq), keys)
  }

  async function reaches({ from, last, print, missing = [] }: Followed, seq: number): Promise<boolean> {
    if (missing.length > 0 || from > seq || seq > last + 1) return false
    const [found] = await printOf(on, from, last)
    return found?.print === print
  }
}

/** Two that follow the log at once note the same. */
function note(run: readonly Entry[], met: Met): void {
  for (const { seq, changeId, type } of run) {
    const id = type === 'log_put_back' ? ofAll : changeId
    if (id === null) continue
    const known = met.get(id)
    if (!known) met.set(id, [seq])
    else if (known.at(-1)! < seq) known.push(seq)
  }
}

/** True if it can be checked by itself: an entry from before the log was chained is covered only by a later one. */
function isCovered({ seq, hash, previous }: Own): boolean {
  return hash !== null && (seq === 1 || previous !== null)
}

function before({ seq, previous }: Own): Point {
  return { last: seq - 1, head: previous ?? genesis, order: noKeys }
}
