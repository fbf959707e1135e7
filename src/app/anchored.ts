import { existsSync } from 'node:fs'
import { legibleAnchors } from '../anchors/read.ts'
import type { KeptCheckpoint } from '../domain/audit/anchor-check.ts'
import type { Keys } from '../domain/audit/chain-check.ts'
import { putBackProblem } from '../domain/audit/put-back.ts'
import { Refusal } from '../domain/refusal.ts'
import { contradictedIn } from '../storage/engine/contradicted.ts'

/**
 * The checkpoints in `anchors.file`, to be read before the log; empty if there is no such file yet, or none that can be
 * read.
 */
export async function anchorsIn(file: string | null, onFailure: (error: unknown) => void): Promise<KeptCheckpoint[]> {
  if (file === null || !existsSync(file)) return []
  try {
    return await legibleAnchors(file)
  } catch (error) {
    onFailure(error)
    return []
  }
}

/**
 * The reason why nothing was checked against the file, if it is gone: `anchored` are the places in which the log was
 * anchored, as far as it knows. Null if there is none.
 */
export function goneFrom(file: string | null, anchored: Readonly<Record<string, unknown>>): string | null {
  if (file === null || existsSync(file) || anchored.file === undefined) return null
  return `${file} is not there, although the log was anchored in "file". Put it, or a copy of it, there; if anchors.file names another path than before, the new file begins with the next anchor.`
}

type Settings = { readonly database: string; readonly anchors: { readonly file: string | null } }

/** Throws a Refusal that says what to do if the anchors were not taken from this database's log. */
export async function requireBorneOut(
  { database, anchors }: Settings,
  anchored: readonly KeptCheckpoint[],
  keys: Keys,
  now: Date,
): Promise<void> {
  const problem = putBackProblem(database, anchors.file ?? '', await contradictedIn(database, anchored, keys, now))
  if (problem !== null) throw new Refusal('unavailable', problem)
}
