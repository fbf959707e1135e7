import { and, asc, eq, isNotNull, isNull, ne, or } from 'drizzle-orm'
import { approvalsVoidedBy, wasVoidedBy } from '../../domain/change/approvers-to-tell.ts'
import type { Change } from '../../domain/change/change.ts'
import { type ChangeEvent, changeEvent } from '../../domain/change/event.ts'
import type { TellingStore, VoidApproval } from '../../ports/telling.ts'
import type { SteadyClock } from '../../steady-clock.ts'
import { asWritten } from '../kept.ts'
import { readEvents } from './audit.ts'
import type { Database } from './database.ts'
import { isFree } from './held.ts'
import { changeRequests, voidApprovals } from './schema.ts'

/** Remembers who still has to be told what, and which of several processes tells them. */
export function rememberedTelling(db: Database, clock: SteadyClock): TellingStore {
  return {
    requesterIsBeingTold: async (id, { until, news }) => {
      const { told, telling } = changeRequests
      const free = and(eq(changeRequests.id, id), or(isNull(told), ne(told, news)), isFree(telling, clock))
      const { changes } = db
        .update(changeRequests)
        .set({ telling: Date.parse(until) })
        .where(free)
        .run()
      return changes > 0
    },
    requesterWasTold: async (id, news) => {
      const over = news === null ? { telling: 0 } : { told: news, telling: 0 }
      db.update(changeRequests).set(over).where(eq(changeRequests.id, id)).run()
    },

    untoldVoidApprovals: async (id) =>
      db
        .select({ person: voidApprovals.person, approvedAt: voidApprovals.approvedAt, why: voidApprovals.why })
        .from(voidApprovals)
        .where(and(eq(voidApprovals.changeId, id), isNotNull(voidApprovals.telling)))
        .orderBy(asc(voidApprovals.approvedAt), asc(voidApprovals.person))
        .all(),
    approverIsBeingTold: async (id, { until, of }) => {
      const { changes } = db
        .update(voidApprovals)
        .set({ telling: Date.parse(until) })
        .where(and(thatOne(id, of), isFree(voidApprovals.telling, clock)))
        .run()
      return changes > 0
    },
    approverWasTold: async (id, of) => {
      db.update(voidApprovals).set({ telling: null }).where(thatOne(id, of)).run()
    },
    approverWasNotTold: async (id, of) => {
      db.update(voidApprovals).set({ telling: 0 }).where(thatOne(id, of)).run()
    },
  }
}

/**
 * For the transaction that writes `event`. An approval that was void before is not reported again. A row for a new one
 * was put there by somebody else, to keep the approver from being told.
 */
export function noteVoidApprovals(db: Database, change: Change, event: ChangeEvent): void {
  for (const { person, approvedAt, why } of approvalsVoidedBy(change, event)) {
    const row = { changeId: change.id, person, approvedAt, why, telling: 0 }
    const find = () => db.select().from(voidApprovals).where(thatOne(change.id, row)).get()
    if (find() && wasVoidBefore(db, change.id, row)) continue
    db.insert(voidApprovals).values(row).onConflictDoUpdate({ target: keyOfRow, set: row }).run()
    const kept = find()
    asWritten(kept && [kept.why, kept.telling], [why, 0])
  }
}

const keyOfRow = [voidApprovals.changeId, voidApprovals.person, voidApprovals.approvedAt]

/** By the log without its last entry, which is the event being written. */
function wasVoidBefore(db: Database, id: number, approval: VoidApproval): boolean {
  const events = readEvents(db, id).flatMap(({ event }) => changeEvent.safeParse(event).data ?? [])
  return wasVoidedBy(events.slice(0, -1), approval)
}

function thatOne(id: number, { person, approvedAt }: VoidApproval) {
  const { changeId, person: who, approvedAt: when } = voidApprovals
  return and(eq(changeId, id), eq(who, person), eq(when, approvedAt))
}
