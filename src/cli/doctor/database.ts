import { asTyped } from '../../domain/as-typed.ts'
import { thenSaySo } from '../../domain/audit/put-back.ts'
import type { Inspection } from '../../ports/inspection.ts'
import { isOfIndex } from '../../storage/sqlite/index-check.ts'
import { remedyFor } from '../../storage/sqlite/schema-check.ts'
import { mayWrite } from '../../storage/sqlite/trouble.ts'
import { type Check, error, ok, type Said, sentence } from './finding.ts'
import type { Machine } from './machine.ts'

type Database = {
  readonly path: string
  /** Null if there is no such file yet. */
  readonly inspection: () => Promise<Inspection | null>
  readonly canWrite: Machine['canWrite']
}

/** Checks that the database is not damaged, can be written, and was made by a Countersign that this one understands. */
export function databaseCheck({ path, inspection, canWrite }: Database): Check {
  return {
    area: 'database',
    look: async () => {
      const found = await inspection()
      if (!found) return ok(`${path} is not there yet: it is made at the first start.`)
      const writable = await canWrite(path)
      return writable ? stateOf(path, found) : [cannotWrite(path), stateOf(path, found)].flat()
    },
  }
}

function stateOf(path: string, { faults, isNewer, pending, schema, unreadable }: Inspection): Said | Said[] {
  if (faults.length > 0)
    return faults.map((fault) =>
      error(`${path} is damaged: ${fault}.`, isOfIndex(fault) ? toBeRemade() : toBeReplaced()),
    )
  if (isNewer)
    return error(
      `${path} was written by a newer Countersign than this one.`,
      'Start the newer version, or set COUNTERSIGN_DB to another path.',
    )
  if (schema.length > 0)
    return schema.map((one) =>
      error(`${path} does not have the structure that Countersign gave it: ${one.what}.`, remedyFor(one)),
    )
  if (unreadable.length > 0)
    return unreadable.map((id) =>
      error(
        `${path} has a change #${id} that can't be read: somebody may have written to it.`,
        `Verify the log, replace the file with the last backup in which the change agrees with the log, and ${thenSaySo()}.`,
      ),
    )
  const todo = pending === 0 ? 'up to date' : `brought up to date at the next start (${pending} to go)`
  return ok(`${path} is not damaged, and is ${todo}.`)
}

const toBeReplaced = () =>
  `Stop Countersign, put the last backup in its place, and ${thenSaySo()}. "${asTyped('restore FILE')}" does both.`
const toBeRemade = () =>
  `Find out who changed the file. Start Countersign again: it rebuilds the index and records that. If the doctor says this again, put the last backup in its place and ${thenSaySo()}.`

function cannotWrite(path: string): Said {
  return error(`${path} can't be written, so nothing could be recorded.`, sentence(mayWrite))
}
