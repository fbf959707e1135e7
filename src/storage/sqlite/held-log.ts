import type Sqlite from 'better-sqlite3'
import type { Breathe } from '../../breathe.ts'
import { type Doubt, doubtOf, follow, type Point } from '../../domain/audit/borne-out.ts'
import { genesis } from '../../domain/audit/chain.ts'
import type { Entry, Keys } from '../../domain/audit/chain-check.ts'
import { goOn, type KeyOrder, noKeys } from '../../domain/audit/key-order.ts'
import type { MissingKey } from '../../domain/audit/missing-keys.ts'
import type { Change } from '../../domain/change/change.ts'
import type { Row } from './change-rows.ts'
import { entryColumns } from './entries.ts'
import { prepareTurns } from './log-key.ts'
import { preparedWhenUsed } from './when-used.ts'

type Tools = {
  readonly sqlite: Sqlite.Database
  readonly keys: Keys
  readonly row: (id: number) => Row
  readonly breathe: Breathe
}

/** Entries followed in one go: some milliseconds. */
const atOnce = 256

/** Entries searched for keys in one go: some milliseconds as well. */
const turnsAtOnce = 4096

/**
 * The part of the log that was followed; the change of each of its entries, from the first on (null for none, `ofAll`
 * for all of them); and SQLite's count of others' writes before that began.
 */
type Followed = Point & {
  readonly from: number
  readonly last: number
  readonly changes: (number | null)[]
  readonly others: number
}

/** No change has this number: an entry that records a backup as put back belongs to each change that was open then. */
const ofAll = -1

/** An entry, with the hash of the one before it. */
type Own = Entry & { readonly previous: string | null }

/**
 * Checks changes against the log since each was asked for. Remembers how far the log was followed, so that the next
 * check reads only what was written since; once anybody but this process has written to the file, all of it is followed
 * again. The entries of the change itself are read and checked each time, from those met on the way, since an index can
 * be made to leave some out. Works in runs, however long the log is.
 */
export function heldAgainstLog({ keys, row, breathe, ...tools }: Tools) {
  const sqlite = preparedWhenUsed(tools.sqlite)
  const first = sqlite.prepare<[number], number | null>('select min(seq) from audit_events where change_id = ?').pluck()
  const hashOf = sqlite.prepare<[number], string | null>('select hash from audit_events where seq = ?').pluck()
  const othersVersion = sqlite.prepare<[], number>('pragma data_version').pluck()
  const next = sqlite.prepare<[number], Entry>(
    `select ${entryColumns} from audit_events where seq >= ? order by seq limit ${atOnce}`,
  )
  const at = sqlite.prepare<[number], Own>(
    `select ${entryColumns}, (select hash from audit_events before where before.seq = audit_events.seq - 1) as previous
     from audit_events where seq = ?`,
  )
  const turns = prepareTurns(sqlite)
  const firstFrom = sqlite.prepare<[number], number | null>('select min(seq) from audit_events where seq >= ?').pluck()
  let followed: Followed | null = null

  return { doubt }

  /** The reason the log does not bear out this change; null if it does. If a key is missing, all else is right. */
  async function doubt(change: Change): Promise<Doubt | null> {
    const found = await followFor(change.id)
    if (typeof found === 'string') return found
    // In the same turn in which the last entries were followed.
    const entries = ownOf(change.id)
    for (const entry of entries) {
      const wrong = isCovered(entry)
        ? follow({ last: entry.seq - 1, head: before(entry), order: noKeys }, [entry], keys)
        : null
      if (typeof wrong === 'string') return wrong
    }
    return doubtOf(change, row(change.id), entries) ?? found
  }

  /** An index may leave the first entry out: then the entries start without a proposal, which is reported. */
  async function followFor(id: number): Promise<Doubt | null> {
    const seq = first.get(id) ?? row(id).seq
    const others = othersVersion.get()!
    const isKnown = followed?.others === others && reaches(followed, seq) && ownOf(id).every(isCovered)
    const { from, changes, ...start } = isKnown && followed ? followed : { ...beginning(seq), changes: [] }
    let isKeyed = false
    for (let point: Point = start; ; await breathe()) {
      const run = next.all(point.last === null ? from : point.last + 1)
      if (!isKeyed && run.some(hasOtherKey)) {
        isKeyed = true
        point = { ...point, order: await keysBefore(run[0]!.seq) }
        continue
      }
      const came = follow(point, run, keys)
      if (typeof came === 'string') return came
      // Two that follow the log at once write the same.
      for (const { seq, changeId, type } of run) changes[seq - from] = type === 'log_put_back' ? ofAll : changeId
      point = came
      if (run.length === atOnce) continue
      followed = point.last === null ? null : { ...point, from, last: point.last, changes, others }
      return lackingIn(point)
    }
  }

  /** Entries followed without their key are followed again each time, since they are not about every change. */
  function lackingIn({ missing: [missingKey] = [] }: Pick<Point, 'missing'>): MissingKey | null {
    return missingKey === undefined ? null : { missingKey }
  }

  function ownOf(id: number): Own[] {
    const found: Own[] = []
    if (followed === null) return found
    const { from, changes } = followed
    for (const i of [...placesOf(id, changes), ...placesOf(ofAll, changes)].sort((a, b) => a - b)) {
      const entry = at.get(from + i)
      if (entry) found.push(entry)
    }
    return found
  }

  /** From the entry that proposes it on; from the very first if no hash comes before that. */
  function beginning(seq: number): Point & { from: number } {
    const head = hashOf.get(seq - 1)
    return head ? { from: seq, last: null, head, order: noKeys } : { from: 1, last: null, head: genesis, order: noKeys }
  }

  /** True if the keys before this entry matter. */
  function hasOtherKey({ key }: Entry): boolean {
    return key !== (keys.current?.id ?? null)
  }

  async function keysBefore(seq: number): Promise<KeyOrder> {
    let order = noKeys
    // Not by counting up: a number can be so large that it would never end.
    for (let from = firstFrom.get(0); from != null && from < seq; from = firstFrom.get(from + turnsAtOnce)) {
      for (const turn of turns(from, Math.min(seq, from + turnsAtOnce))) order = goOn(order, turn, keys)
      await breathe()
    }
    return order
  }

  function reaches({ from, last, head, missing = [] }: Followed, seq: number): boolean {
    return missing.length === 0 && from <= seq && seq <= last + 1 && hashOf.get(last) === head
  }
}

function placesOf(id: number, changes: readonly (number | null)[]): number[] {
  const places = []
  for (let i = changes.indexOf(id); i >= 0; i = changes.indexOf(id, i + 1)) places.push(i)
  return places
}

/** True if it can be checked by itself: an entry from before the log was chained is covered only by a later one. */
function isCovered({ seq, hash, previous }: Own): boolean {
  return hash !== null && (seq === 1 || previous !== null)
}

function before({ previous }: Own): string {
  return previous ?? genesis
}
