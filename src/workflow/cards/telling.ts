import { hasApprovedSince, wasVoidedBy } from '../../domain/change/approvers-to-tell.ts'
import { isOrphaned } from '../../domain/change/askers.ts'
import { type Change, isOnItsWay } from '../../domain/change/change.ts'
import { changeEvent } from '../../domain/change/event.ts'
import { isShortOfPeople } from '../../domain/change/named.ts'
import { newsOf, withTooFew } from '../../domain/change/news.ts'
import { isDefiniteNo } from '../../domain/outside-trouble.ts'
import type { ChangeReads, StoredChange } from '../../ports/changes.ts'
import type { Chat, Leaving } from '../../ports/chat.ts'
import type { AuditEvent, LogReads } from '../../ports/log.ts'
import type { Edited, TellingStore, VoidApproval } from '../../ports/telling.ts'
import { createClaim } from './claim.ts'
import { type Posts, PutOff } from './posts.ts'

type Deps = {
  store: ChangeReads & TellingStore & LogReads
  chat: Chat
  posts: Posts
  /** A change as people see it, by who is left. */
  shown: (stored: StoredChange) => Promise<StoredChange>
  now: () => Date
}

/** Longer than a message to Slack takes. Until then no other process tells the same person the same thing. */
const tellingMs = 15_000

/**
 * Private messages to people, each derived from what is stored, sent once and tried again until Slack takes it. The
 * sender is noted first, so that only one of two processes sends it. Nobody can check that a message arrived: it is
 * sent again if a process dies between Slack's answer and the note, or if an answer is lost.
 */
export function createTelling({ store, chat, posts, shown, now }: Deps) {
  return { tellRequester, tellApprovers }

  async function tellRequester(id: number): Promise<void> {
    const stored = await store.get(id)
    const where = newsOf(stored.change)
    const news = await newsNow(stored, where)
    if (stored.told === news) return
    const isNews = async () => newsOf((await store.get(id)).change) === where
    const claim = createClaim<unknown>({
      take: async () => (await isNews()) && store.requesterIsBeingTold(id, { until: until(), news }),
      giveBack: () => store.requesterWasTold(id, null),
    })
    await tell(stored, news, claim.leaving)
    if (!claim.isOurs()) return
    await store.requesterWasTold(id, news)
    posts.end(id, 'requester')
  }

  /** That too few people are left is told once, though there may be enough again meanwhile. */
  async function newsNow(stored: StoredChange, where: string): Promise<string> {
    const short = withTooFew(where)
    const isShort =
      stored.told === short || (isOnItsWay(stored.change) && isShortOfPeople((await shown(stored)).change))
    return isShort ? short : where
  }

  async function tell(stored: StoredChange, news: string, leaving: Leaving<unknown>): Promise<void> {
    const { change } = stored
    const once = (person: string, post: () => Promise<unknown>) =>
      posts.once(change.id, `requester ${news} ${person}`, post)
    const isKnown = stored.told === newsOf(change)
    const edited = !isKnown && toldOfEdit(change) ? editedOf(change, await store.events(change.id)) : null
    if (edited === null) return chat.tellRequester(stored, (post) => leaving(() => once(change.requester, post)))
    const [first, ...others] = change.edited?.tells ?? []
    const tellOthers = async () => {
      for (const person of others) await chat.tellEdited(person, edited, stored, (post) => once(person, post))
    }
    if (first === undefined) await leaving(tellOthers)
    else await chat.tellEdited(first, edited, stored, (post) => leaving(() => once(first, post).then(tellOthers)))
  }

  /**
   * Tells those whose approval no longer counts by the log: anybody who can write the file can add one. Failing to tell
   * one, even for good, does not hold up the others.
   */
  async function tellApprovers(id: number): Promise<void> {
    const untold = await store.untoldVoidApprovals(id)
    if (untold.length === 0) return
    const events = (await store.events(id)).flatMap(({ event }) => changeEvent.safeParse(event).data ?? [])
    const tell = (approval: VoidApproval) =>
      wasVoidedBy(events, approval) ? tellApprover(id, approval) : store.approverWasTold(id, approval)
    const tries = await Promise.allSettled(untold.map(tell))
    const reasons = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
    if (reasons.length > 0) throw worstOf(reasons)
  }

  async function tellApprover(id: number, approval: VoidApproval): Promise<void> {
    const claim = createClaim<unknown>({
      take: () => store.approverIsBeingTold(id, { until: until(), of: approval }),
      giveBack: () => store.approverWasNotTold(id, approval),
    })
    const stored = await store.get(id)
    const what = `approver ${approval.person} ${approval.approvedAt}`
    await chat.tellApprovalVoid(approval, stored, (post) =>
      claim.leaving(async () => {
        if (!hasApprovedSince((await store.get(id)).change, approval)) await posts.once(id, what, post)
      }),
    )
    if (!claim.isOurs()) return
    await store.approverWasTold(id, approval)
    posts.end(id, what)
  }

  function until(): string {
    return new Date(now().getTime() + tellingMs).toISOString()
  }
}

/** Failures that may end by themselves come before a definite no, so that there is a new try soon. */
function worstOf(reasons: readonly unknown[]): unknown {
  const notPutOff = reasons.filter((reason) => !(reason instanceof PutOff))
  return notPutOff.find((reason) => !isDefiniteNo(reason)) ?? notPutOff[0] ?? reasons[0]
}

function toldOfEdit(change: Change): boolean {
  return isOnItsWay(change) && !isOrphaned(change) && change.edited !== undefined
}

/** From the log, which has every revision; null if it lacks this one. */
function editedOf({ edited }: Change, events: readonly AuditEvent[]): Edited | null {
  const asked = events.flatMap(({ event }) => ('after' in event && 'reason' in event ? [event] : []))
  const [was, is] = edited ? asked.slice(edited.revision - 2) : []
  if (!was || (is?.type !== 'amended' && is?.type !== 'taken_over')) return null
  return { type: is.type, by: is.by, from: is.type === 'taken_over' ? is.from : [], was, is }
}
