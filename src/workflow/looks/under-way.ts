import { rest } from '../../breathe.ts'
import type { StackApi } from '../../ports/stack.ts'

/** Knows which requests to stacks are under way: somebody may note down what they show. */
export function createUnderWay() {
  const requests = new Set<Promise<unknown>>()
  return { waitingFor, idle }

  /** The same stack. */
  function waitingFor<T extends { readonly api: StackApi }>(stack: T): T {
    const { api } = stack
    const [token, tokens, facts] = [known(api.token), known(api.tokens), known(api.facts)]
    return { ...stack, api: { ...api, token, tokens, facts } }
  }

  function known<A extends unknown[], R>(ask: (...asked: A) => Promise<R>) {
    return (...asked: A): Promise<R> => {
      const request = ask(...asked)
      requests.add(request)
      const end = () => requests.delete(request)
      request.then(end, end)
      return request
    }
  }

  /** Resolves once there are none, and what they showed has been noted down. */
  async function idle(): Promise<void> {
    while (requests.size > 0) {
      await Promise.allSettled(requests)
      await rest()
    }
  }
}
