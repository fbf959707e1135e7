import { and, eq, gt, lte, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import { canonicalJson } from '../domain/canonical.ts'
import type { Store } from '../ports.ts'
import type { Entry } from './audit.ts'
import type { Database } from './database.ts'
import { repeatedRefusals } from './schema.ts'

/** Within this time, the same refusal of the same person is one entry more, however often they meet it. */
export const countedMs = 10 * 60_000

const what = z.object({
  actor: z.string(),
  changeId: z.number().int().nullable(),
  attempted: z.string(),
  code: z.string(),
  why: z.string(),
})
type Row = typeof repeatedRefusals.$inferSelect

type Tools = {
  readonly db: Database
  readonly atomically: <T>(work: () => T) => T
  readonly append: (entry: Entry) => unknown
  readonly now: () => Date
}

/**
 * Keeps whoever tries the same again and again from filling the log. The count is on disk with each attempt, and leaves
 * its table in the transaction that writes it into the log, so that the log says in the end how many there were.
 */
export function countedRefusals({ db, atomically, append, now }: Tools): Pick<Store, 'noteRefusal' | 'sumUpRefusals'> {
  const { since, times } = repeatedRefusals
  const at = () => now().toISOString()

  return {
    noteRefusal: async ({ attempted, code, why }, actor, changeId) =>
      atomically(() => {
        const key = canonicalJson({ actor, changeId, attempted, code, why })
        const known = eq(repeatedRefusals.what, key)
        for (const row of db.select().from(repeatedRefusals).where(and(known, isOver())).all()) sumUp(row)
        const counted = db
          .update(repeatedRefusals)
          .set({ times: sql`${times} + 1`, until: at() })
          .where(known)
          .run()
        if (counted.changes > 0) return
        append({ event: { type: 'refused', attempted, code, why }, actor, changeId, at: at() })
        db.insert(repeatedRefusals).values({ what: key, since: at(), until: at() }).run()
      }),

    sumUpRefusals: async () => {
      if (db.select().from(repeatedRefusals).where(isOver()).limit(1).all().length === 0) return
      atomically(() => {
        for (const row of db.select().from(repeatedRefusals).where(isOver()).all()) sumUp(row)
      })
    },
  }

  /** So is what a clock that was set back has put into the future. */
  function isOver() {
    return or(lte(since, new Date(now().getTime() - countedMs).toISOString()), gt(since, at()))
  }

  function sumUp(row: Row): void {
    const { actor, changeId, ...refused } = what.parse(JSON.parse(row.what))
    const { times, since, until } = row
    const event = { type: 'refused', ...refused, again: { times, since, until } } as const
    if (times > 0) append({ event, actor, changeId, at: at() })
    db.delete(repeatedRefusals).where(eq(repeatedRefusals.what, row.what)).run()
  }
}
