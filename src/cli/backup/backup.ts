import { requireThere } from '../../storage/sqlite/beside-the-app.ts'
import { copyDatabase } from '../../storage/sqlite/copies.ts'
import { exitCodeOf, inWords } from '../audit/report.ts'
import { auditCommand } from '../audit/settings.ts'
import { verifyDatabase } from '../audit/verify.ts'
import type { Terminal } from '../terminal.ts'
import { requireFileToCopy } from './on-a-server.ts'

/**
 * Copies the database to a new file, also while the app runs, and says whether the log in the copy is intact. Resolves
 * to the exit code: as `audit verify`'s, or 2 if nothing was copied.
 */
export function backUp(file: string, terminal: Terminal): Promise<number> {
  return auditCommand(terminal, async ({ database, keys }, here) => {
    requireFileToCopy(database)
    requireThere(database)
    await copyDatabase(database, file)
    here.tell(`${database} was copied to ${file}, which only you can read. The log in the copy:`)
    const verified = await verifyDatabase(file, keys, null)
    for (const line of inWords(verified, { anchored: false })) here.tell(line)
    return exitCodeOf(verified)
  })
}
