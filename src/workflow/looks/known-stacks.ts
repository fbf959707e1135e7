import type { Fact } from '../../domain/audit/fact.ts'
import { sameContent } from '../../domain/canonical.ts'
import {
  type KnownStack,
  type KnownStacks,
  nameOfStack,
  noStackFor,
  recognise,
  stackSetAside,
  stacksInSettings,
} from '../../domain/change/known-stacks.ts'
import { setAside } from '../../domain/change/set-aside.ts'
import type { Token } from '../../domain/token/token.ts'
import type { ChangeReads, ChangeWrites } from '../../ports/changes.ts'
import type { LogReads } from '../../ports/log.ts'
import type { GoneToken, LookReads } from '../../ports/looks.ts'
import type { StackApi } from '../../ports/stack.ts'
import type { Store } from '../../ports/store.ts'
import { lastOf } from './last-of.ts'

type Configured = { readonly name: string; readonly apiKey: string }

type Log = LogReads

/** The stacks by the log; by the settings in it, if an earlier version wrote it. */
export async function stacksInLog(store: Log): Promise<KnownStacks> {
  return known(await store.lastFact('stacks_known'), store)
}

/** The configured stacks, recognised by the log. */
export async function recogniseStacks(store: Log, configured: readonly Configured[]): Promise<KnownStacks> {
  return recognise(await stacksInLog(store), configured)
}

/**
 * The same for a start, with what to log about them before anything is asked for: nothing if the log has it already.
 */
export async function stacksAtStart(
  store: Log,
  configured: readonly Configured[],
): Promise<{ stacks: KnownStacks; news: readonly Fact[] }> {
  const last = await store.lastFact('stacks_known')
  const stacks = recognise(await known(last, store), configured)
  const fact = { type: 'stacks_known', ...stacks } as const
  return { stacks, news: last !== null && sameContent(last, fact) ? [] : [fact] }
}

async function known(last: KnownStacks | null, store: Log): Promise<KnownStacks> {
  return last ?? stacksInSettings((await store.lastFact('settings_changed'))?.settings)
}

/** The entry of `configured` for each stack, by its id. */
export function byId<T extends Configured>(known: KnownStacks, configured: readonly T[]): ReadonlyMap<string, T> {
  const named = new Map(configured.map((stack) => [stack.name, stack]))
  return new Map(known.stacks.flatMap(({ id, name }) => (named.has(name) ? [[id, named.get(name)!] as const] : [])))
}

/** The same stack, with its id instead of its name in its tokens. */
export function calledBy(id: string, api: StackApi): StackApi {
  return {
    ...api,
    tokens: async (wanted) => (await api.tokens(wanted)).map((token) => ({ ...token, stack: id })),
    token: async (uid, wanted) => ({ ...(await api.token(uid, wanted)), stack: id }),
  }
}

/**
 * The same store, limited to configured stacks: the tokens of others are left out, nothing is asked for on them, and
 * the log bears out no change that was asked for on another stack than the one it would be written to.
 */
export function ofKnownStacks(store: Store, known: KnownStacks): Store {
  const ids = new Map(known.stacks.map((stack) => [stack.id, stack]))
  const oursOf = <T extends Token>(tokens: readonly T[]) =>
    tokens.flatMap((token) => named(token, ids.get(token.stack)))
  const [ours, oursGone] = [lastOf(oursOf<Token>), lastOf(oursOf<GoneToken>)]
  return {
    ...store,
    open: async (event, ...rest) => store.open({ ...event, stackKey: required(ids.get(event.stack)).key }, ...rest),
    doubt: async (change) => noStackFor(known, change) ?? store.doubt(change),
    knownTokens: async () => ours(await store.knownTokens()),
    goneTokens: async () => oursGone(await store.goneTokens()),
    overview: (wanted) => store.overview({ ...wanted, expiring: { ...wanted.expiring, stacks: [...ids.keys()] } }),
  }
}

function named<T extends object>(token: T, stack: KnownStack | undefined): (T & { stackName?: string })[] {
  if (!stack) return []
  return [stack.name === stack.id ? token : { ...token, stackName: stack.name }]
}

/** Throws a Refusal for a stack that is not configured. */
export function required<T>(stack: T | undefined): T {
  if (stack === undefined) throw stackSetAside()
  return stack
}

/** The data of a stack that is not configured, by its name: its open changes, and the number of known tokens. */
export type Aside = { readonly stack: string; readonly changes: readonly number[]; readonly tokens: number }

type Deps = {
  /** All of it, including tokens of stacks that are not configured. */
  store: ChangeReads & ChangeWrites & LookReads
  known: KnownStacks
  now: () => Date
  /** Called for each stack that is not configured and has something stored. */
  onAside: (aside: Aside) => void
}

/** Sets aside the open changes of stacks that are not configured, and takes up again those whose stack is. */
export async function setChangesAside({ store, known, now, onAside }: Deps): Promise<void> {
  const open = (await store.openChanges()).map(({ change }) => change)
  for (const change of open)
    await store.record(change.id, 'app', (stored) => setAside(stored, noStackFor(known, stored), now().toISOString()))
  const out = (stack: string) => known.stacks.every(({ id }) => id !== stack)
  const tokens = (await store.knownTokens()).filter(({ stack }) => out(stack))
  const changes = open.filter((change) => noStackFor(known, change) !== null)
  for (const stack of new Set([...changes, ...tokens].map(({ stack }) => stack)))
    onAside({
      stack: nameOfStack(known, stack),
      changes: changes.filter((change) => change.stack === stack).map(({ id }) => id),
      tokens: tokens.filter((token) => token.stack === stack).length,
    })
}
