import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Things made once and used by many runs: the built program, a database with its tables. Anybody may delete it. */
export const cache = join(fileURLToPath(new URL('../..', import.meta.url)), 'node_modules', '.cache', 'countersign')
