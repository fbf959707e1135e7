import type { Linked } from '../../domain/audit/chain-check.ts'

const columns = ['seq', 'at', 'actor', 'changeId', 'type', 'body', 'version', 'key', 'previous', 'hash'] as const

export const csvHeader = `${columns.join(',')}\r\n`

/**
 * For reading in a spreadsheet: anything that looks like a formula is marked as text, so this is not what was hashed.
 */
export function csvOf(entry: Linked): string {
  return `${columns.map((column) => cell(entry[column])).join(',')}\r\n`
}

function cell(value: string | number | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
