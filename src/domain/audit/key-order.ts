import type { AuditKey } from './chain.ts'
import { fact } from './fact.ts'

/** What an entry says of the keys of a log. */
export type Turn = { readonly key: string | null; readonly type: string; readonly body: string }

/** With which keys, by their ids, a log was written so far. */
export type KeyOrder = {
  /** Those at hand. */
  readonly used: ReadonlySet<string>
  /** The one of these that replaced the others; null before the first. */
  readonly present: string | null
  /** The last one, at hand or not. */
  readonly latest: string | null
  /** The last entry with a key, or one about it, says that the log goes on without it. */
  readonly left: boolean
  /** A Countersign has started on the log that takes up no key again. Those before it did, when they were told to. */
  readonly oneWay: boolean
  /** False when the last entry was made with a key that had been replaced, or without one that nobody left. */
  readonly isInOrder: boolean
}

type Keys = { readonly current: AuditKey; readonly earlier: readonly NonNullable<AuditKey>[] }

/** What is wrong with an entry with a key that is not in order. */
export const byReplacedKey =
  'was written with a key that had been replaced before, so that whoever still has that key may have written it'
/** What is wrong with one without a key that is not. */
export const withoutItsKey = 'was written without a key, though entries before it have one'

/** What is wrong with one that names a key which is not at hand, behind and before entries with one and the same key. */
export const amidAnotherKey = (key: string) =>
  `names the key ${key}, which is not at hand, between entries with one and the same other key`

/** Where the entries begin with a key that is not at hand. */
export type Apart = { readonly seq: number; readonly key: string }

/** True of an entry by which those since `apart` stand amid one and the same key: no key is taken up again once another has replaced it. */
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

/** As from where somebody began to write with this key. */
export function keysSince({ id }: NonNullable<AuditKey>): KeyOrder {
  return { ...noKeys, used: new Set([id]), present: id, latest: id, oneWay: true }
}

/**
 * The order of keys behind one more entry. Keys go one way: one that was replaced, perhaps since it leaked, makes no more
 * entries. What is made with a key that is not at hand proves nothing in any case, and is no part of the order.
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

/** The order of keys in a log, from those of its entries at which another key begins, or that say something of keys. */
export function keyOrderOf(turns: Iterable<Turn>, keys: Keys): KeyOrder {
  let order = noKeys
  for (const turn of turns) order = goOn(order, turn, keys)
  return order
}

/** Of an entry that says that nobody has a key any more, the id of that key. */
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

/** True where an entry may be the first of a start with a key that had been replaced, as earlier versions of the app allowed. */
export function mayGoBack({ oneWay }: KeyOrder, { type }: Turn): boolean {
  return !oneWay && firstOfAStart.has(type)
}

/** What the app may write first of all. */
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
