import type { StackFacts, Token } from '../domain/token.ts'
import type { StackApi, Store } from '../ports.ts'

type Deps = {
  store: Store
  stacks: ReadonlyMap<string, StackApi>
  now: () => Date
  /** Told of every token that was looked at. */
  onLook: (tokens: readonly Token[]) => Promise<void>
}

export type Looks = ReturnType<typeof createLooks>

const staleAfterMs = 60_000

/** What the app last saw of the stacks, and how it looks again. Forms open from here; applying never does. */
export function createLooks({ store, stacks, now, onLook }: Deps) {
  const lookedAt = new Map<string, number>()
  const underWay = new Map<string, Promise<void>>()
  const factsUnderWay = new Map<string, Promise<StackFacts>>()

  return { known, titled, refreshAll, refreshStale, token, facts, titleOf, stackFor }

  function known(): Promise<readonly Token[]> {
    return store.knownTokens()
  }

  /** What people call a stack: its own name, once it has been looked at. */
  async function titleOf(stack: string): Promise<string> {
    return (await store.knownFacts(stack))?.title ?? stack
  }

  async function titled(tokens: readonly Token[]): Promise<{ token: Token; stackTitle: string }[]> {
    return Promise.all(tokens.map(async (token) => ({ token, stackTitle: await titleOf(token.stack) })))
  }

  /** Looks at every stack. A stack that is out of reach keeps what was seen of it last; the errors are returned. */
  async function refreshAll(): Promise<unknown[]> {
    const looks = await Promise.allSettled([...stacks.keys()].map(refresh))
    return looks.flatMap((look) => (look.status === 'rejected' ? [look.reason] : []))
  }

  /** The same for stacks not looked at within the last minute. */
  async function refreshStale(): Promise<unknown[]> {
    const stale = [...stacks.keys()].filter((name) => now().getTime() - (lookedAt.get(name) ?? 0) > staleAfterMs)
    const looks = await Promise.allSettled(stale.map(refresh))
    return looks.flatMap((look) => (look.status === 'rejected' ? [look.reason] : []))
  }

  /** One look at a time at each stack: whoever asks meanwhile gets the same one. */
  function refresh(name: string): Promise<void> {
    const current = underWay.get(name)
    if (current) return current
    const look = lookAt(name).finally(() => underWay.delete(name))
    underWay.set(name, look)
    return look
  }

  async function lookAt(name: string): Promise<void> {
    await Promise.all([lookAtTokens(name), lookAtFacts(name)])
    lookedAt.set(name, now().getTime())
  }

  async function lookAtTokens(name: string): Promise<void> {
    const began = now().toISOString()
    const tokens = await stackFor(name).tokens()
    await store.rememberTokens(name, tokens, began)
    await onLook(tokens)
  }

  function lookAtFacts(name: string): Promise<StackFacts> {
    const current = factsUnderWay.get(name)
    if (current) return current
    const look = rememberFacts(name).finally(() => factsUnderWay.delete(name))
    factsUnderWay.set(name, look)
    return look
  }

  async function rememberFacts(name: string): Promise<StackFacts> {
    const facts = await stackFor(name).facts()
    await store.rememberFacts(name, facts)
    return facts
  }

  /** One token as it is now. */
  async function token(stack: string, uid: string): Promise<Token> {
    const began = now().toISOString()
    const { raw: _, ...live } = await stackFor(stack).token(uid)
    await store.rememberToken(live, began)
    await onLook([live])
    return live
  }

  /** What a stack allows, as last seen; looked up when it never was. */
  async function facts(stack: string): Promise<StackFacts> {
    return (await store.knownFacts(stack)) ?? (await lookAtFacts(stack))
  }

  function stackFor(name: string): StackApi {
    const stack = stacks.get(name)
    if (!stack) throw new Error(`No stack is called ${name} in the configuration.`)
    return stack
  }
}
