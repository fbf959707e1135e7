import { readAnchors } from '../../anchors/read.ts'
import type { Anchors } from '../../domain/audit/anchor-check.ts'
import type { Keys } from '../../domain/audit/chain-check.ts'
import { createVerifier, type Verification } from '../../domain/audit/verify.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Evidence } from '../../ports/evidence.ts'
import { type Here, messageOf } from '../command.ts'
import { withEvidence } from '../store.ts'
import type { Terminal } from '../terminal.ts'
import { whichDatabase } from '../which-database.ts'
import { verifyExport } from './export-file.ts'
import { holdAgainst } from './hold-against.ts'
import { inTheDatabase, nextStep } from './next-step.ts'
import { recordInLog } from './record.ts'
import { asJson, exitCodeOf, inWords, type Verified } from './report.ts'
import { auditCommand, type Settings } from './settings.ts'
import { readThreads } from './thread-anchors.ts'

export type VerifyOptions = {
  /** A database other than the one in the settings; nothing is recorded in it. */
  readonly db?: string
  /** An export in ndjson, instead of a database. */
  readonly export?: string
  readonly anchors?: readonly string[]
  /** True to read the checkpoints in the threads of cards as well. */
  readonly slack?: boolean
  readonly json?: boolean
}

/**
 * Says whether a log is intact and complete. Resolves to the exit code: 0 if both; 1 if one is not; 2 if not everything
 * could be checked.
 */
export function verifyAudit(options: VerifyOptions, terminal: Terminal): Promise<number> {
  return auditCommand(terminal, async (settings, here) => {
    const anchors = await anchorsFor(options, settings, here)
    const verified =
      options.export === undefined
        ? await verifyDatabase(whichDatabase(options.db, settings.database), settings.keys, anchors)
        : await verifyExport(options.export, { keys: settings.keys, anchors })
    const anchored = anchors !== null && anchors.length > 0
    const next = nextStep(verified, settings.keys, options.export !== undefined) ?? []
    for (const line of options.json ? [asJson(verified)] : inWords(verified, { anchored }).concat(next)) here.tell(line)
    if (options.db === undefined && options.export === undefined) await record(settings, verified, here)
    return exitCodeOf(verified)
  })
}

/** Read before the log, so that none of them can know more of it. Null if none were asked for. */
export async function anchorsFor(options: VerifyOptions, settings: Settings, here: Here): Promise<Anchors> {
  if (!options.anchors && !options.slack) return null
  if (options.slack && options.export !== undefined)
    throw new Refusal('invalid', 'An export does not say where the cards are: give it --anchors instead of --slack.')
  const inFiles = await Promise.all((options.anchors ?? []).map(readAnchors))
  const inSlack = options.slack
    ? await readThreads(whichDatabase(options.db, settings.database), settings.slack, here)
    : []
  return [...inFiles.flat(), ...inSlack]
}

/**
 * Reads the database and leaves it as it is. A schema that differs from the migrations' counts against the log, since it
 * can keep entries from being written. Throws a Refusal if the database can't be read.
 */
export function verifyDatabase(path: string, keys: Keys, anchors: Anchors): Promise<Verified> {
  return withEvidence(path, async (evidence) => ({
    ...(await verifyEvidence(evidence, keys, anchors)),
    filtered: false,
  }))
}

/** If tables or columns are missing that it needs, the rest of the database can't be read: that is then the result. */
export async function verifyEvidence(
  evidence: Omit<Evidence, 'close'>,
  keys: Keys,
  anchors: Anchors,
): Promise<Verification> {
  const { schema } = evidence
  const now = new Date()
  const verifierOf = (given: Pick<Parameters<typeof createVerifier>[0], 'anchors' | 'isStored'>) => {
    const verifier = createVerifier({ ...given, keys, now })
    for (const what of schema) verifier.wrong(null, inTheDatabase(what))
    return verifier
  }
  try {
    const verifier = verifierOf({ anchors, isStored: true })
    await holdAgainst(evidence, verifier)
    return verifier.end()
  } catch (error) {
    if (schema.length === 0) throw error
    const only = verifierOf({ anchors: null, isStored: false })
    only.wrong(null, `so the entries could not be read (${messageOf(error)})`)
    return only.end()
  }
}

/** A log that could not be checked has no outcome to record. */
async function record(
  settings: Settings,
  { intact, complete, size, head, lastKey }: Verified,
  here: Here,
): Promise<void> {
  if (intact.holds === null) return
  const fact = { type: 'log_verified', intact: intact.holds, complete: complete.holds, size, head } as const
  await recordInLog(settings, { size, lastKey }, fact, here)
}
