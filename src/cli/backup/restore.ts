import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { asTyped } from '../../domain/as-typed.ts'
import { refused } from '../../storage/sqlite/beside-the-app.ts'
import { copyDatabase, exchange, isOlder, remove, requireStoppedOrDamaged } from '../../storage/sqlite/copies.ts'
import { type PutBackOptions, putBackIn } from '../audit/put-back.ts'
import { exitCodeOf, inWords } from '../audit/report.ts'
import { auditCommand, type Settings } from '../audit/settings.ts'
import { anchorsFor, verifyDatabase } from '../audit/verify.ts'
import type { Here } from '../command.ts'
import type { Terminal } from '../terminal.ts'

/**
 * Puts a backup in the place of the database, which is kept under another name, and records that, as `audit put-back`
 * does. The backup stays as it is. Resolves to the exit code: 0; 1 if something is wrong with the log that is there
 * then; 2 if nothing was done.
 */
export function restore(file: string, options: PutBackOptions, terminal: Terminal): Promise<number> {
  return auditCommand(terminal, async (settings, here) => {
    const { database } = settings
    if (!existsSync(file)) throw refused(file, 'does not exist')
    const isThere = existsSync(database)
    if (isThere) requireStoppedOrDamaged(database)
    const said = await prepared(file, options, settings, here)
    const aside = freeName(
      `${database}.before-${here
        .now()
        .toISOString()
        .replace(/[-:]|\.\d+/g, '')}`,
    )
    exchange(`${database}.restoring`, database, aside)
    here.tell(
      `${resolve(database)} is that backup now. ${isThere ? `The database as it was is at ${aside}.` : 'There was no database before.'}`,
    )
    for (const line of said) here.tell(line)
    return verified(options, settings, here)
  })
}

/** Two restores may come within a second, and a clock may be set back: what an earlier one kept is not overwritten. */
function freeName(path: string): string {
  for (let i = 1; ; i++) {
    const name = i === 1 ? path : `${path}-${i}`
    if (!existsSync(name)) return name
  }
}

/** Everything that can fail is done beside the database. Resolves to the lines to tell once the backup is in its place. */
async function prepared(file: string, options: PutBackOptions, settings: Settings, here: Here): Promise<string[]> {
  const database = `${settings.database}.restoring`
  // Left by a restore that was killed.
  remove(database)
  await copyDatabase(file, database)
  const said: string[] = []
  try {
    if (!isOlder(database)) await requireIntact(file, database, settings)
    await putBackIn(options, { ...settings, database }, { ...here, tell: (line) => said.push(line) })
    return said
  } catch (error) {
    remove(database)
    throw error
  }
}

async function requireIntact(file: string, copy: string, { keys }: Settings): Promise<void> {
  const { intact } = await verifyDatabase(copy, keys, null)
  const [first] = intact.wrong.first
  if (intact.holds !== false) return
  const what = first === undefined ? '' : ` (${first.seq === null ? '' : `#${first.seq} `}${first.what})`
  throw refused(
    file,
    `has a log that is not intact${what}: "${asTyped('audit verify --db')} …" says all of it. Put an intact one back`,
  )
}

async function verified(options: PutBackOptions, settings: Settings, here: Here): Promise<number> {
  const anchors = await anchorsFor(options, settings, here)
  const found = await verifyDatabase(settings.database, settings.keys, anchors)
  for (const line of inWords(found, { anchored: anchors !== null && anchors.length > 0 })) here.tell(line)
  return exitCodeOf(found) === 1 ? 1 : 0
}
