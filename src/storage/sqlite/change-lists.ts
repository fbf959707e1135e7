import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Breathe } from '../../breathe.ts'
import { besideOf } from '../../domain/change/beside.ts'
import type { Change } from '../../domain/change/change.ts'
import type { ChangeReads, StoredChange } from '../../ports/changes.ts'
import type { ReadsChanges } from '../stored-changes.ts'
import type { ChangeRows, Row } from './change-rows.ts'
import type { Database } from './database.ts'
import { changeRequests } from './schema.ts'
import { prepareUnfinished } from './unfinished.ts'
import type { WaitingOf } from './waiting.ts'

type Tools = {
  readonly db: Database
  readonly rows: ChangeRows
  readonly read: ReadsChanges
  readonly waitingOf: WaitingOf
  readonly breathe: Breathe
}

/** Open changes read in one go: some milliseconds. */
const rowsAtOnce = 100

/** Changes as they are stored. */
export function storedChanges({ db, rows, read, waitingOf, breathe }: Tools): ChangeReads {
  const unfinished = prepareUnfinished(db)
  const { readable, stored, listed } = read

  return {
    get: async (id) => stored(rows.row(id)),
    openedFrom: async (origin) => {
      const found = db.select().from(changeRequests).where(eq(changeRequests.origin, origin)).get()
      return found ? stored(found) : null
    },
    unfinished: async (now, isDueNow) => {
      const due: number[] = []
      for await (const run of openRows())
        due.push(...run.filter((row) => isDue(row, now, isDueNow)).map(({ id }) => id))
      return [...new Set([...due, ...unfinished()])].sort((a, b) => a - b)
    },
    openChanges: async (of) => rows.open(of).flatMap(listed),
    openChangesBefore: async (id, most) => {
      const found: StoredChange[] = []
      for (let before = id; ; await breathe()) {
        const run = rows.openBefore(before, most)
        found.push(...run.flatMap(listed))
        if (run.length < most || found.length >= most) return found.slice(0, most)
        before = run.at(-1)!.id
      }
    },
    changes: async ({ of, most }) => {
      const ofToken = of && and(eq(changeRequests.stack, of.stack), eq(changeRequests.tokenUid, of.tokenUid))
      return db
        .select()
        .from(changeRequests)
        .where(ofToken)
        .orderBy(desc(changeRequests.id))
        .limit(most)
        .all()
        .flatMap(listed)
    },
    openStatuses: async () => new Map(rows.statuses().map(({ id, status }) => [id, status])),
    anythingWaiting: async () =>
      db
        .select({ id: changeRequests.id })
        .from(changeRequests)
        .where(inArray(changeRequests.status, ['pending', 'approved']))
        .limit(1)
        .get() !== undefined,
    watched: async (now) => rows.watched(now).flatMap((row) => readable(row) ?? []),
    waiting: async (of) => waitingOf(of),
  }

  /** All changes that look open by any sign, in runs between which others have their turn. */
  async function* openRows(): AsyncGenerator<readonly Row[]> {
    const ids = rows.openIds()
    for (let from = 0; from < ids.length; from += rowsAtOnce) {
      if (from > 0) await breathe()
      yield rows.those(ids.slice(from, from + rowsAtOnce))
    }
  }

  /**
   * Judged by the change itself, since the column beside it can be set to any time. An unreadable one is due as stored.
   */
  function isDue(row: Row, now: string, isDueNow?: (change: Change) => boolean): boolean {
    const change = readable(row)
    if (change !== null && isDueNow) return isDueNow(change)
    const { dueAt } = change === null ? row : besideOf(change)
    return dueAt !== null && dueAt <= now
  }
}
