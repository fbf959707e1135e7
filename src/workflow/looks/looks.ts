import { atMost } from '../../breathe.ts'
import { stackSetAside } from '../../domain/change/known-stacks.ts'
import { Refusal } from '../../domain/refusal.ts'
import { titleStacks } from '../../domain/token/find.ts'
import type { StackFacts, Token } from '../../domain/token/token.ts'
import { amongUnreadable, type UnreadableThere, unreadableInWords } from '../../domain/token/unreadable.ts'
import type { LookReads, LookWrites } from '../../ports/looks.ts'
import type { StackApi } from '../../ports/stack.ts'
import { createShared } from '../shared.ts'
import { pointingToken } from '../targets.ts'
import { lastOf } from './last-of.ts'
import { createListing, type OnLook } from './listing.ts'
import { createLookAllowance } from './look-allowance.ts'
import { type Clocks, createMoments } from './moment.ts'
import { createReach, type OnReach } from './reach.ts'
import { createFacts } from './stack-facts.ts'

type Deps = Clocks &
  OnReach & {
    store: LookReads & LookWrites
    /** By id: see `known-stacks.ts`. */
    stacks: ReadonlyMap<string, StackApi>
    /** The configuration's name for a stack; the log's name unless given. */
    nameFor?: (stack: string) => string
    onLook: OnLook
  }

export type Looks = ReturnType<typeof createLooks>

type Titled = { readonly token: Token; readonly stackTitle: string; readonly lastSeen?: true }

function keyOf({ stack, uid }: { readonly stack: string; readonly uid: string }): string {
  return `${stack} ${uid}`
}

/**
 * How long a person waits for a look at an unreadable token, in milliseconds: Slack waits three seconds for an answer.
 */
const patienceMs = 1000

/**
 * Looks at stacks, and remembers what it last saw. Forms open from here; applying believes none of it but what was seen
 * of aliases within the last minute.
 */
export function createLooks({ store, stacks, nameFor = (stack) => stack, now, monotonic, onLook, ...tells }: Deps) {
  const names = [...stacks.keys()]
  const looks = createShared<string, Token>()
  const moments = createMoments({ now, monotonic })
  const spend = createLookAllowance(monotonic)
  const reach = createReach({ names, now, moments, ...tells })
  const { facts, factsOfLate, lookAtFacts } = createFacts({ store, stackFor, moments })
  const listing = createListing({ store, names, stackFor, token, lookAtFacts, reach, spend, now, onLook })
  const pointingTokens = lastOf((tokens: readonly Token[], ...facts: readonly (StackFacts | null)[]) => {
    const known = new Map(names.map((name, i) => [name, facts[i]]))
    const pointing = tokens.map((token) => pointingToken(token, known.get(token.stack) ?? null))
    titleStacks(pointing, new Map([...known].flatMap(([name, of]) => (of ? [[name, of.title] as const] : []))))
    return pointing
  })
  const { attempted, notListed, lastLooks } = reach

  return {
    ...listing,
    known,
    knownToken,
    titled,
    token,
    facts,
    factsOfLate,
    titleOf,
    stackFor,
    lastLooks,
    attempted,
    notListed,
    unreadable,
    requireReadable,
  }

  /** The very same list until a token changes, or an alias points elsewhere. */
  async function known(): Promise<readonly Token[]> {
    const tokens = await store.knownTokens()
    const facts = await Promise.all(names.map((name) => store.knownFacts(name)))
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

  /**
   * One token as it is now, for `by`, or for the app itself; as it is known, if the stack shows something older. For
   * display only, since others that ask during a look share it. Throws a Refusal for somebody who has had too many.
   */
  async function token(stack: string, uid: string, by?: string): Promise<Token> {
    return looks.share(keyOf({ stack, uid }), () => {
      if (by !== undefined) spend(by)
      return liveToken(stack, uid)
    })
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

  function stackFor(name: string): StackApi {
    const stack = stacks.get(name)
    if (!stack) throw stackSetAside()
    return stack
  }
}
