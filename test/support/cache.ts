import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What is made once and used by many runs: the built program, a database with its tables. Anybody may throw it away. */
export const cache = join(fileURLToPath(new URL('../..', import.meta.url)), 'node_modules', '.cache', 'countersign')
