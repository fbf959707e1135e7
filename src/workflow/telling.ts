import { isOrphaned } from '../domain/change/askers.ts'
import { type Change, isOnItsWay } from '../domain/change/change.ts'
import { isShortOfPeople } from '../domain/change/named.ts'
import { newsOf, withTooFew } from '../domain/change/news.ts'
import { hasApprovedSince } from '../domain/change/void-approvals.ts'
import { isDefiniteNo } from '../domain/outside-trouble.ts'
import type { ChangeReads, StoredChange } from '../ports/changes.ts'
import type { Chat, Leaving } from '../ports/chat.ts'
import type { AuditEvent, LogReads } from '../ports/log.ts'
import type { Edited, TellingStore, VoidApproval } from '../ports/telling.ts'
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

/** Outlasts a message to Slack, from when it leaves. Until then no other process tells the same person the same. */
const tellingMs = 15_000

/**
 * Private words to people, each derived from what is stored, told once and tried again until Slack takes it. It is noted
 * down first who tells, so that of two processes one does. Nobody can look whether a word arrived: a process that dies between
 * Slack's answer and the note leaves one that is told again, and so does an answer that is lost.
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

  /** That too few are left is told once, though enough may be there again meanwhile. */
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

  /** Those whose approval no longer counts. One who can't be told holds up no other, even with a no for good. */
  async function tellApprovers(id: number): Promise<void> {
    const untold = await store.untoldVoidApprovals(id)
    const tries = await Promise.allSettled(untold.map((approval) => tellApprover(id, approval)))
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

/** What may end by itself comes before a definite no, so that it is tried again soon. */
function worstOf(reasons: readonly unknown[]): unknown {
  const notPutOff = reasons.filter((reason) => !(reason instanceof PutOff))
  return notPutOff.find((reason) => !isDefiniteNo(reason)) ?? notPutOff[0] ?? reasons[0]
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
