import type { StackApi } from '../../ports/stack.ts'

/**
 * The same stack, but reports how each look at one token went, by its uid: null for an answer. An unanswered update is
 * followed by a look like that.
 */
export function attended(stack: StackApi, onAttempt: (uid: string, failure: unknown) => void): StackApi {
  return {
    ...stack,
    token: async (uid, ...asked) => {
      try {
        const token = await stack.token(uid, ...asked)
        onAttempt(uid, null)
        return token
      } catch (error) {
        onAttempt(uid, error)
        throw error
      }
    },
  }
}
