import { Refusal } from '../domain/refusal.ts'
import type { Store } from '../ports.ts'
import { type Health, readOnly } from './health.ts'

type Deps = {
  health: Health
  /** What ails the database, when an error comes of that. */
  troubleOf: (error: unknown) => string | null
}

/** What succeeds only when the log can be written. */
const proofs: readonly string[] = ['open', 'note', 'noteAll', 'tryToWrite']

/** The same store, which says in words that the log can't be written, and makes it known. */
export function guarded(store: Store, { health, troubleOf }: Deps): Store {
  const { close, ...rest } = store
  const methods = Object.entries(rest).map(([name, method]) => [name, watched(name, method as Method)])
  const all = { ...(Object.fromEntries(methods) as typeof rest), close }
  return { ...all, record }

  /** A decision that comes to nothing writes nothing, and proves nothing. */
  async function record(...[id, actor, decide]: Parameters<Store['record']>): ReturnType<Store['record']> {
    let wrote = false
    const change = await all.record(id, actor, (...stored) => {
      const event = decide(...stored)
      wrote = event !== null
      return event
    })
    if (wrote) health.works()
    return change
  }

  function watched(name: string, method: Method): Method {
    return async (...given) => {
      try {
        const result = await method(...given)
        if (proofs.includes(name)) health.works()
        return result
      } catch (error) {
        const why = troubleOf(error)
        if (why === null) throw error
        health.fails(why)
        throw new Refusal('unavailable', readOnly(why))
      }
    }
  }
}

type Method = (...given: unknown[]) => Promise<unknown>
