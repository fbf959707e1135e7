import { median, percentile } from './numbers.ts'
import type { Strain } from './strain.ts'

export type Row = {
  readonly ours: number
  /** Bare Bolt, or the bare work, in the same run; null if it has nothing comparable. */
  readonly floor: number | null
  readonly ratio: number | null
  /** The ratio not to exceed, or without a floor the value; null if it is only shown. */
  readonly target: number | null
  readonly unit: 'ms' | 'MB' | '%' | 'lost' | 'twice' | 'connections'
  /** True if the target is met; null if there is none. */
  readonly met: boolean | null
}
export type Rows = Record<string, Row>

type Compared = { ours: number; floor: number; target: number | null; unit: Row['unit'] }

export function row({ ours, floor, target, unit }: Compared): Row {
  const ratio = ours / floor
  return {
    ours: round(ours),
    floor: round(floor),
    ratio: round(ratio),
    target,
    unit,
    met: target === null ? null : ratio <= target,
  }
}

/** For something bare Bolt does not have: `target` is a value not to exceed. */
export function ownRow({ ours, target, unit }: Omit<Compared, 'floor' | 'target'> & { target: number }): Row {
  return { ours: round(ours), floor: null, ratio: null, target, unit, met: ours <= target }
}

/** Two rows for samples in milliseconds: the median, and the 99th percentile. */
export function delayRows(
  name: string,
  ours: readonly number[],
  floor: readonly number[],
  target: number | null,
): Rows {
  const at = (share: number) =>
    row({ ours: percentile(ours, share), floor: percentile(floor, share), target, unit: 'ms' })
  return { [`${name}_p50`]: at(0.5), [`${name}_p99`]: at(0.99) }
}

/** Two rows: how long an event loop stood still, and how long it worked at a stretch; medians over some rounds. */
export function blockRows(name: string, strains: readonly Strain[], target: number): Rows {
  const of = (what: 'longestBlockMs' | 'longestWorkMs') =>
    ownRow({ ours: median(strains.map((strain) => strain[what])), target, unit: 'ms' })
  return { [`${name}_block`]: of('longestBlockMs'), [`${name}_block_at_work`]: of('longestWorkMs') }
}

/** For people. */
export function asTable(rows: Rows): string {
  const cells = Object.entries(rows).map(([name, row]) => [
    name.replaceAll('_', ' '),
    `${row.ours} ${row.unit}`,
    row.floor === null ? '' : `${row.floor} ${row.unit}`,
    row.ratio === null ? '' : `${row.ratio.toFixed(2)} ×`,
    atMost(row),
    row.met === null ? '' : row.met ? 'met' : 'MISSED',
  ])
  const all = [['', 'ours', 'floor', 'ratio', 'at most', ''], ...cells]
  const widths = all[0]!.map((_, column) => Math.max(...all.map((line) => line[column]!.length)))
  return all.map((line) => lineOf(line, widths)).join('\n')
}

function atMost({ target, ratio, unit }: Row): string {
  if (target === null) return ''
  return ratio === null ? `${target} ${unit}` : `${target} ×`
}

function lineOf(line: readonly string[], widths: readonly number[]): string {
  const padded = line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
  return padded.join('  ').trimEnd()
}

function round(value: number): number {
  return Number(value.toFixed(3))
}
