import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'

/** How far the HTTP client got with one update: it has the request, and it has begun to write it to a connection. */
export type Leaving = { isHeld: boolean; hasBegun: boolean }

/** Nothing of the request left this process; the cause says why. */
export class NeverLeft extends Error {
  override name = 'NeverLeft'
}

const watched = new AsyncLocalStorage<Leaving>()
const leavings = new WeakMap<object, Leaving>()

/** The client makes other requests on the way: it asks a proxy for a tunnel, for example. */
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

/** Sends an update so that `leaving` tells how far it got. */
export function watching<T>(leaving: Leaving, send: () => Promise<T>): Promise<T> {
  return watched.run(leaving, send)
}

/**
 * True once an abandoned update can't leave any more, because it never got a connection. If the client never said that
 * it has the update, nothing is known.
 */
export function neverLeft({ isHeld, hasBegun }: Leaving): boolean {
  return isHeld && !hasBegun
}
