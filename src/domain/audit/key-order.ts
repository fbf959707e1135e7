import type { AuditKey } from './chain.ts'
import { fact } from './fact.ts'

/** The part of an entry that says something about the log's keys. */
export type Turn = { readonly key: string | null; readonly type: string; readonly body: string }

/** The keys a log was written with so far, by their ids. */
export type KeyOrder = {
  /** Those at hand. */
  readonly used: ReadonlySet<string>
  /** The one of these that replaced the others; null before the first. */
  readonly present: string | null
  /** The last one, at hand or not. */
  readonly latest: string | null
  /** True if the last entry with a key, or one about it, says that the log continues without it. */
  readonly left: boolean
  /** True once a Countersign that takes up no key again has started on the log. Versions before it did, if told to. */
  readonly oneWay: boolean
  /**
   * False if the last entry was made with a key that had been replaced, or without one although nobody left the key.
   */
  readonly isInOrder: boolean
}

type Keys = { readonly current: AuditKey; readonly earlier: readonly NonNullable<AuditKey>[] }

/** The fault of an entry with a key out of order. */
export const byReplacedKey =
  'was written with a key that had been replaced before, so whoever still has that key may have written it'
/** The fault of an entry without a key out of order. */
export const withoutItsKey = 'was written without a key, though entries before it have one'

/** The fault of an entry that names a key which is not at hand, between entries with one other key. */
export const amidAnotherKey = (key: string) =>
  `names the key ${key}, which is not at hand, though the entries before and after it were written with one other key`

/** The first of the entries with a key that is not at hand. */
export type Apart = { readonly seq: number; readonly key: string }

/**
 * True if this entry shows that those since `apart` are between entries of one key: no key is taken up again once
 * another has replaced it.
 */
export function isAmidAnotherKey(apart: Apart | undefined, entry: Turn, order: KeyOrder): boolean {
  return apart !== undefined && entry.key !== null && entry.key === order.present && !mayGoBack(order, entry)
}

export const noKeys: KeyOrder = {
  used: new Set(),
  present: null,
  latest: null,
  left: false,
  oneWay: false,
  isInOrder: true,
}

/** The order from the point where somebody began to write with this key. */
export function keysSince({ id }: NonNullable<AuditKey>): KeyOrder {
  return { ...noKeys, used: new Set([id]), present: id, latest: id, oneWay: true }
}

/**
 * The order of keys after one more entry. Keys go one way: one that was replaced, perhaps because it leaked, makes no
 * more entries. Entries with a key that is not at hand prove nothing anyway, and are not part of the order.
 */
export function goOn(order: KeyOrder, entry: Turn, keys: Keys): KeyOrder {
  const { key, type } = entry
  if (key === null) return withoutKey(order, entry, keys)
  if (key !== order.present && isAtHand(key, keys) && !mayTakeOver(order, entry, keys))
    return { ...order, left: false, isInOrder: false }
  const present = isAtHand(key, keys) ? key : order.present
  const left = type === 'key_left'
  const oneWay = order.oneWay || saysOneWay(entry)
  if (order.isInOrder && key === order.latest && left === order.left && oneWay === order.oneWay) return order
  const used = present === order.present ? order.used : new Set([...order.used, key])
  return { used, present, latest: key, left, oneWay, isInOrder: true }
}

/**
 * The order of keys in a log, from those of its entries at which another key begins, or that say something about keys.
 */
export function keyOrderOf(turns: Iterable<Turn>, keys: Keys): KeyOrder {
  let order = noKeys
  for (const turn of turns) order = goOn(order, turn, keys)
  return order
}

/** The id of the key in an entry that says that nobody has it any more. */
export function lostKey(body: string): string | null {
  const found = factIn('key_lost', body)
  return found?.type === 'key_lost' ? found.key : null
}

function withoutKey(order: KeyOrder, entry: Turn, keys: Keys): KeyOrder {
  const lost = entry.type === 'key_lost' ? lostKey(entry.body) : null
  const left = order.left || (lost !== null && lost === order.latest && !isAtHand(lost, keys))
  const isInOrder = order.used.size === 0 || left
  return left === order.left && isInOrder === order.isInOrder ? order : { ...order, left, isInOrder }
}

function mayTakeOver(order: KeyOrder, turn: Turn, { current }: Keys): boolean {
  const { used } = order
  const isReplaced = used.has(turn.key!) || (current !== null && turn.key !== current.id && used.has(current.id))
  return !isReplaced || mayGoBack(order, turn)
}

/** True if an entry may be the first of a start with a replaced key, which earlier versions of the app allowed. */
export function mayGoBack({ oneWay }: KeyOrder, { type }: Turn): boolean {
  return !oneWay && firstOfAStart.has(type)
}

/** Types of the first entry that the app may write. */
const firstOfAStart: ReadonlySet<string> = new Set(['started', 'schema_put_back', 'schema_differed'])

function saysOneWay({ type, body }: Turn): boolean {
  const found = type === 'started' ? factIn(type, body) : null
  return found?.type === 'started' && found.oneWayKeys === true
}

export function isAtHand(key: string, { current, earlier }: Keys): boolean {
  return key === current?.id || earlier.some(({ id }) => id === key)
}

function factIn(type: string, body: string) {
  try {
    return fact.parse({ ...JSON.parse(body), type })
  } catch {
    return null
  }
}
