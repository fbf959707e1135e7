import type { Shut } from './door.ts'

/** The part of a stack that was looked at: all of its lists, or the one token with this uid. */
export type Part = 'lists' | { readonly token: string }

type Failing = Shut & { readonly part: Part }

/**
 * The reasons that stacks can't be looked at. Trouble with a part is over only once that part can be looked at: single
 * tokens may be readable while the lists fail, and the other way round. The first single token that fails stands for
 * all.
 */
export function createStackTroubles(now: () => Date) {
  const lists = new Map<string, Failing>()
  const tokens = new Map<string, Failing>()
  const kept = (part: Part) => (part === 'lists' ? lists : tokens)
  return {
    of,
    fails,
    ends,
    names,
    areListsFailing: (stack: string) => lists.has(stack),
    tokens: () => [...tokens].flatMap(failingToken),
  }

  /** The current trouble, and since when there has been any; null if there is none. */
  function of(stack: string): Shut | null {
    const [first, other] = [lists, tokens].flatMap((all) => all.get(stack) ?? [])
    if (first === undefined) return null
    return { why: first.why, since: other !== undefined && other.since < first.since ? other.since : first.since }
  }

  /** True if nothing of the stack failed before. */
  function fails(stack: string, part: Part, why: string): boolean {
    const isNew = of(stack) === null
    const before = kept(part).get(stack)
    kept(part).set(stack, { why, since: before?.since ?? now().toISOString(), part: before?.part ?? part })
    return isNew
  }

  /** True if nothing else failed. */
  function ends(stack: string, part: Part): boolean {
    const failing = kept(part).get(stack)
    if (failing === undefined || nameOf(failing.part) !== nameOf(part)) return false
    kept(part).delete(stack)
    return of(stack) === null
  }

  function names(): string[] {
    return [...new Set([...lists.keys(), ...tokens.keys()])]
  }
}

function nameOf(part: Part): string {
  return part === 'lists' ? part : `token ${part.token}`
}

function failingToken([stack, { part }]: [string, Failing]): { stack: string; uid: string }[] {
  return part === 'lists' ? [] : [{ stack, uid: part.token }]
}
