import { isPostgres } from '../../domain/database-place.ts'
import type { Store } from '../../ports/store.ts'
import { openBesideTheApp as openFile } from '../sqlite/beside-the-app.ts'

type Options = Parameters<typeof openFile>[0]

/**
 * Opens the Store on a database that the app made and may have open; neither creates nor migrates it. Throws a Refusal if
 * it is missing, of another version, or has a log chained with another key.
 */
export async function openBesideTheApp(options: Options): Promise<Store> {
  if (!isPostgres(options.path)) return openFile(options)
  const { openBesideTheApp: open } = await import('../postgres/beside-the-app.ts')
  return open(options)
}
