import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'

/** What the HTTP client says of one update: that it has it, and that it begins to write it to a connection. */
export type Leaving = { isHeld: boolean; hasBegun: boolean }

/** Nothing of a request left; the cause is what it failed of. */
export class NeverLeft extends Error {
  override name = 'NeverLeft'
}

const watched = new AsyncLocalStorage<Leaving>()
const leavings = new WeakMap<object, Leaving>()

/** The client makes others on the way, such as the one that asks a proxy for a tunnel. */
subscribe('undici:request:create', (message) => {
  const { request } = message as { request: { method: string } }
  const leaving = watched.getStore()
  if (leaving === undefined || request.method !== 'PUT') return
  leaving.isHeld = true
  leavings.set(request, leaving)
})

subscribe('undici:client:sendHeaders', (message) => {
  const { request } = message as { request: object }
  const leaving = leavings.get(request)
  if (leaving) leaving.hasBegun = true
})

/** Sends an update so that `leaving` tells how far it came. */
export function watching<T>(leaving: Leaving, send: () => Promise<T>): Promise<T> {
  return watched.run(leaving, send)
}

/**
 * True once an update that was given up can't leave any more, since no connection for it came about. Of one that the client never
 * said that it has, nothing is known.
 */
export function neverLeft({ isHeld, hasBegun }: Leaving): boolean {
  return isHeld && !hasBegun
}
