import { and, eq, gt, isNull, lte, or, sql } from 'drizzle-orm'
import { type CountedRefusal, countedRefusal, isTold, keyOfRefusal } from '../../domain/audit/counted-refusals.ts'
import { canonicalJson } from '../../domain/canonical.ts'
import type { LogWrites } from '../../ports/log.ts'
import { countedMs } from '../counted-ms.ts'
import { asWritten, oneRow } from '../kept.ts'
import type { Entry } from './audit.ts'
import type { Database } from './database.ts'
import { auditEvents, repeatedRefusals } from './schema.ts'

const refusal = countedRefusal.pick({ attempted: true, code: true, why: true })
type Row = typeof repeatedRefusals.$inferSelect

type Tools = {
  readonly db: Database
  readonly atomically: <T>(work: () => T) => T
  readonly append: (entry: Entry) => unknown
  readonly now: () => Date
}

/**
 * Keeps somebody who tries the same thing again and again from filling the log. The count is on disk with each attempt,
 * and leaves its table in the transaction that logs it, so that in the end the log says how many there were.
 */
export function countedRefusals({
  db,
  atomically,
  append,
  now,
}: Tools): Pick<LogWrites, 'noteRefusal' | 'sumUpRefusals'> {
  const { since, times } = repeatedRefusals
  const at = () => now().toISOString()
  /** Counts whose first refusal this process wrote, or found in the log: what they count, and since when. */
  const founded = new Map<string, string>()

  return {
    noteRefusal: async ({ attempted, code, why }, actor, changeId) =>
      atomically(() => {
        const key = keyOfRefusal({ actor, changeId, attempted, code, why })
        const known = eq(repeatedRefusals.what, key)
        for (const row of db.select().from(repeatedRefusals).where(known).all())
          if (isOver(row) || !isFounded(row)) sumUp(row)
        const counted = db
          .update(repeatedRefusals)
          .set({ times: sql`${times} + 1`, until: at() })
          .where(known)
          .run()
        if (counted.changes > 0) return tellHowFar(key)
        const first = at()
        append({ event: { type: 'refused', attempted, code, why }, actor, changeId, at: first })
        oneRow(db.insert(repeatedRefusals).values({ what: key, since: first, until: first }).run())
        const kept = db.select().from(repeatedRefusals).where(known).get()
        asWritten(kept && [kept.since, kept.until, kept.times], [first, first, 0])
        founded.set(key, first)
      }),

    sumUpRefusals: async () => {
      if (db.select().from(repeatedRefusals).where(areOver()).limit(1).all().length === 0) return
      atomically(() => {
        for (const row of db.select().from(repeatedRefusals).where(areOver()).all()) sumUp(row)
      })
    },
  }

  /** So that a count that somebody lowers or deletes in the file is missed: see `createCountCheck`. */
  function tellHowFar(key: string): void {
    const row = db.select().from(repeatedRefusals).where(eq(repeatedRefusals.what, key)).get()
    if (row && isTold(row.times)) note(row, { goesOn: true })
  }

  function note({ what, times, since, until }: Row, more: { goesOn?: true } = {}): void {
    const counted = readWhat(what)
    if (!counted || times === 0 || !isBorneOut(counted, since)) return
    const { actor, changeId, ...refused } = counted
    const again = { times, since, until, ...more }
    append({ event: { type: 'refused', ...refused, again }, actor, changeId, at: at() })
  }

  /** A count that a clock set back has put into the future is over too. */
  function areOver() {
    return or(lte(since, lastOver()), gt(since, at()))
  }

  function isOver(row: Row): boolean {
    return row.since <= lastOver() || row.since > at()
  }

  function lastOver(): string {
    return new Date(now().getTime() - countedMs).toISOString()
  }

  /** A count that was in the file before its first refusal would keep all of them out of the log. */
  function isFounded({ what, since }: Row): boolean {
    if (founded.get(what) === since) return true
    const counted = readWhat(what)
    if (counted === null || !isBorneOut(counted, since)) return false
    founded.set(what, since)
    return true
  }

  function sumUp(row: Row): void {
    note(row)
    founded.delete(row.what)
    db.delete(repeatedRefusals).where(eq(repeatedRefusals.what, row.what)).run()
  }

  /** True if the log has the first refusal: a count without it was made up by somebody who can write the file. */
  function isBorneOut({ actor, changeId, attempted, code, why }: CountedRefusal, since: string): boolean {
    const { actor: by, at: when, changeId: of, type, body } = auditEvents
    const ofChange = changeId === null ? isNull(of) : eq(of, changeId)
    const first = { attempted, code, why }
    return db
      .select({ body })
      .from(auditEvents)
      .where(and(eq(type, 'refused'), eq(by, actor), eq(when, since), ofChange))
      .all()
      .some((entry) => canonicalJson(refusal.parse(JSON.parse(entry.body))) === canonicalJson(first))
  }
}

function readWhat(text: string): CountedRefusal | null {
  try {
    return countedRefusal.parse(JSON.parse(text))
  } catch {
    return null
  }
}
