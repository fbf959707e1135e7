import { credentialOf } from '../app/credential-of.ts'
import type { StackConfig } from '../config/settings.ts'
import { type ContentstackStack, createStack } from '../contentstack/stack.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Token } from '../domain/token/token.ts'
import type { UnreadableThere } from '../domain/token/unreadable.ts'

/** Commands write nothing through it: the time a write may take is only there because it is required. */
export function stackOf(config: StackConfig, credential = credentialOf(config)): ContentstackStack {
  return createStack({ ...config, credential, writeTimeoutMs: 10_000 })
}

/** The stack with that name, or all. Throws a Refusal if there is none. */
export function wanted(stacks: readonly StackConfig[], name: string | undefined): readonly StackConfig[] {
  const found = stacks.filter((stack) => name === undefined || stack.name === name)
  if (found.length > 0) return found
  throw new Refusal('not_found', `There is no stack "${name}"; there are ${stacks.map(({ name }) => name).join(', ')}.`)
}

type Seen = { tokens: Token[]; unreadable: UnreadableThere[]; failures: unknown[] }

/**
 * The tokens as the stacks have them now, the tokens that can't be read, and the reason for each stack that could not
 * be read.
 */
export async function lookAtTokens(stacks: readonly StackConfig[]): Promise<Seen> {
  const looks = await Promise.allSettled(stacks.map(tokensOf))
  const seen = looks.flatMap((look) => (look.status === 'fulfilled' ? [look.value] : []))
  return {
    tokens: seen.flatMap(({ tokens }) => tokens),
    unreadable: seen.flatMap(({ unreadable }) => unreadable),
    failures: looks.flatMap((look) => (look.status === 'rejected' ? [look.reason] : [])),
  }
}

async function tokensOf(config: StackConfig): Promise<Pick<Seen, 'unreadable'> & { tokens: readonly Token[] }> {
  const stack = stackOf(config)
  const tokens = await stack.tokens()
  return { tokens, unreadable: (stack.unreadable?.() ?? []).map((one) => ({ ...one, stack: config.name })) }
}
