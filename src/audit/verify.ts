import type { KeptCheckpoint } from '../domain/anchor-check.ts'
import type { Keys } from '../domain/chain-check.ts'
import { createVerifier } from '../domain/verify.ts'
import { openEvidence } from '../storage/evidence.ts'
import { readAnchors } from './anchors.ts'
import { verifyExport } from './export-file.ts'
import { recordInLog } from './record.ts'
import { asJson, exitCodeOf, inWords, type Verified } from './report.ts'
import { type Around, auditSettings, orComplain, type Settings } from './settings.ts'
import { readThreads } from './thread-anchors.ts'

export type VerifyOptions = {
  /** Another file than the settings name; nothing is recorded in it. */
  readonly db?: string
  /** An export in ndjson, instead of a database. */
  readonly export?: string
  readonly anchors?: readonly string[]
  /** Whether to read the checkpoints in the threads of cards, too. */
  readonly slack?: boolean
  readonly json?: boolean
}

/** Says whether a log is intact and complete. Resolves to the exit code: 0 both; 1 one is not; 2 not all could be checked. */
export function verifyAudit(options: VerifyOptions, around: Around): Promise<number> {
  return orComplain(around, async () => {
    const settings = auditSettings(around)
    const verified = await verify(options, settings, await anchorsFor(options, settings))
    for (const line of options.json ? [asJson(verified)] : inWords(verified)) around.tell(line)
    if (options.db === undefined && options.export === undefined) await record(settings, verified, around)
    return exitCodeOf(verified)
  })
}

async function anchorsFor({ anchors = [], slack, db }: VerifyOptions, settings: Settings): Promise<KeptCheckpoint[]> {
  const inFiles = await Promise.all(anchors.map(readAnchors))
  const inThreads = slack ? await readThreads(db ?? settings.database, settings.slack) : []
  return [...inFiles.flat(), ...inThreads]
}

async function verify(
  options: VerifyOptions,
  settings: Settings,
  anchors: readonly KeptCheckpoint[],
): Promise<Verified> {
  const { database, keys } = settings
  if (options.export !== undefined) return verifyExport(options.export, { keys, anchors })
  return verifyDatabase(options.db ?? database, keys, anchors)
}

/** Reads the file and leaves it as it is. Throws a Refusal when that can't be done. */
export function verifyDatabase(path: string, keys: Keys, anchors: readonly KeptCheckpoint[]): Verified {
  const evidence = openEvidence(path)
  try {
    const verifier = createVerifier({ keys, anchors, stored: evidence.stored })
    for (const entry of evidence.entries()) verifier.feed(entry)
    return { ...verifier.end(), filtered: false }
  } finally {
    evidence.close()
  }
}

/** What could not be checked is no outcome. */
async function record(
  settings: Settings,
  { intact, complete, size, head, lastKey }: Verified,
  around: Around,
): Promise<void> {
  if (intact.holds === null) return
  const fact = { type: 'log_verified', intact: intact.holds, complete: complete.holds, size, head } as const
  await recordInLog(settings, lastKey, fact, around)
}
