import { type AuditKey, type Checkpoint, checkpointOf } from './chain.ts'
import type { Entry, Keys } from './chain-check.ts'
import type { Find } from './finding.ts'

/**
 * A checkpoint kept outside the database, where it was found, in words, and when it was kept (an ISO instant), if
 * known.
 */
export type KeptCheckpoint = Checkpoint & { readonly from: string; readonly at?: string }

/** Null if nobody looked for any. */
export type Anchors = readonly KeptCheckpoint[] | null

type Finds = { readonly wrong: Find; readonly untold: Find }
/** `by`: the id of the key that made it. */
type Trusted = KeptCheckpoint & { readonly keyed: boolean; readonly by: string | null }

/** The id of no key. */
const noKeyAtHand = ''

/** A log whose entries can be looked up by number. */
type Log = {
  readonly size: number
  readonly entry: (seq: number) => Pick<Entry, 'key' | 'hash'> | undefined
  /** True if some entry says that it was written with this key. */
  readonly names: (key: string) => boolean
}

/**
 * Compares the log with what is known about it from outside: it must have had that many entries, and that end.
 * `isExplained`: the log itself says that it lacks this since a backup was put back.
 */
export function createAnchorCheck(
  anchors: Anchors,
  keys: Keys,
  { wrong, untold }: Finds,
  isExplained: (anchor: Trusted) => boolean = () => false,
) {
  if (anchors?.length === 0) untold(null, 'no anchor was found: none is kept until the first change has ended')
  const all = (anchors ?? []).map((anchor) => ({ anchor, found: trusted(anchor, keys) }))
  const waiting = all.flatMap(({ found }) => found ?? []).sort((a, b) => b.size - a.size)
  /** Anchors that the log contradicts; an explanation may come later in the log. */
  const unmet: { readonly anchor: Trusted; readonly find: Find; readonly what: string }[] = []
  let met = 0
  return {
    /** Takes the entries in order, each with its hash. */
    feed({ seq, key }: Pick<Entry, 'seq' | 'key'>, hash: string): void {
      for (let next = waiting.at(-1); next && next.size <= seq; next = waiting.at(-1)) {
        waiting.pop()
        hold(next, key, next.size === seq ? hash : null)
      }
    },
    /** Returns how many anchors the log has met. */
    end(size: number): number {
      for (const { anchor, find, what } of unmet) if (!isExplained(anchor)) find(anchor.size, what)
      for (const anchor of waiting.toReversed()) lacking(anchor, size)
      for (const { anchor, found } of all) if (found === null) untrusted(anchor)
      return met
    },
  }

  function lacking(anchor: Trusted, size: number): void {
    const { keyed, from, size: then } = anchor
    const [seq, now, gone] =
      size === 0 ? [null, 'the log is empty', 'all are missing'] : [size, 'is the last one', 'the newest are missing']
    if (then === 0) met++
    else if (isExplained(anchor)) return
    else if (!keyed && keys.current !== null)
      untold(
        seq,
        `${now}, but ${from} says that there were ${then}. It was made without a key, so anybody could have made it`,
      )
    else wrong(seq, `${now}, but ${from} says that there were ${then}: ${gone}`)
  }

  function hold(anchor: Trusted, key: string | null, hash: string | null): void {
    const { keyed, head, from, size } = anchor
    if (!keyed && key !== null) {
      const what = `has a key, but not the hash that ${from} gives, which anybody could have made up`
      unmet.push({ anchor, find: untold, what })
    } else if (size === 0 || head === hash) met++
    else {
      const what = `is not the last entry that ${from} knew: the log was rewritten`
      unmet.push({ anchor, find: wrong, what })
    }
  }

  function untrusted(anchor: KeptCheckpoint): void {
    if (!isExplained({ ...anchor, keyed: true, by: noKeyAtHand }))
      untold(null, `${anchor.from} was not made with a key that you have given: it may be made up, and was not trusted`)
  }
}

/** `by`: the id of the key that made it, null without one. `isForeign`: that key is not at hand, or it was made up. */
export type Contradicted = KeptCheckpoint & { readonly by: string | null; readonly isForeign?: true }

/**
 * Anchors that a log does not bear out: it has fewer entries, or a different one there, or does not name the present
 * key, which made them: somebody with a replaced key can have written its name beside entries that the present one
 * made. An anchor made without a key does not count if there is a key. One made with a key that is not at hand may
 * prove that file and key are from before a change of keys.
 */
export function contradicted(anchors: readonly KeptCheckpoint[], log: Log, keys: Keys): Contradicted[] {
  return anchors.flatMap((anchor) => {
    const found = trusted(anchor, keys)
    if (anchor.size === 0 || (isBorneOut(anchor, log, keys, found) && !isRenamed(anchor, log, keys, found))) return []
    return [found === null ? { ...anchor, by: null, isForeign: true } : { ...anchor, by: found.by }]
  })
}

function isBorneOut({ size, head }: KeptCheckpoint, log: Log, keys: Keys, found: Trusted | null): boolean {
  const isKeyed = found === null || found.keyed
  if (size > log.size) return !isKeyed && keys.current !== null
  const entry = log.entry(size)
  if (entry === undefined) return false
  const isKnown = entry.hash !== null && (isKeyed || entry.key === null)
  return !isKnown || entry.hash === head
}

/** The id of the key at hand that made an anchor; null if none did. */
export function keyOf(anchor: KeptCheckpoint, keys: Keys): string | null {
  return trusted(anchor, keys)?.by ?? null
}

/**
 * Whoever takes an anchor has begun to write with its key. Nothing bears out the entries after one that only says so.
 */
function isRenamed({ size }: KeptCheckpoint, log: Log, { current }: Keys, found: Trusted | null): boolean {
  return current !== null && found?.by === current.id && size <= log.size && !log.names(current.id)
}

/** When each key at hand last made an anchor, in milliseconds. */
export function lastKeptBy(anchors: readonly KeptCheckpoint[], keys: Keys): ReadonlyMap<string | null, number> {
  const last = new Map<string | null, number>()
  for (const anchor of anchors) {
    const [found, at] = [trusted(anchor, keys), Date.parse(anchor.at ?? '')]
    if (found !== null && !(at <= (last.get(found.by) ?? Number.NEGATIVE_INFINITY)) && !Number.isNaN(at))
      last.set(found.by, at)
  }
  return last
}

/** Null if no key at hand made it. */
function trusted(anchor: KeptCheckpoint, keys: Keys): Trusted | null {
  const { size, head, digest } = anchor
  const fits = (key: AuditKey) => checkpointOf(size, head, key).digest === digest
  const by = [keys.current, ...keys.earlier].find((key) => key !== null && fits(key))?.id ?? null
  return by !== null || fits(null) ? { ...anchor, keyed: by !== null, by } : null
}
