import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Where a file or folder is that is shipped beside the program, given from the top: in a checkout, that is above
 * `src/`; in the package, above `dist/`.
 */
export function shipped(path: string): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, path)) && folder !== dirname(folder)) folder = dirname(folder)
  return join(folder, path)
}
