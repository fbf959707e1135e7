import type { Store } from '../../ports/store.ts'
import { isNotAllowed } from './trouble.ts'

type Method = (...given: unknown[]) => Promise<unknown>

/**
 * The same store, which calls `explain` when its role was not allowed something: that may throw what is known of why, or the
 * error stays as it is.
 */
export function sayingWhyNotAllowed(store: Store, explain: () => Promise<void>): Store {
  const methods = Object.entries(store).map(([name, method]) => [name, saying(method as Method)])
  return Object.fromEntries(methods) as Store

  function saying(method: Method): Method {
    return (...given) =>
      method(...given).catch(async (error) => {
        if (isNotAllowed(error)) await explain()
        throw error
      })
  }
}
