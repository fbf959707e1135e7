import { LogNotWritten } from '../../domain/refusal.ts'
import type { Store } from '../../ports/store.ts'
import { type Health, readOnly } from './health.ts'
import { thenWhenWritten } from './when-written.ts'

type Deps = {
  health: Health
  /** Names the trouble of the database, if that caused an error. */
  troubleOf: (error: unknown) => string | null
  /** True if another process's lock caused the error, perhaps only for a moment. */
  isLocked?: (error: unknown) => boolean
}

/**
 * Milliseconds between tries while another process holds a lock: a little over a second in all, so that people still
 * get an answer within Slack's three. Waited here and not in SQLite, which would block the whole process.
 */
const pauses = [10, 20, 40, 80, 160, 320, 640]

/** Methods that succeed only if the log can be written. */
const proofs: readonly string[] = ['open', 'note', 'noteRefusal', 'noteAll', 'tryToWrite']

/**
 * The same store, which waits for others' locks, says in words that the log can't be written, and reports it. Once that
 * is known, it tries everything only once: a long lock would only keep people waiting.
 */
export function guarded(store: Store, { health, troubleOf, isLocked = () => false }: Deps): Store {
  // Failing to tidy loses nothing, and does not show if the log can be written.
  const { close, tidy, ...rest } = store
  const methods = Object.entries(rest).map(([name, method]) => [name, watched(name, method as Method)])
  const all = { ...(Object.fromEntries(methods) as typeof rest), close, tidy }
  // A decision that writes nothing proves nothing.
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
