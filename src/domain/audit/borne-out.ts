import type { Change } from '../change/change.ts'
import { type AuditKey, entryHash, isKeyId } from './chain.ts'
import type { Entry, Keys } from './chain-check.ts'
import { createAnswer } from './finding.ts'
import {
  type Apart,
  amidAnotherKey,
  byReplacedKey,
  goOn,
  isAmidAnotherKey,
  type KeyOrder,
  lostKey,
  withoutItsKey,
} from './key-order.ts'
import type { MissingKey } from './missing-keys.ts'
import { approvedEarlier } from './put-back.ts'
import { createReplay, type StoredChanges, type StoredRow } from './replay.ts'

/** Why a change is not borne out, as a clause; or that a key has to be at hand before anybody can tell. */
export type Doubt = string | MissingKey

/**
 * As far as the log was found to be what was written: the next entry follows the hash `head`, the number `last`, null before
 * the first, and what was written with the keys of `order`. `missing`: keys that are not at hand, and made some of it; what
 * they made is taken as it stands, so that nothing is borne out by it.
 */
export type Point = {
  readonly last: number | null
  readonly head: string
  readonly order: KeyOrder
  readonly missing?: readonly string[]
  /** The first entry with such a key behind those with the last key at hand. */
  readonly apart?: Apart | undefined
}

/**
 * Follows the log over the next of its entries: each is attested by a key at hand that had not been replaced before it, and
 * none is missing between two. Returns how far it came, or what is wrong. What was written before there was a key is attested
 * by none, so with a key it bears out nothing. Nor does what was written with a key that is not at hand, behind one that is in
 * use by now.
 */
export function follow(from: Point, entries: Iterable<Entry>, keys: Keys): Point | string {
  const known = new Map([keys.current, ...keys.earlier].map((key) => [key?.id ?? null, key]))
  let { head, last, order, missing = [], apart } = from
  for (const entry of entries) {
    if (apart && isAmidAnotherKey(apart, entry, order)) return `entry #${apart.seq} ${amidAnotherKey(apart.key)}`
    order = goOn(order, entry, keys)
    const point = { head, last, order, missing }
    const isOther = entry.key !== null && isKeyId(entry.key) && !known.has(entry.key)
    const mayLack = isOther && entry.hash !== null && !isInUse(keys.current, order)
    apart = mayLack ? (apart ?? { seq: entry.seq, key: entry.key }) : entry.key === null ? apart : undefined
    const wrong = brokenOff(point, entry) ?? (mayLack ? null : faultOf(point, entry, known))
    if (wrong !== null) return `entry #${entry.seq} ${wrong}`
    if (mayLack && !missing.includes(entry.key)) missing = [...missing, entry.key]
    head = entry.hash ?? entryHash(head, entry, null)
    last = entry.seq
  }
  return { head, last, order, missing, apart }
}

/** An honest log goes on with the key in use, so whatever another made behind it is not a matter of a setting. */
function isInUse(current: AuditKey, { used }: KeyOrder): boolean {
  return current !== null && used.has(current.id)
}

function brokenOff({ last, missing = [] }: Point, { seq, type, body }: Entry): string | null {
  if (last !== null && seq !== last + 1) return `follows #${last}`
  const lost = type === 'key_lost' ? lostKey(body) : null
  return lost !== null && missing.includes(lost)
    ? `says that nobody has the key ${lost} any more, with which some before it were written`
    : null
}

/** `order`: with the key of this entry. */
function faultOf({ head, order }: Point, entry: Entry, known: ReadonlyMap<string | null, AuditKey>) {
  const key = known.get(entry.key)
  if (entry.key !== null && !isKeyId(entry.key)) return 'names something that is not a key'
  if (key === undefined) return unattested(entry)
  // Without a key, what was written before the log was chained is covered by the first entry that is.
  const isWritten = entry.hash === null ? key === null : entryHash(head, entry, key) === entry.hash
  if (!isWritten) return 'is not what was written'
  if (order.isInOrder) return null
  return key === null ? withoutItsKey : byReplacedKey
}

/**
 * Why `change`, with what is stored beside it, is not what its own entries lead to, and those that say that a backup was put
 * back; null when it is, and what began to be applied was approved. With a key, whoever can write the database but does not have
 * it can't make up a change that is borne out, as long as the log could be followed.
 */
export function doubtOf(change: Change, row: Omit<StoredRow, 'state'>, entries: Iterable<Entry>): string | null {
  const { wrong, untold, answer } = createAnswer()
  const replay = createReplay(only(change, row), { wrong, untold, unapproved: wrong })
  for (const entry of entries) replay.feed(entry)
  replay.end()
  const found = answer()
  const [first] = [...found.wrong.first, ...found.untold.first]
  if (!first) return replay.isApprovedEarlier(change.id) ? `it was ${approvedEarlier}` : null
  return first.seq === null ? first.what : `entry #${first.seq} ${first.what}`
}

function unattested({ key }: Entry): string {
  return key === null
    ? 'was written without AUDIT_KEY, so anybody could have written it'
    : `was written with the key ${key}, which is not at hand, though AUDIT_KEY was in use before it`
}

/** What is stored, for a replay of nothing but this change. */
function only(change: Change, beside: Omit<StoredRow, 'state'>): StoredChanges {
  const row = { ...beside, state: JSON.stringify(change) }
  return { row: () => row, count: () => 1, withoutProposal: () => [change.id] }
}
