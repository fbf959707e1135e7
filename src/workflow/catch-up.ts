import { asideBecause, hasEnded } from '../domain/change.ts'
import { expire, remind } from '../domain/decide.ts'
import type { Policy } from '../domain/policy.ts'
import type { CardRef, Chat, Store, StoredChange } from '../ports.ts'
import type { Applier } from './apply.ts'
import { createAskers } from './askers.ts'
import type { Electorates } from './electorates.ts'
import { createTelling } from './telling.ts'

type Deps = {
  store: Store
  chat: Chat
  applier: Applier
  /** Keeps a checkpoint of a change that has ended outside the database. */
  anchor: (id: number) => Promise<void>
  electorates: Pick<Electorates, 'toRemind' | 'forChange'>
  policyFor: (stack: string) => Policy
  now: () => Date
  /** Told once for every failure; the step it names is tried again later. */
  onFailure: (step: string, id: number, error: unknown) => void
}

export type CatchUp = ReturnType<typeof createCatchUp>

const changesAtOnce = 4
const longestWaitMs = 60_000
/** Outlasts a post to Slack. Until then no other process posts the same card. */
const postingMs = 15_000

/** An ack that was just sent is on its way before anything else takes the processor. */
export const restMs = 1

/**
 * Does whatever the stored state of a change still calls for: apply it, judge an apply, draw its card, tell people, anchor
 * its end. Runs after every decision, at start, and every few seconds, so that a crash or an outage only delays.
 */
export function createCatchUp({ store, chat, applier, anchor, electorates, policyFor, now, onFailure }: Deps) {
  const { tellRequester, tellApprovers } = createTelling({ store, chat, now })
  const { hold } = createAskers({ store, electorates, now })
  const running = new Map<number, Promise<void>>()
  const again = new Set<number>()
  const failures = new Map<number, { count: number; retryAt: number }>()
  const seenCards = new Map<number, CardRef>()

  return { soon, all, idle }

  /**
   * Starts catching up with one change, without waiting for it. Several calls in a row end in its newest state.
   * `seen` is a card that somebody just pressed: one whose post was never answered may stand beside the known one, and
   * can be drawn as it should be now that it is known where.
   */
  function soon(id: number, seen?: CardRef): void {
    if (seen) seenCards.set(id, seen)
    if (running.has(id)) {
      again.add(id)
      return
    }
    const run = new Promise((resolve) => setTimeout(resolve, restMs))
      .then(() => catchUp(id))
      .finally(() => {
        running.delete(id)
        if (again.delete(id)) soon(id)
      })
    running.set(id, run)
  }

  /** Catches up with every change that calls for something. One that can't be caught up holds up no other. */
  async function all(): Promise<void> {
    const due = (await store.unfinished(now().toISOString())).filter(mayRetry)
    const lanes = Array.from({ length: changesAtOnce }, async () => {
      for (let id = due.shift(); id !== undefined; id = due.shift()) {
        soon(id)
        await running.get(id)
      }
    })
    await Promise.all(lanes)
  }

  /** Resolves once nothing is under way. */
  async function idle(): Promise<void> {
    while (running.size > 0) await Promise.all(running.values())
  }

  async function catchUp(id: number): Promise<void> {
    const done = [
      await attempt('waiting', id, () => wait(id)),
      await attempt('apply', id, () => apply(id)),
      await attempt('card', id, () => showCard(id)),
      await attempt('stray card', id, () => redrawStray(id)),
      await attempt('message', id, () => tellRequester(id)),
      await attempt('word to approvers', id, () => tellApprovers(id)),
      await attempt('anchor', id, () => anchor(id)),
    ]
    if (done.every(Boolean)) failures.delete(id)
    else waitLonger(id)
  }

  async function attempt(step: string, id: number, work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      onFailure(step, id, error)
      return false
    }
  }

  /** What time alone brings: an end for what nobody decided on, or a reminder. Silence never approves. */
  async function wait(id: number): Promise<void> {
    const at = now().toISOString()
    const { change } = await store.get(id)
    if (expire(change, at)) await store.record(id, 'app', (stored) => expire(stored, at))
    else if (change.status === 'pending' && change.remindAt <= at && asideBecause(change) === null)
      await sendReminder(id, at)
  }

  /** Only by the process that noted it down, so that two of them don't both remind. Whom to call is looked up before. */
  async function sendReminder(id: number, at: string): Promise<void> {
    const { change } = await store.get(id)
    const asked = await electorates.toRemind(await hold(change, await electorates.forChange(change)))
    let due = false
    await store.record(id, 'app', (stored) => {
      const event = remind(stored, policyFor(stored.stack).remindsAfter, at)
      due = event !== null
      return event
    })
    if (due) await chat.remind(await store.get(id), asked)
  }

  async function apply(id: number): Promise<void> {
    const { change } = await store.get(id)
    if (asideBecause(change) === null) await applier.catchUp(change)
  }

  async function showCard(id: number): Promise<void> {
    const stored = await store.get(id)
    // The channel of a new card is its stack's to say.
    const mayPost = (stored.change.setAside ?? null) === null
    if (!stored.card) return mayPost ? postCard(stored, null) : undefined
    if (stored.card.seq === stored.seq) return
    const updated = await chat.updateCard(stored.card, stored)
    if (!updated && mayPost) return postCard({ ...stored, card: null, cardInDoubt: false }, stored.card)
    await store.cardWasDrawn(id, stored.card, stored.seq)
  }

  /** One process at a time posts a card. */
  async function postCard(stored: StoredChange, instead: CardRef | null): Promise<void> {
    const { id } = stored.change
    const until = new Date(now().getTime() + postingMs).toISOString()
    if (!(await store.cardIsBeingPosted(id, { until, instead }))) return
    try {
      await store.cardStands(id, await foundOrPosted(stored))
    } catch (error) {
      await store.cardIsInDoubt(id)
      throw error
    }
    await showCard(id)
  }

  /** A post whose answer was lost is looked for first, so that a change has one card where Slack lets the app look. */
  async function foundOrPosted(stored: StoredChange): Promise<CardRef & { seq: number }> {
    const found = stored.cardInDoubt ? await chat.findCard(stored) : null
    return found ? { ...found, seq: 0 } : { ...(await chat.postCard(stored)), seq: stored.seq }
  }

  /** Until the change has ended: it may move on in the very run that draws it. */
  async function redrawStray(id: number): Promise<void> {
    const seen = seenCards.get(id)
    if (!seen) return
    const stored = await store.get(id)
    if (!stored.card) return
    const isStray = seen.ts !== stored.card.ts
    if (isStray) await chat.updateCard(seen, stored)
    if (seenCards.get(id) === seen && (!isStray || hasEnded(stored.change))) seenCards.delete(id)
  }

  function mayRetry(id: number): boolean {
    const ahead = (failures.get(id)?.retryAt ?? 0) - now().getTime()
    // Further ahead than anything is put off, the clock was set back meanwhile.
    return ahead <= 0 || ahead > longestWaitMs
  }

  function waitLonger(id: number): void {
    const count = (failures.get(id)?.count ?? 0) + 1
    failures.set(id, { count, retryAt: now().getTime() + Math.min(1000 * 2 ** count, longestWaitMs) })
  }
}
