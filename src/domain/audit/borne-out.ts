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
import { createComparison, createReplay, type StoredRow } from './replay.ts'

/** The reason a change is not borne out, as a clause; or the key that is needed before anybody can tell. */
export type Doubt = string | MissingKey

/**
 * How far the log was found to be as written: the next entry follows the hash `head`, the number `last` (null before
 * the first), and entries with the keys of `order`. `missing`: keys that are not at hand and made some of it; their
 * entries are taken as they are, so nothing is borne out by them.
 */
export type Point = {
  readonly last: number | null
  readonly head: string
  readonly order: KeyOrder
  readonly missing?: readonly string[]
  /** The first entry with such a key after those with the last key at hand. */
  readonly apart?: Apart | undefined
}

/**
 * Follows the log over its next entries: each must be attested by a key at hand that had not been replaced before it,
 * and none may be missing in between. Returns how far it got, or what is wrong. No key attests entries from before
 * there was one, so with a key they bear out nothing. Nor do entries with a key that is not at hand, after one that is
 * now in use.
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

/** An honest log continues with the key in use, so entries that another key made after it can't be due to a setting. */
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

/** `order` includes the key of this entry. */
function faultOf({ head, order }: Point, entry: Entry, known: ReadonlyMap<string | null, AuditKey>) {
  const key = known.get(entry.key)
  if (entry.key !== null && !isKeyId(entry.key)) return 'names something that is not a key'
  if (key === undefined) return unattested(entry)
  // Without a key, entries from before the log was chained are covered by the first chained one.
  const isWritten = entry.hash === null ? key === null : entryHash(head, entry, key) === entry.hash
  if (!isWritten) return 'is not what was written'
  if (order.isInOrder) return null
  return key === null ? withoutItsKey : byReplacedKey
}

/**
 * The reason `change`, with its stored columns, is not what its own entries lead to, together with those that say a
 * backup was put back; null if it is, and was approved if its apply began. With a key, somebody who can write the
 * database but does not have the key can't forge a change that is borne out, as long as the log could be followed.
 */
export function doubtOf(change: Change, row: Omit<StoredRow, 'state'>, entries: Iterable<Entry>): string | null {
  const { wrong, untold, answer } = createAnswer()
  const { compare, isAll, unproposed } = createComparison(wrong)
  const stored = { ...row, state: JSON.stringify(change) }
  const replay = createReplay({ wrong, untold, unapproved: wrong }, (led) => compare(led, stored))
  for (const entry of entries) replay.feed(entry)
  for (const led of replay.open()) compare(led, stored)
  if (!isAll(1)) unproposed(change.id)
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
