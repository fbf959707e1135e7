import type pg from 'pg'
import { type CountedRefusal, countedRefusal, isTold, keyOfRefusal } from '../../domain/audit/counted-refusals.ts'
import { canonicalJson } from '../../domain/canonical.ts'
import type { LogWrites } from '../../ports/log.ts'
import { countedMs } from '../counted-ms.ts'
import { asWritten } from '../kept.ts'
import type { repeatedRefusals } from './schema.ts'
import { type On, statement, writing } from './statements.ts'
import type { Transactions, Tx } from './transaction.ts'

const refusal = countedRefusal.pick({ attempted: true, code: true, why: true })
type Row = typeof repeatedRefusals.$inferSelect

type Tools = {
  readonly pool: pg.Pool
  readonly atomically: Transactions['atomically']
  readonly now: () => Date
}

const of = statement<Row>('refusals-of', 'select what, since, times, until from repeated_refusals where what = $1')
/** A count that a clock set back has put into the future is over too. */
const over = statement<Row>(
  'refusals-over',
  'select what, since, times, until from repeated_refusals where since <= $1 or since > $2 order by what',
)
const countOne = statement<Row>(
  'refusal-again',
  'update repeated_refusals set times = times + 1, until = $2 where what = $1 returning what, since, times, until',
)
const begin = statement<Pick<Row, 'since' | 'until' | 'times'>>(
  'refusal-first',
  'insert into repeated_refusals (what, since, until) values ($1, $2, $2) returning since, until, times',
)
const forget = writing('refusal-over', 'delete from repeated_refusals where what = $1')
const refused = statement<{ body: string }>(
  'refused',
  `select body from audit_events
   where type = 'refused' and actor = $1 and at = $2 and change_id is not distinct from $3::bigint`,
)

/**
 * Keeps somebody who tries the same thing again and again from filling the log. The count is on disk with each attempt,
 * and leaves its table in the transaction that logs it, so that in the end the log says how many there were.
 */
export function countedRefusals({ pool, atomically, now }: Tools): Pick<LogWrites, 'noteRefusal' | 'sumUpRefusals'> {
  const at = () => now().toISOString()
  /** Counts whose first refusal this process wrote, or found in the log: what they count, and since when. */
  const founded = new Map<string, string>()

  return {
    noteRefusal: ({ attempted, code, why }, actor, changeId) =>
      atomically(async (tx) => {
        const key = keyOfRefusal({ actor, changeId, attempted, code, why })
        for (const row of await of(tx.on, key)) if (isOver(row) || !(await isFounded(tx.on, row))) await sumUp(tx, row)
        const [counted] = await countOne(tx.on, key, at())
        // So that a count that somebody lowers or deletes in the database is missed: see `createCountCheck`.
        if (counted) return isTold(counted.times) ? note(tx, counted, { goesOn: true }) : undefined
        const first = at()
        await tx.append({ event: { type: 'refused', attempted, code, why }, actor, changeId, at: first })
        const [kept] = await begin(tx.on, key, first)
        asWritten(kept && [kept.since, kept.until, kept.times], [first, first, 0])
        founded.set(key, first)
      }),

    sumUpRefusals: async () => {
      if ((await over(pool, lastOver(), at())).length === 0) return
      await atomically(async (tx) => {
        for (const row of await over(tx.on, lastOver(), at())) await sumUp(tx, row)
      })
    },
  }

  async function note(tx: Tx, { what, times, since, until }: Row, more: { goesOn?: true } = {}): Promise<void> {
    const counted = readWhat(what)
    if (!counted || times === 0 || !(await isBorneOut(tx.on, counted, since))) return
    const { actor, changeId, ...refused } = counted
    const again = { times, since, until, ...more }
    await tx.append({ event: { type: 'refused', ...refused, again }, actor, changeId, at: at() })
  }

  function isOver({ since }: Row): boolean {
    return since <= lastOver() || since > at()
  }

  function lastOver(): string {
    return new Date(now().getTime() - countedMs).toISOString()
  }

  /** A count that was in the database before its first refusal would keep all of them out of the log. */
  async function isFounded(on: On, { what, since }: Row): Promise<boolean> {
    if (founded.get(what) === since) return true
    const counted = readWhat(what)
    if (counted === null || !(await isBorneOut(on, counted, since))) return false
    founded.set(what, since)
    return true
  }

  async function sumUp(tx: Tx, row: Row): Promise<void> {
    await note(tx, row)
    founded.delete(row.what)
    await forget(tx.on, row.what)
  }
}

/** True if the log has the first refusal: a count without it was made up by somebody who can write the database. */
async function isBorneOut(on: On, { actor, changeId, ...of }: CountedRefusal, since: string): Promise<boolean> {
  const first = canonicalJson(refusal.parse(of))
  const entries = await refused(on, actor, since, changeId)
  return entries.some(({ body }) => canonicalJson(refusal.parse(JSON.parse(body))) === first)
}

function readWhat(text: string): CountedRefusal | null {
  try {
    return countedRefusal.parse(JSON.parse(text))
  } catch {
    return null
  }
}
