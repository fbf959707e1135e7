import { accessSync, constants, existsSync, lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { asTyped } from '../../domain/as-typed.ts'
import { operatorId } from '../../domain/operator.ts'
import { Refusal } from '../../domain/refusal.ts'
import { refused } from '../../storage/refused.ts'
import { copyDatabase, exchange, isOlder, remove, requireStoppedOrDamaged } from '../../storage/sqlite/copies.ts'
import { isEmpty } from '../../storage/sqlite/empty-file.ts'
import { bringBackupUpToDate } from '../../storage/sqlite/put-back.ts'
import { troubleOf } from '../../storage/sqlite/trouble.ts'
import { type PutBackOptions, putBackIn } from '../audit/put-back.ts'
import { exitCodeOf, inWords } from '../audit/report.ts'
import { auditCommand, type Settings } from '../audit/settings.ts'
import { anchorsFor, verifyDatabase } from '../audit/verify.ts'
import { type Here, messageOf } from '../command.ts'
import type { Terminal } from '../terminal.ts'
import { requireFileToRestore } from './on-a-server.ts'

/**
 * Puts a backup in the place of the database, which is kept under another name, and records that, as `audit put-back`
 * does. The backup stays as it is. Resolves to the exit code: 0; 1 if something is wrong with the log that is there
 * then; 2 if nothing was done.
 */
export function restore(file: string, options: PutBackOptions, terminal: Terminal): Promise<number> {
  return auditCommand(terminal, async (settings, here) => {
    requireFileToRestore(settings.database)
    const database = atEndOfLinks(settings.database)
    requireBackup(file, database)
    const isThere = existsSync(database)
    requireReplaceable(database)
    const said = await prepared(file, options, { ...settings, database }, here)
    const aside = freeName(
      `${database}.before-${here
        .now()
        .toISOString()
        .replace(/[-:]|\.\d+/g, '')}`,
    )
    exchange(restoring(database), database, aside)
    here.tell(
      `${resolve(database)} is that backup now. ${isThere ? `The database as it was is at ${aside}.` : 'There was no database before.'}`,
    )
    for (const line of said) here.tell(line)
    return verified(options, settings, here)
  })
}

/** A link keeps its place: another disk may be behind it. It may lead to a file that is gone. */
function atEndOfLinks(path: string): string {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()
  return isLink ? atEndOfLinks(resolve(dirname(path), readlinkSync(path))) : path
}

/** A copy that failed leaves an empty file, which would be taken for a new database. */
function requireBackup(file: string, database: string): void {
  if (!existsSync(file)) throw refused(file, 'does not exist')
  if (isEmpty(file)) throw refused(file, 'is not a backup: it is empty')
  if (isUnderway(file, database)) throw refused(file, 'was left by a restore that was cut off: give the backup itself')
}

function requireReplaceable(database: string): void {
  try {
    accessSync(dirname(database), constants.W_OK)
  } catch (error) {
    throw refused(database, `can't be replaced: ${messageOf(error)}`)
  }
  if (existsSync(database)) requireStoppedOrDamaged(database)
}

/** A place of this process beside the database, from which it can be put there in one step. */
function restoring(database: string): string {
  return `${database}.restoring-${process.pid}`
}

function isUnderway(file: string, database: string): boolean {
  return realpathSync(dirname(file)) === realpathSync(dirname(database)) && processOf(basename(file), database) !== null
}

/** Null for a file of another name. */
function processOf(name: string, database: string): number | null {
  const begins = `${basename(database)}.restoring-`
  const pid = name.startsWith(begins) ? name.slice(begins.length) : ''
  return /^\d+$/.test(pid) ? Number(pid) : null
}

/** Another restore may be at work right now. */
function removeCutOff(database: string): void {
  for (const name of readdirSync(dirname(database))) {
    const pid = processOf(name, database)
    if (pid !== null && !isRunning(pid)) remove(join(dirname(database), name))
  }
}

function isRunning(pid: number): boolean {
  try {
    return pid !== process.pid && process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
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
  const database = restoring(settings.database)
  removeCutOff(settings.database)
  await copyDatabase(file, database)
  const said: string[] = []
  try {
    if (isOlder(database))
      bringBackupUpToDate(database, { keys: settings.keys, actor: operatorId(here.user), now: here.now() })
    await requireIntact(database, settings)
    await putBackIn(options, { ...settings, database }, { ...here, tell: (line) => said.push(line) })
    return said
  } catch (error) {
    remove(database)
    throw ofBackup(error, file, database)
  }
}

/** Nobody has seen the copy, and it is gone. */
function ofBackup(error: unknown, file: string, copy: string): unknown {
  if (error instanceof Refusal) return new Refusal(error.code, error.message.replaceAll(copy, file))
  const trouble = troubleOf(error)
  return trouble === null ? error : refused(file, `could not be made ready beside the database: there, ${trouble}`)
}

async function requireIntact(copy: string, { keys }: Settings): Promise<void> {
  const { intact } = await verifyDatabase(copy, keys, null)
  const [first] = intact.wrong.first
  if (intact.holds !== false) return
  const what = first === undefined ? '' : ` (${first.seq === null ? '' : `#${first.seq} `}${first.what})`
  throw refused(
    copy,
    `has a log that is not intact${what}: "${asTyped('audit verify --db')} …" gives the details. Use a backup whose log is intact`,
  )
}

async function verified(options: PutBackOptions, settings: Settings, here: Here): Promise<number> {
  const anchors = await anchorsFor(options, settings, here)
  const found = await verifyDatabase(settings.database, settings.keys, anchors)
  for (const line of inWords(found, { anchored: anchors !== null && anchors.length > 0 })) here.tell(line)
  return exitCodeOf(found) === 1 ? 1 : 0
}
