import { atMost } from '../breathe.ts'
import { canonicalJson } from '../domain/canonical.ts'
import { setAsideWith } from '../domain/change/known-stacks.ts'
import { fromOutside } from '../domain/from-outside.ts'
import { isGone, TokenMissing } from '../domain/looks/gone.ts'
import { endOf, inWords, isOwn, plainWordsOf } from '../domain/outside-trouble.ts'
import { AccessRefused, LogNotWritten, NotBegun, Refusal } from '../domain/refusal.ts'
import { titleStacks } from '../domain/token/find.ts'
import { keepingTargets } from '../domain/token/targets.ts'
import type { StackFacts, Token } from '../domain/token/token.ts'
import { amongUnreadable, type UnreadableThere, unreadableInWords } from '../domain/token/unreadable.ts'
import type { LookReads, LookWrites } from '../ports/looks.ts'
import type { StackApi } from '../ports/stack.ts'
import { createDoor, type Shut } from './door.ts'
import { lastOf } from './last-of.ts'
import { createLookAllowance } from './look-allowance.ts'
import { createStackTroubles, type Part } from './stack-troubles.ts'
import { pointingToken } from './targets.ts'

/** Told of every token that was looked at, and when that look began (an ISO instant). What it saw is no older than that. */
export type OnLook = (tokens: readonly Token[], began: string) => Promise<void>

type Deps = {
  store: LookReads & LookWrites
  /** By their ids: see `known-stacks.ts`. */
  stacks: ReadonlyMap<string, StackApi>
  /** What the configuration calls a stack; the same as the log does unless given. */
  nameFor?: (stack: string) => string
  now: () => Date
  /** Milliseconds that pass, whatever is done to the clock. */
  monotonic: () => number
  onLook: OnLook
  /** Told when a stack is looked at for the first time, can't be looked at any more, or can again. */
  onReach?: () => void
  /** Told once when a stack does not let the app in any more, with why, and once when it does again (null). */
  onDoor?: (stack: string, why: string | null) => void
  /** Told once when a stack can't be looked at for any other reason, with why, and once when it can again (null). `bug`: what failed within the app. */
  onTrouble?: (stack: string, why: string | null, bug?: unknown) => void
}

/**
 * What is known of how a stack can be looked at: `at` is the last look at all of it that succeeded, null when none has since the
 * start. `failed`: its lists, or a single token, could not be looked at, and could not since. `shut`: the stack does not let the app
 * in.
 */
export type LastLook = {
  readonly stack: string
  readonly at: string | null
  readonly failed: boolean
  /** In the words of the last attempt that failed, at its lists where those fail, and since when any does. */
  readonly trouble: Shut | null
  readonly shut: Shut | null
}

export type Looks = ReturnType<typeof createLooks>

/** What was seen is as good as now for so long. */
export const staleAfterMs = 60_000

type Titled = { readonly token: Token; readonly stackTitle: string; readonly lastSeen?: true }

function keyOf({ stack, uid }: { readonly stack: string; readonly uid: string }): string {
  return `${stack} ${uid}`
}

/** In milliseconds: what the clock showed, and time that passes. */
type Moment = { readonly wall: number; readonly passed: number }

/** Of those that a list lacks, looked at one by one before the next list. */
const mostMissing = 10

/** How long a person waits for a look at a token that could not be read, in milliseconds: Slack waits three seconds for an answer. */
const patienceMs = 1000

/**
 * What the app last saw of the stacks, and how it looks again. Forms open from here; of all this, applying believes only what was
 * seen of late of aliases.
 */
export function createLooks({
  store,
  stacks,
  nameFor = (stack) => stack,
  now,
  monotonic,
  onLook,
  onReach = () => {},
  onDoor = () => {},
  onTrouble = () => {},
}: Deps) {
  const lookedAt = new Map<string, Moment>()
  const triedAt = new Map<string, Moment>()
  /** When the token whose look failed was looked at again, by stack. */
  const lookedAgainAt = new Map<string, Moment>()
  const troubles = createStackTroubles(now)
  const told = new Set<string>()
  /** Stacks that say that they have no such token as one that is known. */
  const lacking = new Set<string>()
  /** Stacks of which what was seen last could not be kept, since the log could not be written. */
  const unkept = new Set<string>()
  const doors = new Map(
    [...stacks.keys()].map((name) => [name, createDoor({ now, onChange: (why) => onDoor(name, why) })]),
  )
  const underWay = new Map<string, Promise<void>>()
  /** Where the file says otherwise, another process has looked since, or somebody has written into it: the stack is asked. */
  const factsSeen = new Map<string, { facts: StackFacts; at: Moment }>()
  const factsUnderWay = new Map<string, Promise<StackFacts>>()
  const tokensUnderWay = new Map<string, Promise<Token>>()
  const spend = createLookAllowance(monotonic)
  const pointingTokens = lastOf((tokens: readonly Token[], ...facts: readonly (StackFacts | null)[]) => {
    const known = new Map([...stacks.keys()].map((name, i) => [name, facts[i]]))
    const pointing = tokens.map((token) => pointingToken(token, known.get(token.stack) ?? null))
    titleStacks(pointing, new Map([...known].flatMap(([name, of]) => (of ? [[name, of.title] as const] : []))))
    return pointing
  })

  return {
    known,
    knownToken,
    titled,
    refreshAll,
    refreshStale,
    retryFailed,
    token,
    facts,
    factsOfLate,
    titleOf,
    stackFor,
    lastLooks,
    neverListed,
    attempted,
    notListed,
    unreadable,
    requireReadable,
  }

  /** The very same list until a token is another, or an alias points elsewhere. */
  async function known(): Promise<readonly Token[]> {
    const tokens = await store.knownTokens()
    const facts = await Promise.all([...stacks.keys()].map((name) => store.knownFacts(name)))
    return pointingTokens(tokens, ...facts)
  }

  /** What people call a stack: its own name, once it has been looked at. */
  async function titleOf(stack: string): Promise<string> {
    return (await store.knownFacts(stack))?.title ?? nameFor(stack)
  }

  /** The same for each token, and `lastSeen` where it is listed by now as one that can't be read. */
  async function titled(tokens: readonly Token[]): Promise<Titled[]> {
    const unread = new Set(unreadable().map(keyOf))
    const names = [...new Set(tokens.map(({ stack }) => stack))]
    const titles = new Map(await Promise.all(names.map(async (name) => [name, await titleOf(name)] as const)))
    return tokens.map((token) => ({
      token,
      stackTitle: titles.get(token.stack)!,
      ...(unread.has(keyOf(token)) && { lastSeen: true as const }),
    }))
  }

  /**
   * Looks at every stack, for `by`, or for the app itself. A stack that is out of reach keeps what was seen of it last; the
   * errors are returned. Whoever has had too many looks gets those that are under way. Where these were not `enough`, what they
   * had read may be another by the time that it was asked for: then there is a look from after that.
   */
  async function refreshAll(by?: string, enough?: () => Promise<boolean>): Promise<unknown[]> {
    const isShared = underWay.size > 0
    const failures = await refreshOrShare(by)
    return !isShared || !enough || (await enough()) ? failures : refreshOrShare(by)
  }

  async function refreshOrShare(by: string | undefined): Promise<unknown[]> {
    const [names, shared] = [[...stacks.keys()], [...underWay.keys()]]
    try {
      if (by !== undefined && shared.length < names.length) spend(by)
    } catch (refusal) {
      return [refusal, ...(await refreshThese(shared))]
    }
    return refreshThese(names)
  }

  /** The same for stacks not looked at within the last minute. */
  async function refreshStale(): Promise<unknown[]> {
    return refreshThese([...stacks.keys()].filter((name) => !isOfLate(lookedAt.get(name))))
  }

  async function refreshThese(names: readonly string[]): Promise<unknown[]> {
    const looks = await Promise.allSettled(names.map(refresh))
    return looks.flatMap((look) => (look.status === 'rejected' ? [look.reason] : []))
  }

  /**
   * The same for stacks of which anything failed more than a minute ago, so that it is seen when they can be looked at again, or
   * found a token missing: that it is gone is told only by going on to look. So too where what was seen could not be kept.
   */
  async function retryFailed(): Promise<void> {
    const due = [...new Set([...troubles.names(), ...lacking, ...unkept])].filter(
      (name) => !isOfLate(triedAt.get(name)),
    )
    await refreshThese(due)
    await Promise.all(troubles.tokens().map(lookAgain))
  }

  /** What the lists show says nothing of whether a single token can be looked at. */
  async function lookAgain({ stack, uid }: { stack: string; uid: string }): Promise<void> {
    if (isOfLate(lookedAgainAt.get(stack))) return
    lookedAgainAt.set(stack, moment())
    await token(stack, uid).catch((error: unknown) => {
      if (isOwn(error)) throw error
    })
  }

  /** One look at a time at each stack: whoever asks meanwhile gets the same one. */
  async function refresh(name: string): Promise<void> {
    const current = underWay.get(name)
    if (current) return current
    const look = lookAt(name).finally(() => underWay.delete(name))
    underWay.set(name, look)
    return look
  }

  async function lookAt(name: string): Promise<void> {
    triedAt.set(name, moment())
    try {
      const facts = lookAtFacts(name)
      await Promise.all([lookAtTokens(name, facts), facts])
      const isFirst = !lookedAt.has(name)
      lookedAt.set(name, moment())
      if (isFirst) onReach()
      works(name, 'lists')
      unkept.delete(name)
    } catch (error) {
      if (error instanceof LogNotWritten) unkept.add(name)
      else fails(name, 'lists', error)
      throw error
    }
  }

  /** Takes what a look at one token came to. A "no" to what was asked shows that it can be looked at. */
  function attempted(name: string, uid: string, failure: unknown): void {
    const part = { token: uid }
    const end = failure === null ? null : endOf(failure)
    if (end === 'itself' || end === 'operator') fails(name, part, failure)
    else if (failure === null || (failure instanceof Refusal && !(failure instanceof NotBegun))) works(name, part)
  }

  /** Takes what kept the beginning of a list from being shown; that it is shown says nothing of the rest. */
  function notListed(name: string, failure: unknown): void {
    const end = endOf(failure)
    if (end === 'itself' || end === 'operator') fails(name, 'lists', failure)
  }

  function works(name: string, part: Part): void {
    // What kept the lists from being read may have kept the token that could not be looked at: that is seen at once.
    if (part === 'lists' && troubles.areListsFailing(name)) lookedAgainAt.delete(name)
    if (!troubles.ends(name, part)) return
    doors.get(name)?.accepts()
    if (told.delete(name)) onTrouble(name, null)
    onReach()
  }

  function fails(name: string, part: Part, failure: unknown): void {
    const why = fromOutside(inWords(failure))
    const isNew = troubles.fails(name, part, why)
    if (part !== 'lists' && isNew) lookedAgainAt.set(name, moment())
    if (failure instanceof AccessRefused) doors.get(name)?.refuses(failure.why)
    else tellTrouble(name, why, failure)
    if (!isNew) return
    triedAt.set(name, moment())
    onReach()
  }

  /** Once, and not where it was told already that the stack does not let the app in. */
  function tellTrouble(name: string, why: string, failure: unknown): void {
    if (told.has(name) || doors.get(name)?.shut()) return
    told.add(name)
    onTrouble(name, why, isOwn(failure) ? failure : undefined)
  }

  /** What the last look at each stack found that can't be read. */
  function unreadable(): UnreadableThere[] {
    return [...stacks].flatMap(([stack, api]) => (api.unreadable?.() ?? []).map((one) => ({ ...one, stack })))
  }

  /** Throws a Refusal for the name or uid of a token that can't be read. */
  async function requireReadable(typed: string): Promise<void> {
    const listed = amongUnreadable(unreadable(), typed)
    if (!listed) return
    // It may have been mended since, as people are told to.
    await atMost(patienceMs, token(listed.stack, listed.uid))
    const still = amongUnreadable(unreadable(), typed)
    if (still) throw new Refusal('unavailable', unreadableInWords(still, await titleOf(still.stack)))
  }

  function lastLooks(): LastLook[] {
    return [...stacks.keys()].map((stack) => {
      const at = lookedAt.get(stack)
      const trouble = troubles.of(stack)
      const shut = doors.get(stack)?.shut() ?? null
      return {
        stack,
        at: at === undefined ? null : new Date(at.wall).toISOString(),
        failed: trouble !== null,
        trouble,
        shut,
      }
    })
  }

  /** The stacks of which no list was read to its end since the start, and no token is known from before. */
  async function neverListed(): Promise<string[]> {
    const unlisted = [...stacks.keys()].filter((name) => !lookedAt.has(name))
    if (unlisted.length === 0) return []
    const known = new Set((await store.knownTokens()).map(({ stack }) => stack))
    return unlisted.filter((name) => !known.has(name))
  }

  /** What was seen is made known once it is also known what aliases point to by now. */
  async function lookAtTokens(name: string, facts: Promise<unknown>): Promise<void> {
    const began = now().toISOString()
    const tokens = await stackFor(name).tokens()
    const { believed, missing } = await store.rememberTokens(name, tokens, began)
    await facts.catch(() => {})
    await onLook(believed, began)
    lacking.delete(name)
    for (const uid of missing.slice(0, mostMissing)) await lookForMissing(name, uid)
  }

  /** A list that lacks a token proves nothing: it is gone once the stack has said so of the token itself for long enough. */
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

  function lookAtFacts(name: string): Promise<StackFacts> {
    const current = factsUnderWay.get(name)
    if (current) return current
    const look = rememberFacts(name).finally(() => factsUnderWay.delete(name))
    factsUnderWay.set(name, look)
    return look
  }

  async function rememberFacts(name: string): Promise<StackFacts> {
    const facts = keepingTargets(await stackFor(name).facts(), (await store.knownFacts(name)) ?? {})
    await store.rememberFacts(name, facts)
    factsSeen.set(name, { facts, at: moment() })
    return facts
  }

  /**
   * One token as it is now, for `by`, or for the app itself; as it is known, where the stack shows something older. For
   * showing it, since whoever asks while it is looked at gets the same look. Throws a Refusal for somebody who has had too many.
   */
  async function token(stack: string, uid: string, by?: string): Promise<Token> {
    const which = `${stack} ${uid}`
    const current = tokensUnderWay.get(which)
    if (current) return current
    if (by !== undefined) spend(by)
    const look = liveToken(stack, uid).finally(() => tokensUnderWay.delete(which))
    tokensUnderWay.set(which, look)
    return look
  }

  /** As last seen, with what its aliases point to; null for one that is not known, or gone. */
  async function knownToken(stack: string, uid: string): Promise<Token | null> {
    const token = await store.knownToken({ stack, tokenUid: uid })
    return token && pointingToken(token, await store.knownFacts(stack))
  }

  async function liveToken(stack: string, uid: string): Promise<Token> {
    return pointingToken(await lookAtToken(stack, uid), await store.knownFacts(stack))
  }

  async function lookAtToken(stack: string, uid: string): Promise<Token> {
    const began = now().toISOString()
    const { raw: _, ...live } = await stackFor(stack).token(uid)
    if (!(await store.rememberToken(live, began))) return (await store.knownToken({ stack, tokenUid: uid })) ?? live
    await onLook([live], began)
    return live
  }

  /** What a stack allows, as last seen; looked up when it never was. Throws a Refusal when it is out of reach until then. */
  async function facts(stack: string): Promise<StackFacts> {
    return (await store.knownFacts(stack)) ?? (await lookAtFacts(stack).catch(refuseUnseen))
  }

  /** The same, looked up when that was more than a minute ago: for what is written, and not only shown. */
  async function factsOfLate(stack: string): Promise<StackFacts> {
    const seen = factsSeen.get(stack)
    if (!seen || !isOfLate(seen.at)) return lookAtFacts(stack)
    const known = canonicalJson(await store.knownFacts(stack))
    return known === canonicalJson(seen.facts) ? seen.facts : lookAtFacts(stack)
  }

  function moment(): Moment {
    return { wall: now().getTime(), passed: monotonic() }
  }

  /** By both clocks: one may have been set, and the other stands still while the machine does. */
  function isOfLate(at: Moment | undefined): boolean {
    if (at === undefined) return false
    const { wall, passed } = moment()
    return [wall - at.wall, passed - at.passed].every((age) => age >= 0 && age <= staleAfterMs)
  }

  function stackFor(name: string): StackApi {
    const stack = stacks.get(name)
    if (!stack) throw setAsideWith(nameFor(name))
    return stack
  }
}

/** No form can offer the branches of a stack that was never seen. */
function refuseUnseen(error: unknown): never {
  if (endOf(error) !== 'itself') throw error
  const { message } = error as Error
  const plain = plainWordsOf(error)
  const then =
    'Countersign has not seen its branches yet, and a form needs them. Nothing was opened, and nothing was sent: try again in a minute.'
  const noted = `${message} ${then}`
  throw new Refusal('unavailable', plain === null ? noted : `${plain}. ${then}`, { noted })
}
