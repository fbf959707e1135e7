import type { StackApi } from '../ports.ts'

/**
 * The same stack, but that what becomes of each look at one token is made known: null for an answer. An update that nobody
 * answered is followed by such a look.
 */
export function attended(stack: StackApi, onAttempt: (failure: unknown) => void): StackApi {
  return {
    ...stack,
    token: async (...asked) => {
      try {
        const token = await stack.token(...asked)
        onAttempt(null)
        return token
      } catch (error) {
        onAttempt(error)
        throw error
      }
    },
  }
}
