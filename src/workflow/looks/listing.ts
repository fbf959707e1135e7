import { isGone, TokenMissing } from '../../domain/looks/gone.ts'
import { isOwn } from '../../domain/outside-trouble.ts'
import { LogNotWritten, Refusal } from '../../domain/refusal.ts'
import type { Token } from '../../domain/token/token.ts'
import type { LookReads, LookWrites } from '../../ports/looks.ts'
import type { StackApi } from '../../ports/stack.ts'
import { createShared } from '../shared.ts'
import type { Reach } from './reach.ts'
import type { Facts } from './stack-facts.ts'

/** Called with every token that was looked at; what the look saw is no older than its beginning (an ISO instant). */
export type OnLook = (tokens: readonly Token[], began: string) => Promise<void>

type Deps = {
  store: LookReads & LookWrites
  names: readonly string[]
  stackFor: (name: string) => StackApi
  /** Looks at one token. */
  token: (stack: string, uid: string) => Promise<Token>
  lookAtFacts: Facts['lookAtFacts']
  reach: Reach
  /** Throws a Refusal for somebody who has had too many looks. */
  spend: (by: string) => void
  now: () => Date
  onLook: OnLook
}

/** The most tokens missing from a list that are looked at one by one before the next list. */
const mostMissing = 10

/** Lists the tokens of whole stacks: when people ask, and again and again. */
export function createListing({ store, names, stackFor, token, lookAtFacts, reach, spend, now, onLook }: Deps) {
  /** Stacks that say that they lack a known token. */
  const lacking = new Set<string>()
  /** Stacks whose last look could not be saved, since the log could not be written. */
  const unkept = new Set<string>()
  const looks = createShared<string, void>()
  return { refreshAll, refreshStale, retryFailed, neverListed }

  /**
   * Looks at every stack, for `by`, or for the app itself. A stack that is out of reach keeps its last look; the errors
   * are returned. Whoever has had too many looks shares those under way. If those were not `enough`, they may have read
   * things before they were asked for: then there is another look after them.
   */
  async function refreshAll(by?: string, enough?: () => Promise<boolean>): Promise<unknown[]> {
    const isShared = looks.keys().length > 0
    const failures = await refreshOrShare(by)
    return !isShared || !enough || (await enough()) ? failures : refreshOrShare(by)
  }

  async function refreshOrShare(by: string | undefined): Promise<unknown[]> {
    const shared = looks.keys()
    try {
      if (by !== undefined && shared.length < names.length) spend(by)
    } catch (refusal) {
      return [refusal, ...(await refreshThese(shared))]
    }
    return refreshThese(names)
  }

  /** The same for stacks not looked at within the last minute. */
  async function refreshStale(): Promise<unknown[]> {
    return refreshThese(names.filter((name) => !reach.isListedOfLate(name)))
  }

  async function refreshThese(these: readonly string[]): Promise<unknown[]> {
    const ended = await Promise.allSettled(these.map(refresh))
    return ended.flatMap((look) => (look.status === 'rejected' ? [look.reason] : []))
  }

  /**
   * The same for stacks with a failure more than a minute ago, so that it shows when they can be looked at again; and
   * for stacks that found a token missing, since only looking on shows that it is gone; and for stacks whose last look
   * could not be saved.
   */
  async function retryFailed(): Promise<void> {
    const due = [...new Set([...reach.failing(), ...lacking, ...unkept])]
    await refreshThese(due.filter((name) => !reach.wasTriedOfLate(name)))
    await Promise.all(reach.tokensToLookAt().map(lookAgain))
  }

  /** One look at a time at each stack: others that ask meanwhile share it. */
  async function refresh(name: string): Promise<void> {
    return looks.share(name, () => lookAt(name))
  }

  async function lookAt(name: string): Promise<void> {
    reach.tries(name)
    try {
      const facts = lookAtFacts(name)
      await Promise.all([lookAtTokens(name, facts), facts])
      reach.listed(name)
      unkept.delete(name)
    } catch (error) {
      if (error instanceof LogNotWritten) unkept.add(name)
      else reach.listsFail(name, error)
      throw error
    }
  }

  /** Reports a look once it is also known where aliases point now. */
  async function lookAtTokens(name: string, facts: Promise<unknown>): Promise<void> {
    const began = now().toISOString()
    const tokens = await stackFor(name).tokens()
    const { believed, missing } = await store.rememberTokens(name, tokens, began)
    await facts.catch(() => {})
    await onLook(believed, began)
    lacking.delete(name)
    for (const uid of missing.slice(0, mostMissing)) await lookForMissing(name, uid)
  }

  /** A list that lacks a token proves nothing: the token is gone once the stack itself has said so for long enough. */
  async function lookForMissing(stack: string, uid: string): Promise<void> {
    const began = now().toISOString()
    try {
      await token(stack, uid)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (isGone(error)) await store.tokenIsGone({ stack, tokenUid: uid }, began)
      else if (error instanceof TokenMissing) lacking.add(stack)
    }
  }

  /** The stacks with no list read to its end since the start, and no token known from before. */
  async function neverListed(): Promise<string[]> {
    const unlisted = names.filter((name) => !reach.wasListed(name))
    if (unlisted.length === 0) return []
    const known = new Set((await store.knownTokens()).map(({ stack }) => stack))
    return unlisted.filter((name) => !known.has(name))
  }

  async function lookAgain({ stack, uid }: { stack: string; uid: string }): Promise<void> {
    await token(stack, uid).catch((error: unknown) => {
      if (isOwn(error)) throw error
    })
  }
}
