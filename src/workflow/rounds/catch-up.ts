import { rest } from '../../breathe.ts'
import { asideBecause } from '../../domain/change/change.ts'
import { namesItsRest } from '../../domain/outside-trouble.ts'
import type { Policy } from '../../domain/policy/policy.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { CardRef, CardStore } from '../../ports/cards.ts'
import type { ChangeReads, ChangeWrites, StoredChange } from '../../ports/changes.ts'
import type { Chat } from '../../ports/chat.ts'
import type { LogReads } from '../../ports/log.ts'
import type { TellingStore } from '../../ports/telling.ts'
import type { Applier } from '../apply/apply.ts'
import { createCards, type PressedCard } from '../cards/cards.ts'
import { createMisplacedCards } from '../cards/misplaced-cards.ts'
import { createPosts, PutOff } from '../cards/posts.ts'
import { createTelling } from '../cards/telling.ts'
import type { Electorates } from '../changes/electorates.ts'
import { createNoes } from './noes.ts'
import { createRetries } from './retries.ts'
import { createRuns } from './runs.ts'
import { createShownFirst } from './shown-first.ts'
import { createTime } from './time.ts'
import type { Terms } from './time-left.ts'

type Deps = {
  store: ChangeReads & ChangeWrites & CardStore & TellingStore & LogReads
  chat: Chat
  applier: Applier
  /** Keeps a checkpoint of an ended change outside the database. */
  anchor: (id: number) => Promise<void>
  electorates: Pick<Electorates, 'toRemind' | 'forChange'>
  policyFor: (stack: string) => Policy
  /** The channel for a stack's cards. */
  channelFor: (stack: string) => string
  terms: Terms
  now: () => Date
  /** Called for a failure once for each reason; the step it names is tried again later. */
  onFailure: (step: string, id: number, error: unknown) => void
  /** Called with a card in a channel that its stack has left, and that can't be made to point to the new one. */
  onCardLeft?: (id: number, old: CardRef, error: unknown) => void
  /** A change as people see it, by who is left: as it is stored unless given. */
  shown?: (stored: StoredChange) => Promise<StoredChange>
  /** An apply that takes longer than this is shown while it goes on. */
  slowMs?: number
}

/** Cards and messages that are not up to date: those that failed at the last try, and those left unanswered. */
export type Unposted = { readonly failing: number; readonly inDoubt: number }

export type CatchUp = ReturnType<typeof createCatchUp>

/** By their names in the log. */
const steps = { card: 'card', requester: 'message', approvers: 'message to approvers' } as const
const changesAtOnce = 4

/**
 * Does whatever the stored state of a change still calls for: apply it, judge an apply, draw its card, tell people, anchor
 * its end. Runs after every decision, at start, and every few seconds, so that a crash or an outage only delays.
 */
export function createCatchUp(deps: Deps) {
  const { store, chat, applier, anchor, channelFor, terms, now, onFailure } = deps
  const { onCardLeft: onLeft = () => {}, slowMs = 2_000, shown = async (stored) => stored } = deps
  const posts = createPosts({ chat, now })
  const { tellRequester, tellApprovers } = createTelling({ store, chat, posts, shown, now })
  const misplaced = createMisplacedCards({ store, chat, channelFor, onLeft })
  const cards = createCards({ store, chat, posts, isMisplaced: misplaced.isMisplaced, now })
  const time = createTime({ ...deps, isMisplaced: misplaced.isMisplaced })
  const acting = createRuns(act)
  const showing = createRuns(show)
  const shownFirst = createShownFirst(showing)
  const acted = new Map<number, boolean>()
  const retries = createRetries(now)
  const noes = createNoes(now)

  return {
    soon,
    peopleCanBeAsked,
    act: actAll,
    all,
    idle,
    unposted,
    whyNoCard,
    isFirstCard: cards.isFirst,
    findMisplaced: misplaced.find,
  }

  /**
   * Starts catching up with one change, without waiting for it. Several calls in a row end in its newest state. `seen`
   * is a card that somebody just pressed. It may be a second card, whose post was never answered, or one that shows
   * another change of the same number: now that its place is known, it can be redrawn.
   */
  function soon(id: number, seen?: PressedCard): void {
    if (seen) cards.seen(id, seen)
    noes.askAgain(id)
    acting.soon(id)
  }

  /** Called when people can be looked up again: changes that waited only for that to be applied are tried at once. */
  function peopleCanBeAsked(): void {
    for (const id of applier.peopleCanBeAsked()) acting.soon(id)
  }

  /** Catches up with every change that calls for something. A change that fails does not hold up the others. */
  async function all(): Promise<void> {
    await actAll()
    await showing.idle()
  }

  /** The same, but posts and messages may still be under way: Slack can keep them waiting. */
  async function actAll(): Promise<void> {
    const at = now().toISOString()
    const due = retries.inOrder(await store.unfinished(at, (change) => time.isDue(change, at)))
    terms.forgetOthers()
    const lanes = Array.from({ length: changesAtOnce }, async () => {
      for (let id = due.shift(); id !== undefined; id = due.shift()) {
        acting.soon(id)
        await acting.done(id)
      }
    })
    await Promise.all(lanes)
  }

  /** Resolves once nothing is under way. */
  async function idle(): Promise<void> {
    while (!acting.isIdle() || !showing.isIdle()) {
      await acting.idle()
      await showing.idle()
    }
  }

  function unposted(): Unposted {
    return { failing: noes.failing(Object.values(steps)), inDoubt: posts.unanswered() }
  }

  /** Slack's reason for refusing the card of a change at the last try; null if that was not a definite no. */
  function whyNoCard(id: number): string | null {
    return noes.said(id, steps.card)
  }

  async function act(id: number): Promise<void> {
    await rest()
    if (await isUnknown(id)) return void (await attempt('stray card', id, () => cards.sayUnknown(id)))
    const done = [await attempt('waiting', id, () => time.wait(id)), await attempt('apply', id, () => applyShown(id))]
    acted.set(id, done.every(Boolean))
    showing.soon(id)
  }

  async function isUnknown(id: number): Promise<boolean> {
    return store.get(id).then(
      () => false,
      (error: unknown) => error instanceof Refusal && error.code === 'not_found',
    )
  }

  async function show(id: number): Promise<void> {
    const leaves = shownFirst.leaves(id)
    if (leaves) return void (await attempt(steps.card, id, () => cards.redraw(id, leaves)))
    const done = [
      await attempt(steps.card, id, () => cards.show(id)),
      await attempt('stray card', id, () => cards.redrawStray(id)),
      await unlessPutOff('old card', id, () => misplaced.pointOn(id)),
      await unlessPutOff(steps.requester, id, () => tellRequester(id)),
      await unlessPutOff(steps.approvers, id, () => tellApprovers(id)),
      await unlessPutOff('anchor', id, () => anchor(id)),
    ]
    if (!acted.has(id)) return
    if (done.every(Boolean) && acted.get(id)) {
      retries.end(id)
      posts.end(id)
    } else retries.waitLonger(id)
    acted.delete(id)
  }

  /** Work that resolves to false was put off, and says nothing about the earlier failure. */
  async function attempt(step: string, id: number, work: () => Promise<unknown>): Promise<boolean> {
    try {
      if ((await work()) !== false) noes.end(id, step)
      return true
    } catch (error) {
      if (!(error instanceof PutOff) && !isForARest(error) && noes.note(id, step, error)) onFailure(step, id, error)
      return false
    }
  }

  /** A step that was refused for good may wait; a decision and its card may not. */
  async function unlessPutOff(step: string, id: number, work: () => Promise<void>): Promise<boolean> {
    return !noes.isPutOff(id, step) && attempt(step, id, work)
  }

  /** If something before the write takes long, the card says what is going on, and offers nothing that is over. */
  async function applyShown(id: number): Promise<boolean> {
    const slow = setTimeout(() => showing.soon(id), slowMs)
    return apply(id).finally(() => clearTimeout(slow))
  }

  async function apply(id: number): Promise<boolean> {
    const { change } = await store.get(id)
    return asideBecause(change) !== null || applier.catchUp(change, shownFirst.show)
  }
}

/** A service that asks for a rest gets it, and nobody has to act on that; the same if it was asked on the way. */
function isForARest(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isForARest)
  return namesItsRest(error) || (error instanceof Refusal && namesItsRest(error.cause))
}
