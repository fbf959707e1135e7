import type { StackFacts, Token } from '../domain/token.ts'
import type { StackApi, Store } from '../ports.ts'

type Deps = { store: Store; stacks: ReadonlyMap<string, StackApi>; now: () => Date }

export type Looks = ReturnType<typeof createLooks>

const staleAfterMs = 60_000

/** What the app last saw of the stacks, and how it looks again. Forms open from here; applying never does. */
export function createLooks({ store, stacks, now }: Deps) {
  const lookedAt = new Map<string, number>()
  const underWay = new Map<string, Promise<void>>()

  return { known, refreshAll, refreshStale, token, facts, stackFor }

  function known(): Promise<readonly Token[]> {
    return store.knownTokens()
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
    const stack = stackFor(name)
    const [tokens, facts] = await Promise.all([stack.tokens(), stack.facts()])
    await store.rememberTokens(name, tokens, now().toISOString())
    await store.rememberFacts(name, facts)
    lookedAt.set(name, now().getTime())
  }

  /** One token as it is now. */
  async function token(stack: string, uid: string): Promise<Token> {
    const { raw: _, ...live } = await stackFor(stack).token(uid)
    await store.rememberToken(live, now().toISOString())
    return live
  }

  /** What a stack allows, as last seen; looked up when it never was. */
  async function facts(stack: string): Promise<StackFacts> {
    const seen = await store.knownFacts(stack)
    if (seen) return seen
    const facts = await stackFor(stack).facts()
    await store.rememberFacts(stack, facts)
    return facts
  }

  function stackFor(name: string): StackApi {
    const stack = stacks.get(name)
    if (!stack) throw new Error(`No stack is called ${name} in the configuration.`)
    return stack
  }
}
