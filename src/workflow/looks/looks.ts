import { atMost } from '../../breathe.ts'
import { canonicalJson } from '../../domain/canonical.ts'
import { setAsideWith } from '../../domain/change/known-stacks.ts'
import { fromOutside } from '../../domain/from-outside.ts'
import { isGone, TokenMissing } from '../../domain/looks/gone.ts'
import { endOf, inWords, isOwn, plainWordsOf } from '../../domain/outside-trouble.ts'
import { AccessRefused, LogNotWritten, NotBegun, Refusal } from '../../domain/refusal.ts'
import { titleStacks } from '../../domain/token/find.ts'
import { keepingTargets } from '../../domain/token/targets.ts'
import type { StackFacts, Token } from '../../domain/token/token.ts'
import { amongUnreadable, type UnreadableThere, unreadableInWords } from '../../domain/token/unreadable.ts'
import type { LookReads, LookWrites } from '../../ports/looks.ts'
import type { StackApi } from '../../ports/stack.ts'
import { pointingToken } from '../targets.ts'
import { createDoor, type Shut } from './door.ts'
import { lastOf } from './last-of.ts'
import { createLookAllowance } from './look-allowance.ts'
import { createStackTroubles, type Part } from './stack-troubles.ts'

/** Called with every token that was looked at; what the look saw is no older than its beginning (an ISO instant). */
export type OnLook = (tokens: readonly Token[], began: string) => Promise<void>

type Deps = {
  store: LookReads & LookWrites
  /** By id: see `known-stacks.ts`. */
  stacks: ReadonlyMap<string, StackApi>
  /** The configuration's name for a stack; the log's name unless given. */
  nameFor?: (stack: string) => string
  now: () => Date
  /** Milliseconds that pass, whatever is done to the clock. */
  monotonic: () => number
  onLook: OnLook
  /** Called when a stack is looked at for the first time, can no longer be looked at, or can again. */
  onReach?: () => void
  /** Called once when a stack stops letting the app in, with the reason, and once when it does again (null). */
  onDoor?: (stack: string, why: string | null) => void
  /**
   * Called once when a stack can't be looked at for any other reason, with the reason, and once when it can again
   * (null). `bug`: what failed within the app.
   */
  onTrouble?: (stack: string, why: string | null, bug?: unknown) => void
}

/**
 * How well a stack can be looked at: `at` is the last look at all of it that succeeded, null if none has since the
 * start. `failed`: its lists, or a single token, could not be looked at, and still can't. `shut`: the stack does not
 * let the app in.
 */
export type LastLook = {
  readonly stack: string
  readonly at: string | null
  readonly failed: boolean
  /** In the words of the last failed attempt, at its lists if those fail, and since when any does. */
  readonly trouble: Shut | null
  readonly shut: Shut | null
}

export type Looks = ReturnType<typeof createLooks>

/** How long a look counts as current. */
export const staleAfterMs = 60_000

type Titled = { readonly token: Token; readonly stackTitle: string; readonly lastSeen?: true }

function keyOf({ stack, uid }: { readonly stack: string; readonly uid: string }): string {
  return `${stack} ${uid}`
}

/** In milliseconds: what the clock showed, and time that passes. */
type Moment = { readonly wall: number; readonly passed: number }

/** The most tokens missing from a list that are looked at one by one before the next list. */
const mostMissing = 10

/**
 * How long a person waits for a look at an unreadable token, in milliseconds: Slack waits three seconds for an answer.
 */
const patienceMs = 1000

/**
 * Looks at stacks, and remembers what it last saw. Forms open from here; applying believes none of it but what was seen
 * of aliases within the last minute.
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
  /** Stacks that say that they lack a known token. */
  const lacking = new Set<string>()
  /** Stacks whose last look could not be saved, since the log could not be written. */
  const unkept = new Set<string>()
  const doors = new Map(
    [...stacks.keys()].map((name) => [name, createDoor({ now, onChange: (why) => onDoor(name, why) })]),
  )
  const underWay = new Map<string, Promise<void>>()
  /**
   * If the file differs, another process has looked since, or somebody has written into it: then the stack is asked.
   */
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

  /** The very same list until a token changes, or an alias points elsewhere. */
  async function known(): Promise<readonly Token[]> {
    const tokens = await store.knownTokens()
    const facts = await Promise.all([...stacks.keys()].map((name) => store.knownFacts(name)))
    return pointingTokens(tokens, ...facts)
  }

  /** People's name for a stack: its own title, once it has been looked at. */
  async function titleOf(stack: string): Promise<string> {
    return (await store.knownFacts(stack))?.title ?? nameFor(stack)
  }

  /** The same for each token, with `lastSeen` if it is now listed as unreadable. */
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
   * Looks at every stack, for `by`, or for the app itself. A stack that is out of reach keeps its last look; the errors
   * are returned. Whoever has had too many looks shares those under way. If those were not `enough`, they may have read
   * things before they were asked for: then there is another look after them.
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
   * The same for stacks with a failure more than a minute ago, so that it shows when they can be looked at again; and
   * for stacks that found a token missing, since only looking on shows that it is gone; and for stacks whose last look
   * could not be saved.
   */
  async function retryFailed(): Promise<void> {
    const due = [...new Set([...troubles.names(), ...lacking, ...unkept])].filter(
      (name) => !isOfLate(triedAt.get(name)),
    )
    await refreshThese(due)
    await Promise.all(troubles.tokens().map(lookAgain))
  }

  /** Working lists don't show that a single token can be looked at. */
  async function lookAgain({ stack, uid }: { stack: string; uid: string }): Promise<void> {
    if (isOfLate(lookedAgainAt.get(stack))) return
    lookedAgainAt.set(stack, moment())
    await token(stack, uid).catch((error: unknown) => {
      if (isOwn(error)) throw error
    })
  }

  /** One look at a time at each stack: others that ask meanwhile share it. */
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

  /** Takes the result of a look at one token. A "no" to the question shows that the token can be looked at. */
  function attempted(name: string, uid: string, failure: unknown): void {
    const part = { token: uid }
    const end = failure === null ? null : endOf(failure)
    if (end === 'itself' || end === 'operator') fails(name, part, failure)
    else if (failure === null || (failure instanceof Refusal && !(failure instanceof NotBegun))) works(name, part)
  }

  /** Takes the reason the first page of a list could not be shown. Showing it says nothing about the rest. */
  function notListed(name: string, failure: unknown): void {
    const end = endOf(failure)
    if (end === 'itself' || end === 'operator') fails(name, 'lists', failure)
  }

  function works(name: string, part: Part): void {
    // The token that could not be looked at may have failed for the same reason as the lists: that is checked at once.
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

  /** Once, and not if it was already reported that the stack does not let the app in. */
  function tellTrouble(name: string, why: string, failure: unknown): void {
    if (told.has(name) || doors.get(name)?.shut()) return
    told.add(name)
    onTrouble(name, why, isOwn(failure) ? failure : undefined)
  }

  /** Everything that the last look at each stack found unreadable. */
  function unreadable(): UnreadableThere[] {
    return [...stacks].flatMap(([stack, api]) => (api.unreadable?.() ?? []).map((one) => ({ ...one, stack })))
  }

  /** Throws a Refusal for the name or uid of a token that can't be read. */
  async function requireReadable(typed: string): Promise<void> {
    const listed = amongUnreadable(unreadable(), typed)
    if (!listed) return
    // It may have been fixed since, as people are told to.
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

  /** The stacks with no list read to its end since the start, and no token known from before. */
  async function neverListed(): Promise<string[]> {
    const unlisted = [...stacks.keys()].filter((name) => !lookedAt.has(name))
    if (unlisted.length === 0) return []
    const known = new Set((await store.knownTokens()).map(({ stack }) => stack))
    return unlisted.filter((name) => !known.has(name))
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
   * One token as it is now, for `by`, or for the app itself; as it is known, if the stack shows something older. For
   * display only, since others that ask during a look share it. Throws a Refusal for somebody who has had too many.
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

  /** As last seen, with where its aliases point; null for a token that is unknown or gone. */
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

  /**
   * The facts of a stack as last seen; looked up if it never was. Throws a Refusal if the stack is out of reach then.
   */
  async function facts(stack: string): Promise<StackFacts> {
    return (await store.knownFacts(stack)) ?? (await lookAtFacts(stack).catch(refuseUnseen))
  }

  /** The same, looked up if that was more than a minute ago: for what is written, and not only shown. */
  async function factsOfLate(stack: string): Promise<StackFacts> {
    const seen = factsSeen.get(stack)
    if (!seen || !isOfLate(seen.at)) return lookAtFacts(stack)
    const known = canonicalJson(await store.knownFacts(stack))
    return known === canonicalJson(seen.facts) ? seen.facts : lookAtFacts(stack)
  }

  function moment(): Moment {
    return { wall: now().getTime(), passed: monotonic() }
  }

  /** By both clocks: one may have been set, and the other stops while the machine sleeps. */
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
    'Countersign has not seen its branches yet, and the form needs them. Nothing was opened, and nothing was sent: try again in a minute.'
  const noted = `${message} ${then}`
  throw new Refusal('unavailable', plain === null ? noted : `${plain}. ${then}`, { noted })
}
