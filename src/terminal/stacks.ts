import type { StackConfig } from '../config.ts'
import { type ContentstackStack, createStack } from '../contentstack/stack.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Token } from '../domain/token.ts'

/** Nothing is written from here: the time that a write may take is only asked for. */
export function stackOf(config: StackConfig): ContentstackStack {
  return createStack({ ...config, writeTimeoutMs: 10_000 })
}

/** The stack of that name, or all. Throws a Refusal when there is none. */
export function wanted(stacks: readonly StackConfig[], name: string | undefined): readonly StackConfig[] {
  const found = stacks.filter((stack) => name === undefined || stack.name === name)
  if (found.length > 0) return found
  throw new Refusal('not_found', `There is no stack "${name}"; there are ${stacks.map(({ name }) => name).join(', ')}.`)
}

/** The tokens as the stacks have them now, and what was said by each stack that could not be read. */
export async function lookAtTokens(stacks: readonly StackConfig[]): Promise<{ tokens: Token[]; failures: unknown[] }> {
  const looks = await Promise.allSettled(stacks.map((stack) => stackOf(stack).tokens()))
  return {
    tokens: looks.flatMap((look) => (look.status === 'fulfilled' ? look.value : [])),
    failures: looks.flatMap((look) => (look.status === 'rejected' ? [look.reason] : [])),
  }
}
