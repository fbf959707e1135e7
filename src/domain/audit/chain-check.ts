import { type Attested, type AuditKey, entryHash, genesis } from './chain.ts'
import type { Find } from './finding.ts'
import {
  type Apart,
  amidAnotherKey,
  byReplacedKey,
  goOn,
  isAmidAnotherKey,
  lostKey,
  mayGoBack,
  noKeys,
  withoutItsKey,
} from './key-order.ts'

/** An entry as the log has it. */
export type Entry = Attested & {
  /** The id of the key that made `hash`; null without one. */
  readonly key: string | null
  /** Null for entries from before the log was chained. */
  readonly hash: string | null
}

/** An entry, and the hash of the one before it. */
export type Linked = Entry & { readonly previous: string }

/** The key the log is written with now, and the keys it was written with before. */
export type Keys = {
  readonly current: AuditKey
  readonly earlier: readonly NonNullable<AuditKey>[]
  /** The id of a key that an operator says nobody has any more: one entry may follow its entries, to say so. */
  readonly lost?: string
}

/** How many entries there are, by what attests them. */
export type Counts = { readonly keyed: number; readonly keyless: number; readonly unchained: number }

/**
 * An entry that says that the log continues without a key, and who decided that; `lost`: the id of the key, if nobody
 * had it.
 */
export type Left = { readonly seq: number; readonly by: string; readonly lost?: string }

type Finds = { readonly wrong: Find; readonly untold: Find }

/** The entry format that this version understands. */
const knownVersion = 1

/**
 * Checks that every entry is as it was written, and none is missing in between. Entries before the first one with a key
 * are covered by that one. `gaps`: entries are left out on purpose, so each is checked alone.
 */
export function createChainCheck(keys: Keys, { wrong, untold }: Finds, { gaps }: { gaps: boolean }) {
  const known = new Map([keys.current, ...keys.earlier].flatMap((key) => (key ? [[key.id, key]] : [])))
  const counts = { keyed: 0, keyless: 0, unchained: 0 }
  /** Only the first entry of each key that is not at hand is reported. */
  const unknown = new Set<string>()
  let apart: Apart | undefined
  let size = 0
  let head: string = genesis
  let lastKey: string | null = null
  let order = noKeys
  /** The entry that left the key, until another has a key again. */
  let leaving: Entry | null = null
  const left: Left[] = []

  return {
    /**
     * Takes the entries in order, with the hash `previous` if they give it. Returns the hash that the next one covers.
     */
    feed(entry: Entry, previous?: string): string {
      if (gaps ? entry.seq <= size : entry.seq !== size + 1) wrong(entry.seq, gap(size, entry.seq))
      if (!gaps && previous !== undefined && previous !== head) wrong(entry.seq, 'does not follow what is before it')
      if (gaps) head = previous ?? head
      head = entry.hash === null ? unchained(entry) : chained(entry, entry.hash)
      size = entry.seq
      lastKey = entry.key
      return head
    },
    end() {
      if (size > 0 && !gaps) checkEnd()
      return { size, head, lastKey, counts: { ...counts }, left: [...left] }
    },
  }

  function unchained(entry: Entry): string {
    if (counts.keyed + counts.keyless > 0) wrong(entry.seq, 'has no hash, though the log was chained before it')
    else if (entry.key !== null) wrong(entry.seq, 'names a key, but has no hash')
    counts.unchained++
    return entryHash(head, entry, null)
  }

  function chained(entry: Entry, hash: string): string {
    const fits = (key: AuditKey) => entryHash(head, entry, key) === hash
    const key = entry.key === null ? null : known.get(entry.key)
    if (entry.type === 'key_lost') noteLost(entry)
    if (entry.key !== null) counts.keyed++
    else if (counts.keyed > 0 && !leaving) wrong(entry.seq, withoutItsKey)
    if (entry.key === null) counts.keyless++
    if (key !== undefined && key !== null) endOfOthers(entry)
    if (key === undefined) otherKey(entry, fits)
    else if (!fits(key)) wrong(entry.seq, altered(entry))
    else if (entry.version !== knownVersion)
      untold(entry.seq, 'was written by a newer Countersign: verify with that one')
    if (entry.key !== null) noteLeaving(entry)
    noteOrder(entry)
    return hash
  }

  function noteOrder(entry: Entry): void {
    order = goOn(order, entry, keys)
    if (order.isInOrder || entry.key === null) return
    // If entries are left out, one of them may be a start at which an older Countersign took up that key again.
    const find = gaps && entry.seq !== size + 1 ? untold : wrong
    find(entry.seq, byReplacedKey)
  }

  function noteLeaving(entry: Entry): void {
    leaving = entry.type === 'key_left' ? entry : null
    if (leaving) left.push({ seq: entry.seq, by: entry.actor })
  }

  /** Anybody can write this. It can't deceive whoever still has the key. */
  function noteLost(entry: Entry): void {
    const lost = lostKey(entry.body)
    if (lost === null || entry.key !== null || (!gaps && lost !== lastKey))
      wrong(entry.seq, 'says that a key was lost, but not the key of the entry before it')
    else if (known.has(lost))
      wrong(
        entry.seq,
        `says that the key ${lost} was lost, but you have given it: somebody without it may have written that`,
      )
    else {
      leaving = entry
      left.push({ seq: entry.seq, by: entry.actor, lost })
    }
  }

  function otherKey(entry: Entry, fits: (key: AuditKey) => boolean): void {
    const { seq, key } = entry
    const isNext = key !== lastKey
    if (isNext && !gaps && !mayGoBack(order, entry)) apart ??= { seq, key: key! }
    if ([...known.values()].some(fits)) wrong(seq, 'names a different key from the one that it was written with')
    else if (isNext && apart?.seq === seq && keys.current !== null && order.used.has(keys.current.id)) {
      apart = undefined
      unknown.add(key!)
      wrong(seq, `names the key ${key}, which you have not given, although AUDIT_KEY was in use before it`)
    } else if (!unknown.has(key!)) {
      unknown.add(key!)
      untold(
        seq,
        `was written with the key ${key}, which you have not given: if anybody has it, put it in AUDIT_KEY or AUDIT_KEY_PREVIOUS`,
      )
    }
  }

  function endOfOthers(entry: Entry): void {
    if (apart && isAmidAnotherKey(apart, entry, order)) wrong(apart.seq, amidAnotherKey(apart.key))
    apart = undefined
  }

  function altered({ type, changeId }: Entry): string {
    const first = counts.keyed + counts.keyless === 1 && counts.unchained > 0
    if (first) return 'is not what was written, or an entry from before the log was chained was altered'
    const says = `it reads: ${type}${changeId === null ? '' : `, of change #${changeId}`}`
    return `is not what was written, or the entries before it were removed or altered (${says})`
  }

  function checkEnd(): void {
    if (counts.keyed + counts.keyless === 0)
      untold(size, 'is the last one, and no entry is chained yet: start Countersign')
    const wasLeft = lastKey === null && leaving?.key === keys.current?.id
    if (keys.current && lastKey !== keys.current.id && !wasLeft)
      wrong(
        size,
        `is the last one, and was written ${lastKey === null ? 'without a key' : 'with another key'}, not with AUDIT_KEY, which has to be the newest key of the app`,
      )
  }
}

function gap(size: number, seq: number): string {
  if (seq <= size) return `comes after #${size}`
  const missing = seq - 1 === size + 1 ? `#${seq - 1} is` : `#${size + 1} to #${seq - 1} are`
  return size === 0 ? `is the first one: ${missing} missing` : `follows #${size}: ${missing} missing`
}
