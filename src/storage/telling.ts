import { and, asc, eq, isNotNull, isNull, ne, or } from 'drizzle-orm'
import type { Change, ChangeEvent } from '../domain/change.ts'
import { approvalsVoidedBy } from '../domain/void-approvals.ts'
import type { Store, VoidApproval } from '../ports.ts'
import type { SteadyClock } from '../steady-clock.ts'
import type { Database } from './database.ts'
import { isFree } from './held.ts'
import { notKept } from './kept.ts'
import { changeRequests, voidApprovals } from './schema.ts'

type Telling = Pick<
  Store,
  | 'requesterIsBeingTold'
  | 'requesterWasTold'
  | 'untoldVoidApprovals'
  | 'approverIsBeingTold'
  | 'approverWasTold'
  | 'approverWasNotTold'
>

/** Who has still to be told what, and who of several processes tells them. */
export function rememberedTelling(db: Database, clock: SteadyClock): Telling {
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

/** For the transaction that writes `event`: an approval that was found void before is not told of again. */
export function noteVoidApprovals(db: Database, change: Change, event: ChangeEvent): void {
  const voided = approvalsVoidedBy(change, event).map((approval) => ({ ...approval, changeId: change.id }))
  if (voided.length === 0) return
  db.insert(voidApprovals).values(voided).onConflictDoNothing().run()
  const found = db.select().from(voidApprovals).where(eq(voidApprovals.changeId, change.id)).all()
  const isKept = (one: VoidApproval) =>
    found.some(({ person, approvedAt }) => person === one.person && approvedAt === one.approvedAt)
  if (!voided.every(isKept)) throw notKept()
}

function thatOne(id: number, { person, approvedAt }: VoidApproval) {
  const { changeId, person: who, approvedAt: when } = voidApprovals
  return and(eq(changeId, id), eq(who, person), eq(when, approvedAt))
}
