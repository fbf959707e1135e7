import { type Missing, missingStill, StillListed, TokenMissing } from '../../domain/looks/gone.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { StackApi } from '../../ports/stack.ts'

/**
 * The same stack, which says how long a missing token has been missing: a stack, or a list of its, can lack a token for
 * a moment. A process that has just started begins again. `monotonic`: milliseconds that pass, whatever is done to the
 * clock. `lastSeen`: when any process last saw a token.
 */
export function sayingSinceWhen(
  stack: StackApi,
  monotonic: () => number,
  lastSeen: (uid: string) => Promise<string | null>,
): StackApi {
  const since = new Map<string, Missing>()
  return {
    ...stack,
    tokens: async (...asked) => {
      const tokens = await stack.tokens(...asked)
      for (const { uid } of tokens) since.delete(uid)
      return tokens
    },
    token: async (uid, ...asked) => {
      const began = monotonic()
      try {
        const token = await stack.token(uid, ...asked)
        since.delete(uid)
        return token
      } catch (error) {
        if (error instanceof StillListed) since.delete(uid)
        if (!(error instanceof Refusal) || error.code !== 'not_found') throw error
        const seenAt = await lastSeen(uid)
        const missing = missingStill(since.get(uid), { began, at: monotonic(), seenAt })
        since.set(uid, missing)
        throw new TokenMissing(error.message, began - missing.since)
      }
    },
  }
}
