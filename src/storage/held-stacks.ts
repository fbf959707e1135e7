import type { Held } from '../ports/inspection.ts'

type Counted = { readonly stack: string; readonly tokens: number }

/** Open changes and counts of tokens, put together by stack. */
export function heldBy(
  changes: readonly { readonly id: number; readonly stack: string }[],
  tokens: readonly Counted[],
): Held[] {
  const stacks = new Set([...changes, ...tokens].map(({ stack }) => stack))
  return [...stacks].sort().map((stack) => ({
    stack,
    changes: changes.filter((change) => change.stack === stack).map(({ id }) => id),
    tokens: tokens.find((found) => found.stack === stack)?.tokens ?? 0,
  }))
}
