import { existsSync } from 'node:fs'
import { legibleAnchors } from '../anchors/read.ts'
import type { KeptCheckpoint } from '../domain/audit/anchor-check.ts'
import type { Keys } from '../domain/audit/chain-check.ts'
import { putBackProblem } from '../domain/audit/put-back.ts'
import { Refusal } from '../domain/refusal.ts'
import { contradictedIn } from '../storage/contradicted.ts'

/** What `anchors.file` has of the log, to be read before the log is; nothing where there is no such file yet, or none that can be read. */
export async function anchorsIn(file: string | null, onFailure: (error: unknown) => void): Promise<KeptCheckpoint[]> {
  if (file === null || !existsSync(file)) return []
  try {
    return await legibleAnchors(file)
  } catch (error) {
    onFailure(error)
    return []
  }
}

type Settings = { readonly database: string; readonly anchors: { readonly file: string | null } }

/** Throws a Refusal, with what to do, when the log of this database is not the one that its anchors were taken of. */
export function requireBorneOut(
  { database, anchors }: Settings,
  anchored: readonly KeptCheckpoint[],
  keys: Keys,
  now: Date,
): void {
  const problem = putBackProblem(database, anchors.file ?? '', contradictedIn(database, anchored, keys, now))
  if (problem !== null) throw new Refusal('unavailable', problem)
}
