import { loadTerminal } from '../../config/config.ts'
import { createReport, type ReportRow } from '../../domain/audit/report.ts'
import { idOfStack, type KnownStacks, nameOfStack } from '../../domain/change/known-stacks.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Evidence } from '../../ports/evidence.ts'
import { command } from '../command.ts'
import { named } from '../known-stacks.ts'
import { withEvidence } from '../store.ts'
import type { Terminal } from '../terminal.ts'
import { whichDatabase } from '../which-database.ts'
import { type Format, isFormat, linesOf } from './formats.ts'
import { sinceOf } from './since.ts'

export type ReportOptions = {
  /** How long ago, a day or an instant. */
  readonly since: string
  /** As people call it. */
  readonly stack?: string
  readonly format: string
  /** A database other than the one in the settings. */
  readonly db?: string
}

/** `report`: what became of changes, by stack and rule. Only reads, so the app may go on meanwhile. */
export function tellReport(options: ReportOptions, terminal: Terminal): Promise<number> {
  return command(terminal, async ({ env, now, tell, columns }) => {
    const { stack = null } = options
    const format = formatOf(options.format)
    const until = now()
    const since = sinceOf(options.since, until)
    const { database } = loadTerminal({}, env)
    const rows = await withEvidence(whichDatabase(options.db, database), (evidence) =>
      rowsFrom(evidence, { since, stack }),
    )
    for (const line of linesOf[format]({ since, until: until.toISOString(), stack, rows }, columns)) tell(line)
  })
}

function formatOf(given: string): Format {
  if (isFormat(given)) return given
  throw new Refusal('invalid', `--format ${given} is not one of table, csv and json. Nothing was reported.`)
}

type Wanted = { readonly since: string; readonly stack: string | null }

async function rowsFrom(evidence: Evidence, { since, stack }: Wanted): Promise<readonly ReportRow[]> {
  const report = createReport(since)
  for await (const entries of evidence.entries()) for (const entry of entries) report.feed(entry)
  const rows = report.end()
  const known = await evidence.stacks()
  return (stack === null ? rows : onStack(stack, rows, known)).map((row) => named(known, row))
}

/** Throws a Refusal if the log knows no stack of that name. */
function onStack(name: string, rows: readonly ReportRow[], known: KnownStacks): readonly ReportRow[] {
  const wanted = idOfStack(known, name)
  const ids = new Set([...known.stacks, ...known.former].map(({ id }) => id).concat(rows.map(({ stack }) => stack)))
  if (ids.has(wanted)) return rows.filter(({ stack }) => stack === wanted)
  const names = [...ids].map((id) => nameOfStack(known, id)).join(', ')
  const instead = names === '' ? '' : `; there is ${names}`
  throw new Refusal('not_found', `There is no stack "${name}" in this log${instead}. Nothing was reported.`)
}
