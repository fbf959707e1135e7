import { isOrphaned } from '../domain/askers.ts'
import { type Change, isOnItsWay } from '../domain/change.ts'
import { newsOf } from '../domain/news.ts'
import { isDefiniteNo } from '../domain/outside-trouble.ts'
import { hasApprovedSince } from '../domain/void-approvals.ts'
import type { AuditEvent, Chat, Edited, Store, StoredChange, VoidApproval } from '../ports.ts'

type Deps = { store: Store; chat: Chat; now: () => Date }

/** Outlasts a message to Slack. Until then no other process tells the same person the same. */
const tellingMs = 15_000

/**
 * Private words to people, each derived from what is stored, told once and tried again until Slack takes it. It is noted
 * down first who tells, so that of two processes one does; a process that dies between Slack's answer and the note leaves a
 * word that is told again, since nobody can look whether it arrived.
 */
export function createTelling({ store, chat, now }: Deps) {
  return { tellRequester, tellApprovers }

  async function tellRequester(id: number): Promise<void> {
    const stored = await store.get(id)
    const news = newsOf(stored.change)
    if (stored.told === news || !(await store.requesterIsBeingTold(id, { until: until(), news }))) return
    let told: string | null = null
    try {
      await tell(stored)
      told = news
    } finally {
      await store.requesterWasTold(id, told)
    }
  }

  async function tell(stored: StoredChange): Promise<void> {
    const { change } = stored
    const edited = toldOfEdit(change) ? editedOf(change, await store.events(change.id)) : null
    if (edited === null) return chat.tellRequester(stored)
    for (const person of change.edited?.tells ?? []) await chat.tellEdited(person, edited, stored)
  }

  /** Those whose approval no longer counts. One who can't be told holds up no other, even with a no for good. */
  async function tellApprovers(id: number): Promise<void> {
    const untold = await store.untoldVoidApprovals(id)
    const tries = await Promise.allSettled(untold.map((approval) => tellApprover(id, approval)))
    const reasons = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
    if (reasons.length > 0) throw reasons.find((reason) => !isDefiniteNo(reason)) ?? reasons[0]
  }

  async function tellApprover(id: number, approval: VoidApproval): Promise<void> {
    if (!(await store.approverIsBeingTold(id, { until: until(), of: approval }))) return
    try {
      const stored = await store.get(id)
      if (!hasApprovedSince(stored.change, approval)) await chat.tellApprovalVoid(approval, stored)
    } catch (error) {
      await store.approverWasNotTold(id, approval)
      throw error
    }
    await store.approverWasTold(id, approval)
  }

  function until(): string {
    return new Date(now().getTime() + tellingMs).toISOString()
  }
}

function toldOfEdit(change: Change): boolean {
  return isOnItsWay(change) && !isOrphaned(change) && change.edited !== undefined
}

/** From the log, which has every revision; null when it does not have this one. */
function editedOf({ edited }: Change, events: readonly AuditEvent[]): Edited | null {
  const asked = events.flatMap(({ event }) => ('after' in event && 'reason' in event ? [event] : []))
  const [was, is] = edited ? asked.slice(edited.revision - 2) : []
  if (!was || (is?.type !== 'amended' && is?.type !== 'taken_over')) return null
  return { type: is.type, by: is.by, from: is.type === 'taken_over' ? is.from : [], was, is }
}
