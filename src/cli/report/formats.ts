import type { ReportRow } from '../../domain/audit/report.ts'
import { lengthInWords } from '../../words/lengths.ts'
import { csvLine } from '../csv.ts'
import { asJson } from '../json.ts'
import { moment, oneLine, table } from '../table.ts'

/** The rows, with stacks as people call them. `since` and `until` are instants; `stack` is null for all of them. */
export type Report = {
  readonly since: string
  readonly until: string
  readonly stack: string | null
  readonly rows: readonly ReportRow[]
}

const formats = ['table', 'csv', 'json'] as const
export type Format = (typeof formats)[number]

export function isFormat(text: string): text is Format {
  return (formats as readonly string[]).includes(text)
}

/** The lines of a report in each format; only a table is fitted to the `columns` of a terminal. */
export const linesOf: Readonly<Record<Format, (report: Report, columns: number | null) => string[]>> = {
  table: inTables,
  csv: asCsv,
  json: ({ since, until, rows }) => [asJson({ since, until, rows: rows.map(flat) })],
}

/** Two tables, since one would be too wide for a terminal: what came of the changes, and how. */
function inTables({ since, until, stack, rows }: Report, columns: number | null): string[] {
  const which = `from ${moment(since)} to ${moment(until)}`
  if (rows.length === 0) return [`No changes were asked for ${which}${stack === null ? '' : ` on ${oneLine(stack)}`}.`]
  return [
    `Changes asked for ${which}:`,
    '',
    ...table(['STACK', 'RULE', ...outcomeHeads], rows.map(outcomeCells), columns),
    '',
    ...table(['STACK', 'RULE', ...wayHeads], rows.map(wayCells), columns),
    '',
    ...legend,
  ]
}

const outcomeHeads = ['ASKED', 'APPLIED', 'FAILED', 'REJECTED', 'CANCELLED', 'EXPIRED', 'OPEN']
const wayHeads = ['P50 DECIDED', 'P95 DECIDED', 'P50 ENDED', 'P95 ENDED', 'VOIDED', 'DRIFTS']
const legend = [
  'DECIDED: from asking to the first approval or rejection. ENDED: to the end.',
  'P50: half took no longer. P95: 95 of 100 took no longer.',
  'VOIDED: approvals that no longer counted. DRIFTS: times the token had changed.',
]

function outcomeCells({ stack, rule, asked, outcomes }: ReportRow): string[] {
  const { applied, failed, rejected, cancelled, expired, open } = outcomes
  return [stack, rule ?? '-', ...[asked, applied, failed, rejected, cancelled, expired, open].map(String)]
}

function wayCells({ stack, rule, toFirstDecision, toEnd, voidedApprovals, drifts }: ReportRow): string[] {
  const lengths = [toFirstDecision.p50, toFirstDecision.p95, toEnd.p50, toEnd.p95]
  return [stack, rule ?? '-', ...lengths.map(lengthOrNone), String(voidedApprovals), String(drifts)]
}

function lengthOrNone(seconds: number | null): string {
  return seconds === null ? '-' : lengthInWords(seconds)
}

/** For programs: the same names in csv and json, and whole seconds. */
function flat({ stack, rule, asked, outcomes, toFirstDecision, toEnd, voidedApprovals, drifts }: ReportRow) {
  const { applied, failed, rejected, cancelled, expired, open } = outcomes
  return {
    ...{ stack, rule, asked, applied, failed, rejected, cancelled, expired, open },
    p50SecondsToFirstDecision: toFirstDecision.p50,
    p95SecondsToFirstDecision: toFirstDecision.p95,
    p50SecondsToEnd: toEnd.p50,
    p95SecondsToEnd: toEnd.p95,
    voidedApprovals,
    drifts,
  }
}

const csvColumns = [
  ...(['stack', 'rule', 'asked', 'applied', 'failed', 'rejected', 'cancelled', 'expired', 'open'] as const),
  ...(['p50SecondsToFirstDecision', 'p95SecondsToFirstDecision', 'p50SecondsToEnd', 'p95SecondsToEnd'] as const),
  ...(['voidedApprovals', 'drifts'] as const),
] satisfies readonly (keyof ReturnType<typeof flat>)[]

/** Whoever tells a line ends it with a newline; the carriage return before it makes it a line of CSV. */
function asCsv({ rows }: Report): string[] {
  const lines = rows.map(flat).map((row) => csvColumns.map((column) => readable(row[column])))
  return [csvColumns, ...lines].map((cells) => `${csvLine(cells)}\r`)
}

/** A name from the log can't steer the terminal that shows it. */
function readable(value: string | number | null): string | number | null {
  return typeof value === 'string' ? oneLine(value) : value
}
