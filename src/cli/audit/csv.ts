import type { Linked } from '../../domain/audit/chain-check.ts'
import { csvLine } from '../csv.ts'

const columns = ['seq', 'at', 'actor', 'changeId', 'type', 'body', 'version', 'key', 'previous', 'hash'] as const

export const csvHeader = `${columns.join(',')}\r\n`

/**
 * For reading in a spreadsheet: anything that looks like a formula is marked as text, so this is not what was hashed.
 */
export function csvOf(entry: Linked): string {
  return `${csvLine(columns.map((column) => entry[column]))}\r\n`
}
