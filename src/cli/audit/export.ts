import type { Writable } from 'node:stream'
import { idOfStack, nameOfStack } from '../../domain/change/known-stacks.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Evidence } from '../../ports/evidence.ts'
import { instantOf } from '../instant.ts'
import { splitStack } from '../pick-token.ts'
import { withEvidence } from '../store.ts'
import type { Terminal } from '../terminal.ts'
import { whichDatabase } from '../which-database.ts'
import { exportLog, type Format } from './export-lines.ts'
import { recordInLog } from './record.ts'
import { auditCommand } from './settings.ts'

export type ExportOptions = {
  /** A database other than the one in the settings; nothing is recorded in it. */
  readonly db?: string
  readonly format: string
  /** A day or an instant: ISO 8601. */
  readonly since?: string
  /** `<stack>/<name or uid>`, or the second half alone. */
  readonly token?: string
}

/** Writes the log to `out`. Resolves to the exit code: 0, or 2 if it could not be exported. */
export function exportAudit(options: ExportOptions, terminal: Terminal & { out: Writable }): Promise<number> {
  return auditCommand(terminal, async (settings, here) => {
    const format = formatOf(options.format)
    const since = options.since === undefined ? null : sinceOf(options.since)
    const exported = await withEvidence(whichDatabase(options.db, settings.database), async (evidence) => {
      const token = options.token === undefined ? null : await tokenCalled(evidence, options.token)
      return exportLog(evidence, { format, since, token }, settings.keys.current, terminal.out)
    })
    const fact = { type: 'log_exported', format, entries: exported.entries } as const
    if (options.db === undefined) await recordInLog(settings, exported, fact, here)
    return 0
  })
}

function formatOf(given: string): Format {
  if (given === 'ndjson' || given === 'csv') return given
  throw new Refusal('invalid', `--format ${given} is neither ndjson nor csv. Nothing was exported.`)
}

function sinceOf(given: string): string {
  const since = instantOf(given)
  if (since !== null) return since
  throw new Refusal(
    'invalid',
    `--since ${given} can't be read: give a day such as 2026-06-01, or an instant such as 2026-06-01T09:00:00Z. Nothing was exported.`,
  )
}

/** The one token that has or had this name. Throws a Refusal if there is none, or several. */
async function tokenCalled(evidence: Evidence, wanted: string): Promise<{ stack: string; uid: string }> {
  const known = await evidence.stacks()
  const { stack, name } = splitStack(wanted)
  const wantedStack = idOfStack(known, stack)
  const inStack = (await evidence.tokensCalled(name)).filter((token) => token.stack === wantedStack)
  const found = stack !== '' && inStack.length > 0 ? inStack : await evidence.tokensCalled(wanted)
  if (found.length === 1) return found[0]!
  const named = found.map(({ stack, uid }) => `${nameOfStack(known, stack)}/${uid}`).join(', ')
  throw new Refusal(
    'not_found',
    found.length === 0
      ? `No token in this log is or was called "${wanted}". Nothing was exported.`
      : `Several tokens are or were called "${wanted}": give one of ${named}. Nothing was exported.`,
  )
}
