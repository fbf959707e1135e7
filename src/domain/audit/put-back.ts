import { asTyped } from '../as-typed.ts'
import { type Change, hasEnded } from '../change/change.ts'
import type { ChangeEvent } from '../change/event.ts'
import type { Contradicted, KeptCheckpoint } from './anchor-check.ts'
import type { Entry } from './chain-check.ts'
import { fact } from './fact.ts'

/**
 * Nothing is written for such a change, as a clause: it may have been hidden, or unreadable, when the backup was put
 * back.
 */
export const approvedEarlier = 'approved before a backup of the database was put back, and not since'

/** The step after a backup has replaced the database, as a clause. */
export function thenSaySo(): string {
  return `run "${asTyped('audit put-back')}" before you start Countersign`
}

/**
 * Takes the earlier approvals from a change that is open in a backup: it may have been applied since and taken back, or
 * decided on. Null if it has ended.
 */
export function holdAfterPutBack(change: Change, by: string, at: string): ChangeEvent | null {
  if (hasEnded(change)) return null
  return { type: 'put_back', at, by, voids: [...new Set(change.approvals.map((approval) => approval.by))] }
}

/**
 * Records on the change that it waits until `retryAt` because a backup was put back: nobody knows which updates were
 * sent after the backup was made. Both times are ISO instants.
 */
export function postponeSincePutBack(change: Change, at: string, retryAt: string): ChangeEvent | null {
  return change.status === 'approved' ? { type: 'apply_postponed', at, why: mayHaveBeenSent, retryAt } : null
}

const mayHaveBeenSent =
  'a backup of the database was put back, and an update that was sent since that backup was made may still arrive'

/** An entry that says that a backup was put back, and who said so. */
export type PutBack = {
  readonly seq: number
  readonly at: string
  readonly by: string
  /** How many entries the log had then. */
  readonly size: number
  /** Entries up to this one were anchored, and are not in this log; null if nothing shows that there were more. */
  readonly gone: number | null
}

type Named = readonly Pick<KeptCheckpoint, 'size' | 'head'>[]
type Found = PutBack & {
  /** The id of the key that made the entry; null without one. */
  readonly key: string | null
  readonly upTo: number
  readonly named: Named
  /** The keys that the log had been written with by then. */
  readonly keys: ReadonlySet<string | null>
}
type Anchor = KeptCheckpoint & { readonly by: string | null }

/**
 * Collects a log's entries about backups that were put back, in order. Somebody may have written one by a clock that
 * was ahead: an earlier end of the log, or an earlier `now`, shows that. `current`: the id of the present key.
 * `lastKept`: when each key last made an anchor, in milliseconds.
 */
export function createPutBacks(now: Date, current: string | null, lastKept: ReadonlyMap<string | null, number>) {
  const found: Found[] = []
  const keys = new Set<string | null>([null])
  let endsAt = ''
  return {
    feed(entry: Pick<Entry, 'seq' | 'at' | 'actor' | 'type' | 'body' | 'key'>): void {
      keys.add(entry.key)
      endsAt = entry.at
      const said = entry.type === 'log_put_back' ? read(entry.body) : null
      if (said === null) return
      const { seq, at, actor: by } = entry
      const { size, upTo = size, anchors: named = [] } = said
      const gone = largest(named)?.size ?? null
      const { key } = entry
      found.push({ seq, at, by, size, key, upTo: Math.min(upTo, seq - 1), named, gone, keys: new Set(keys) })
    },
    /**
     * True if the log lacks an anchor because a backup was put back: the entry names it, or it was kept before that. An
     * anchor kept since has to be borne out like any other, and so has one made by a newer key: somebody with a
     * replaced key may have written the entry.
     */
    explains(anchor: Anchor): boolean {
      const { size, head, at } = anchor
      const isOlder = (one: Found) => at !== undefined && Date.parse(at) <= latest(one)
      const isNamed = ({ named }: Found) => named.some((one) => one.size === size && one.head === head)
      const i = found.findIndex(
        (one) => mayHaveReplaced(one, anchor) && (isNamed(one) || (size > one.upTo && isOlder(one))),
      )
      const one = found[i]
      if (one === undefined) return false
      found[i] = { ...one, gone: Math.max(size, one.gone ?? 0) }
      return true
    },
    found: (): PutBack[] => found.map(({ seq, at, by, size, gone }) => ({ seq, at, by, size, gone })),
  }

  /**
   * A key that the log never names may have been in use between the backup and the entry, unless it is the present one.
   * Then the key of the entry came later: it is the present one, or made an anchor after that one did. For an entry
   * without a key, this holds only if an anchor without one was made later.
   */
  function mayHaveReplaced({ keys: until, key }: Found, { by, at }: Anchor): boolean {
    if (until.has(by)) return true
    const cameLater = (key !== null && key === current) || (lastKept.get(key) ?? Number.NaN) > Date.parse(at ?? '')
    return by !== current && !keys.has(by) && cameLater
  }

  /** The latest time at which anchors from before the entry were kept, in milliseconds. */
  function latest({ at }: Found): number {
    const until = Math.min(Date.parse(at), Date.parse(endsAt))
    return Date.parse(at) <= now.getTime() ? until : Number.NaN
  }
}

function read(body: string) {
  try {
    const said = fact.parse({ ...JSON.parse(body), type: 'log_put_back' })
    return said.type === 'log_put_back' ? said : null
  } catch {
    return null
  }
}

/** The reason the app does not start on this log, with what to do; null if the log bears out every anchor. */
export function putBackProblem(database: string, file: string, contradicted: readonly Contradicted[]): string | null {
  const last = largest(contradicted.filter(({ isForeign }) => !isForeign)) ?? largest(contradicted)
  if (last === null) return null
  const { from, size, at, isForeign } = last
  return (
    `${database} is not the database that the anchors belong to: ${from} has an entry #${size}${at === undefined ? '' : ` of ${at}`} that is not in its log. ` +
    (isForeign ? `${madeElsewhere} ` : '') +
    'Countersign does not start on it, because what is approved in it may have been undone later. Put the right one in its place. ' +
    `If you put a backup back on purpose, run "${asTyped(`audit put-back --anchors ${file}`)}" once, and start it again.`
  )
}

const madeElsewhere =
  'It was made with a key that you have not given: if the key was changed, give the newest one in AUDIT_KEY and the others in AUDIT_KEY_PREVIOUS.'

/** The entry's record of anchors that are not borne out: later, no clock is needed to tell which they were. */
export function goneWith(contradicted: readonly KeptCheckpoint[], size: number) {
  if (contradicted.length === 0) return {}
  const anchors = contradicted.map(({ size, head }) => ({ size, head }))
  const upTo = Math.min(...contradicted.map((one) => one.size)) - 1
  return { anchors, ...(upTo < size && { upTo }) }
}

/** The one with the most entries; null if there is none. */
function largest<T extends { readonly size: number }>(anchors: readonly T[]): T | null {
  return anchors.reduce<T | null>((most, one) => (most && most.size >= one.size ? most : one), null)
}
