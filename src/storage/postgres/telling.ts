import type pg from 'pg'
import { approvalsVoidedBy, wasVoidedBy } from '../../domain/change/approvers-to-tell.ts'
import type { Change } from '../../domain/change/change.ts'
import { type ChangeEvent, changeEvent } from '../../domain/change/event.ts'
import type { TellingStore, VoidApproval } from '../../ports/telling.ts'
import { asWritten } from '../kept.ts'
import { eventsOf } from './events.ts'
import { type HoldValues, hold } from './held.ts'
import { type On, statement, writing } from './statements.ts'

const telling = hold('telling', 3)
const requesterIsBeingTold = writing(
  'telling',
  `update change_requests set telling = ${telling.until}
   where id = $1 and told is distinct from $2 and ${telling.free}`,
)
const requesterWasTold = writing(
  'told',
  'update change_requests set told = coalesce($2, told), telling = 0 where id = $1',
)

const thatOne = 'change_id = $1 and person = $2 and approved_at = $3'
const tellingApprover = hold('telling', 4)
const approverIsBeingTold = writing(
  'telling-approver',
  `update void_approvals set telling = ${tellingApprover.until} where ${thatOne} and ${tellingApprover.free}`,
)
const setTelling = writing('told-approver', `update void_approvals set telling = $4 where ${thatOne}`)
const untold = statement<VoidApproval>(
  'untold-approvers',
  `select person, approved_at as "approvedAt", why from void_approvals
   where change_id = $1 and telling is not null order by approved_at, person`,
)

/** Remembers who still has to be told what, and which of several processes tells them. */
export function rememberedTelling(pool: pg.Pool, holdValues: HoldValues): TellingStore {
  return {
    requesterIsBeingTold: async (id, { until, news }) => {
      const { changes } = await requesterIsBeingTold(pool, id, news, ...holdValues(until))
      return changes > 0
    },
    requesterWasTold: async (id, news) => {
      await requesterWasTold(pool, id, news)
    },
    untoldVoidApprovals: (id) => untold(pool, id),
    approverIsBeingTold: async (id, { until, of: { person, approvedAt } }) => {
      const { changes } = await approverIsBeingTold(pool, id, person, approvedAt, ...holdValues(until))
      return changes > 0
    },
    approverWasTold: async (id, { person, approvedAt }) => {
      await setTelling(pool, id, person, approvedAt, null)
    },
    approverWasNotTold: async (id, { person, approvedAt }) => {
      await setTelling(pool, id, person, approvedAt, 0)
    },
  }
}

const isThere = statement<object>('void-approval', `select 1 from void_approvals where ${thatOne}`)
const put = statement<{ why: string | null; telling: number | null }>(
  'note-void-approval',
  `insert into void_approvals (change_id, person, approved_at, why, telling) values ($1, $2, $3, $4, 0)
   on conflict (change_id, person, approved_at) do update set why = excluded.why, telling = 0
   returning why, telling`,
)

/**
 * For the transaction that writes `event`. An approval that was void before is not reported again. A row for a new one
 * was put there by somebody else, to keep the approver from being told.
 */
export async function noteVoidApprovals(on: On, change: Change, event: ChangeEvent): Promise<void> {
  for (const { person, approvedAt, why } of approvalsVoidedBy(change, event)) {
    const found = await isThere(on, change.id, person, approvedAt)
    if (found.length > 0 && (await wasVoidBefore(on, change.id, { person, approvedAt, why }))) continue
    const [kept] = await put(on, change.id, person, approvedAt, why)
    asWritten(kept && [kept.why, kept.telling], [why, 0])
  }
}

/** By the log without its last entry, which is the event being written. */
async function wasVoidBefore(on: On, id: number, approval: VoidApproval): Promise<boolean> {
  const events = (await eventsOf(on, id)).flatMap(({ event }) => changeEvent.safeParse(event).data ?? [])
  return wasVoidedBy(events.slice(0, -1), approval)
}
