import type { StackApi } from '../ports/stack.ts'

/**
 * The same stack, but that what becomes of each look at one token is made known, with its uid: null for an answer. An update that nobody
 * answered is followed by such a look.
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
