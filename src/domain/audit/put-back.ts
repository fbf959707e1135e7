import { type Change, type ChangeEvent, hasEnded } from '../change/change.ts'
import type { Contradicted, KeptCheckpoint } from './anchor-check.ts'
import type { Entry } from './chain-check.ts'
import { fact } from './fact.ts'

/** What nothing is written on, as a clause: a change can have been hidden, or unreadable, when that was said. */
export const approvedEarlier = 'approved before a backup of the database was put back, and not since'

/** What to do once a backup stands in the place of the database, as a clause. */
export const thenSaySo = 'run "npm run audit -- put-back" before you start Countersign'

/**
 * Takes the approvals from before from a change that a backup has as open: it may have been applied since and taken back, or decided
 * on. Null of one that has ended.
 */
export function holdAfterPutBack(change: Change, by: string, at: string): ChangeEvent | null {
  if (hasEnded(change)) return null
  return { type: 'put_back', at, by, voids: [...new Set(change.approvals.map((approval) => approval.by))] }
}

/**
 * Says on the change that it waits until `retryAt` since a backup was put back: nobody knows which updates were sent after the
 * backup was made. Both are ISO instants.
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
  /** Entries up to this one were anchored, and are not in this log; null where nothing shows that there were more. */
  readonly gone: number | null
}

type Named = readonly Pick<KeptCheckpoint, 'size' | 'head'>[]
type Found = PutBack & {
  /** The id of the key that made the entry; null without one. */
  readonly key: string | null
  readonly upTo: number
  readonly named: Named
  /** Those that the log had been written with by then. */
  readonly keys: ReadonlySet<string | null>
}
type Anchor = KeptCheckpoint & { readonly by: string | null }

/**
 * Collects what a log says of backups that were put back, in order. Somebody may have said so by a clock that was ahead: that the
 * log ends earlier, or that it is earlier `now`, shows that. `current`: the id of the present key. `lastKept`: when each key last
 * made an anchor, in milliseconds.
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
     * True of an anchor that the log lacks because a backup was put back: it is one that the entry names, or was kept
     * before that. What was kept since has to be borne out like any other, and so has what a newer key made: whoever has
     * one that was replaced may have written the entry.
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
   * One that the log never names may have been in use between the backup and the entry, unless it is the present one. Then the key
   * of the entry came later: it is the present one, or made an anchor after that one did. The same goes for an entry without a key
   * only where an anchor without one was made later.
   */
  function mayHaveReplaced({ keys: until, key }: Found, { by, at }: Anchor): boolean {
    if (until.has(by)) return true
    const cameLater = (key !== null && key === current) || (lastKept.get(key) ?? Number.NaN) > Date.parse(at ?? '')
    return by !== current && !keys.has(by) && cameLater
  }

  /** When what was there before the entry was kept, at the latest, in milliseconds. */
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

/** What keeps the app from starting on this log, with what to do; null when the log bears out all that was kept of it. */
export function putBackProblem(database: string, file: string, contradicted: readonly Contradicted[]): string | null {
  const last = largest(contradicted.filter(({ isForeign }) => !isForeign)) ?? largest(contradicted)
  if (last === null) return null
  const { from, size, at, isForeign } = last
  return (
    `${database} is not the file that the anchors are of: ${from} has an entry #${size}${at === undefined ? '' : ` of ${at}`} that its log does not have. ` +
    (isForeign ? `${madeElsewhere} ` : '') +
    'Countersign does not start on it, since what it holds may have been approved and taken back since. Put the right file in its place. ' +
    `If you put a backup back on purpose, run "npm run audit -- put-back --anchors ${file}" once, and start it again.`
  )
}

const madeElsewhere =
  'It was made with a key that is not at hand: if the key was changed, give the newest in AUDIT_KEY and the others in AUDIT_KEY_PREVIOUS.'

/** What the entry says of what was kept outside and is not borne out: no clock has to tell later which that was. */
export function goneWith(contradicted: readonly KeptCheckpoint[], size: number) {
  if (contradicted.length === 0) return {}
  const anchors = contradicted.map(({ size, head }) => ({ size, head }))
  const upTo = Math.min(...contradicted.map((one) => one.size)) - 1
  return { anchors, ...(upTo < size && { upTo }) }
}

/** The one that knows of most entries; null where there is none. */
function largest<T extends { readonly size: number }>(anchors: readonly T[]): T | null {
  return anchors.reduce<T | null>((most, one) => (most && most.size >= one.size ? most : one), null)
}
