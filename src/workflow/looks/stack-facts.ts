import { canonicalJson } from '../../domain/canonical.ts'
import { endOf, plainWordsOf } from '../../domain/outside-trouble.ts'
import { Refusal } from '../../domain/refusal.ts'
import { keepingTargets } from '../../domain/token/targets.ts'
import type { StackFacts } from '../../domain/token/token.ts'
import type { LookReads, LookWrites } from '../../ports/looks.ts'
import type { StackApi } from '../../ports/stack.ts'
import { createShared } from '../shared.ts'
import type { Moment, Moments } from './moment.ts'

type Deps = { store: LookReads & LookWrites; stackFor: (name: string) => StackApi; moments: Moments }

export type Facts = ReturnType<typeof createFacts>

/** Looks at what a stack has besides tokens: its title, branches and aliases. */
export function createFacts({ store, stackFor, moments: { moment, isOfLate } }: Deps) {
  /**
   * If the file differs, another process has looked since, or somebody has written into it: then the stack is asked.
   */
  const factsSeen = new Map<string, { facts: StackFacts; at: Moment }>()
  const looks = createShared<string, StackFacts>()
  return { facts, factsOfLate, lookAtFacts }

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

  function lookAtFacts(name: string): Promise<StackFacts> {
    return looks.share(name, () => rememberFacts(name))
  }

  async function rememberFacts(name: string): Promise<StackFacts> {
    const facts = keepingTargets(await stackFor(name).facts(), (await store.knownFacts(name)) ?? {})
    await store.rememberFacts(name, facts)
    factsSeen.set(name, { facts, at: moment() })
    return facts
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
