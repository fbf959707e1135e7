import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Finds a file or folder that is shipped with the program, by its path from the top: in a checkout, that is the folder
 * above `src/`; in the package, the one above `dist/`.
 */
export function shipped(path: string): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, path)) && folder !== dirname(folder)) folder = dirname(folder)
  return join(folder, path)
}

/** True in the package, which has the program as it is built; false in a checkout, which has its sources. */
export function isInstalled(): boolean {
  return !existsSync(join(dirname(shipped('manifest.yml')), 'src', 'cli.ts'))
}
