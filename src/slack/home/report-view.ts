import type { KnownBlock, ModalView } from '@slack/types'
import type { ReportRow } from '../../domain/audit/report.ts'
import { lengthInWords } from '../../words/lengths.ts'
import { line, type Piece, quote } from '../../words/pieces.ts'
import { count } from '../../words/text.ts'
import { button, context, limits } from '../kit/blocks.ts'
import { homeLine } from '../kit/home-line.ts'
import { modals, reportActions } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { modal } from '../kit/modal.ts'

/** A row, and the name that people know its stack by. */
export type TitledRow = { readonly row: ReportRow; readonly stackTitle: string }

/** As many as anybody reads: the terminal has all of them. */
const mostRows = 40

/** Shown at once, while the log is read. */
export function countingView(days: number): ModalView {
  return reportModal([context(`Counting the changes of the last ${days} days. The report comes here in a moment.`)])
}

/** Outcomes and times: a paragraph for each rule on each stack, and the choice of how far back. */
export function reportView(days: number, since: string, rows: readonly TitledRow[]): ModalView {
  const shown = rows.slice(0, mostRows)
  const hidden = rows.length - shown.length
  const none = [line('No changes were asked for since ', { at: since }, '.')]
  return reportModal([
    { type: 'actions', elements: periods(days) },
    ...pack([rows.length === 0 ? none : [line('Changes asked for since ', { at: since }, ':')]], 1),
    ...pack(shown.map(rowPieces), limits.viewBlocks - 10),
    ...pack([hidden > 0 ? [line(`and ${hidden} more: the report at a terminal has all of them`)] : []], 1),
  ])
}

/** Why there is none. */
export function noReportView(why: string): ModalView {
  return reportModal(pack([[quote(why)]], 1))
}

function reportModal(blocks: KnownBlock[]): ModalView {
  return modal({ callback: modals.report, title: 'Report', close: 'Close', blocks })
}

function periods(chosen: number) {
  return Object.entries(reportActions).map(([days, action]) =>
    button({
      text: `${days} days`,
      action,
      label: `Report on the last ${days} days`,
      ...(Number(days) === chosen && { style: 'primary' as const }),
    }),
  )
}

function rowPieces({ row, stackTitle }: TitledRow): Piece[] {
  const { rule, asked, outcomes, toFirstDecision, toEnd, voidedApprovals, drifts } = row
  const known = Object.entries(outcomes).flatMap(([outcome, many]) => (many > 0 ? [`${many} ${outcome}`] : []))
  return [
    homeLine({ said: stackTitle }, ', ', rule === null ? 'no rule named' : { said: rule }),
    line({ strong: `${asked} asked for` }, `: ${known.join(', ')}`),
    ...took('First decision', toFirstDecision),
    ...took('End', toEnd),
    ...(voidedApprovals > 0 ? [line(`${count(voidedApprovals, 'approval')} no longer counted`)] : []),
    ...(drifts > 0
      ? [line(`Stopped ${drifts === 1 ? 'once' : `${drifts} times`}, since the token had been changed meanwhile`)]
      : []),
  ]
}

/** Nearest ranks, so each of these lengths is one that a change took. */
function took(what: string, { p50, p95 }: ReportRow['toEnd']): Piece[] {
  if (p50 === null || p95 === null) return []
  return [line({ strong: what }, `: half within ${lengthInWords(p50)}, 95 of 100 within ${lengthInWords(p95)}`)]
}
