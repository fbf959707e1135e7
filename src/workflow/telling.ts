import { isOrphaned } from '../domain/askers.ts'
import { type Change, isOnItsWay } from '../domain/change.ts'
import { newsOf } from '../domain/news.ts'
import { isDefiniteNo } from '../domain/outside-trouble.ts'
import { hasApprovedSince } from '../domain/void-approvals.ts'
import type { AuditEvent, Chat, Edited, Leaving, Store, StoredChange, VoidApproval } from '../ports.ts'
import { createClaim } from './claim.ts'

type Deps = { store: Store; chat: Chat; now: () => Date }

/** Outlasts a message to Slack, from when it leaves. Until then no other process tells the same person the same. */
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
    if (stored.told === news) return
    const isNews = async () => newsOf((await store.get(id)).change) === news
    const claim = createClaim<unknown>({
      take: async () => (await isNews()) && store.requesterIsBeingTold(id, { until: until(), news }),
      giveBack: () => store.requesterWasTold(id, null),
    })
    await tell(stored, claim.leaving)
    if (claim.isOurs()) await store.requesterWasTold(id, news)
  }

  async function tell(stored: StoredChange, leaving: Leaving<unknown>): Promise<void> {
    const { change } = stored
    const edited = toldOfEdit(change) ? editedOf(change, await store.events(change.id)) : null
    if (edited === null) return chat.tellRequester(stored, leaving)
    const [first, ...others] = change.edited?.tells ?? []
    const tellOthers = async () => {
      for (const person of others) await chat.tellEdited(person, edited, stored, (post) => post())
    }
    if (first === undefined) await leaving(tellOthers)
    else await chat.tellEdited(first, edited, stored, (post) => leaving(() => post().then(tellOthers)))
  }

  /** Those whose approval no longer counts. One who can't be told holds up no other, even with a no for good. */
  async function tellApprovers(id: number): Promise<void> {
    const untold = await store.untoldVoidApprovals(id)
    const tries = await Promise.allSettled(untold.map((approval) => tellApprover(id, approval)))
    const reasons = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
    if (reasons.length > 0) throw reasons.find((reason) => !isDefiniteNo(reason)) ?? reasons[0]
  }

  async function tellApprover(id: number, approval: VoidApproval): Promise<void> {
    const claim = createClaim<unknown>({
      take: () => store.approverIsBeingTold(id, { until: until(), of: approval }),
      giveBack: () => store.approverWasNotTold(id, approval),
    })
    const stored = await store.get(id)
    await chat.tellApprovalVoid(approval, stored, (post) =>
      claim.leaving(async () => {
        if (!hasApprovedSince((await store.get(id)).change, approval)) await post()
      }),
    )
    if (claim.isOurs()) await store.approverWasTold(id, approval)
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
