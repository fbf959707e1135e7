import { LogNotWritten } from '../domain/refusal.ts'
import type { Store } from '../ports/store.ts'
import { type Health, readOnly } from './health.ts'
import { thenWhenWritten } from './when-written.ts'

type Deps = {
  health: Health
  /** What ails the database, when an error comes of that. */
  troubleOf: (error: unknown) => string | null
  /** Whether the error comes of a lock that another process holds, perhaps for a moment only. */
  isLocked?: (error: unknown) => boolean
}

/**
 * Milliseconds between tries while another process holds a lock: a little over a second in all, so that people are still
 * answered in Slack's three. Waited for here and not in SQLite, which would keep the process from everything else.
 */
const pauses = [10, 20, 40, 80, 160, 320, 640]

/** What succeeds only when the log can be written. */
const proofs: readonly string[] = ['open', 'note', 'noteRefusal', 'noteAll', 'tryToWrite']

/**
 * The same store, which waits for the locks of others, says in words that the log can't be written, and makes it known.
 * Once that is known, it tries everything once: what is locked for long would only have people wait.
 */
export function guarded(store: Store, { health, troubleOf, isLocked = () => false }: Deps): Store {
  // What is not tidied yet is written all the same, and says nothing of what can be.
  const { close, tidy, ...rest } = store
  const methods = Object.entries(rest).map(([name, method]) => [name, watched(name, method as Method)])
  const all = { ...(Object.fromEntries(methods) as typeof rest), close, tidy }
  // A decision that comes to nothing proves nothing.
  return { ...all, record: thenWhenWritten(all.record, health.works) }

  function watched(name: string, method: Method): Method {
    return async (...given) => {
      try {
        const result = await patiently(() => method(...given))
        if (proofs.includes(name)) health.works()
        return result
      } catch (error) {
        const why = troubleOf(error)
        if (why === null) throw error
        health.fails(why)
        throw new LogNotWritten(readOnly(why), error)
      }
    }
  }

  async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
    for (const pause of pauses)
      try {
        return await attempt()
      } catch (error) {
        if (!isLocked(error) || health.trouble() !== null) throw error
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
    return attempt()
  }
}

type Method = (...given: unknown[]) => Promise<unknown>
