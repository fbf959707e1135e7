import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { mayWrite } from '../../storage/sqlite/trouble.ts'
import { oldestNode } from '../../version.ts'
import { type Check, error, ok, type Said, sentence, warning } from './finding.ts'

/** The facts the doctor needs about the machine it runs on. */
export type Machine = {
  /** For example `24.1.0`. */
  readonly node: string
  freeBytes(folder: string): Promise<number>
  canWrite(path: string): Promise<boolean>
}

export const thisMachine: Machine = {
  node: process.versions.node,
  freeBytes: async (folder) => {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  },
  canWrite: (path) =>
    access(path, constants.W_OK).then(
      () => true,
      () => false,
    ),
}

const mega = 1_000_000

export function nodeCheck({ node }: Machine): Check {
  return { area: 'node', look: async () => nodeSays(node) }
}

/** The folder of a database in a file, and its disk. */
export function folderChecks(machine: Machine, database: string): Check[] {
  const folder = dirname(resolve(database))
  return [
    { area: 'folder', look: () => folderSays(folder, machine) },
    {
      area: 'disk',
      look: async () => ((await machine.canWrite(folder)) ? diskSays(folder, await machine.freeBytes(folder)) : []),
    },
  ]
}

function nodeSays(node: string): Said {
  if (Number.parseInt(node, 10) >= oldestNode) return ok(`Node ${node}.`)
  return error(
    `Node ${node} is too old.`,
    `Use Node ${oldestNode} or newer; in the repository, npm start uses the one that comes with the packages.`,
  )
}

/** The check of the settings reports a missing folder. */
async function folderSays(folder: string, { canWrite }: Machine): Promise<Said | Said[]> {
  const found = await stat(folder).catch(() => null)
  if (found === null) return []
  if (!found.isDirectory())
    return error(`${folder}, where the database would be, is not a folder.`, 'Set COUNTERSIGN_DB to another path.')
  if (!(await canWrite(folder)))
    return error(
      `Nothing can be written in ${folder}, where the database is.`,
      `${sentence(mayWrite)} Run the doctor as that user.`,
    )
  const anybodysFiles = (found.mode & 0o002) !== 0 && (found.mode & 0o1000) === 0
  if (!anybodysFiles) return ok(`Countersign can write in ${folder}.`)
  return warning(`Everybody on this machine can put another database in ${folder}.`, `chmod o-w ${folder}`)
}

function diskSays(folder: string, free: number): Said {
  const says = `The disk of ${folder} has ${sizeOf(free)} free.`
  if (free < 100 * mega) return error(says, 'Make room: if a step can no longer be recorded, nothing is applied.')
  return free < 1000 * mega ? warning(says, 'Make room: every step that is recorded needs some.') : ok(says)
}

function sizeOf(bytes: number): string {
  return bytes < 1000 * mega ? `${Math.floor(bytes / mega)} MB` : `${(bytes / mega / 1000).toFixed(1)} GB`
}
