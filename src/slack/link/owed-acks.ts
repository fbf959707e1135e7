import { setTimeout as wait } from 'node:timers/promises'
import type { App } from '@slack/bolt'

/** The same app, for one connection: it knows which deliveries over it are not acked yet. */
export function owedAcks(app: App) {
  const owed = new Set<Promise<void>>()
  const processEvent: App['processEvent'] = async (event) => {
    const settled = Promise.withResolvers<void>()
    owed.add(settled.promise)
    void settled.promise.then(() => owed.delete(settled.promise))
    const ack: typeof event.ack = (response) => event.ack(response).finally(settled.resolve)
    return app.processEvent({ ...event, ack }).finally(settled.resolve)
  }
  return { app: Object.assign(Object.create(app) as App, { processEvent }), none }

  /** Resolves once none is left, or after that many milliseconds. */
  async function none(withinMs: number): Promise<void> {
    const enough = new AbortController()
    const over = wait(withinMs, undefined, { signal: enough.signal }).catch(() => {})
    await Promise.race([settled(enough.signal), over])
    enough.abort()
  }

  async function settled(enough: AbortSignal): Promise<void> {
    while (owed.size > 0 && !enough.aborted) await Promise.all(owed)
  }
}
