/** A line of CSV without its end. For spreadsheets: anything that looks like a formula is marked as text. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return cells.map(cell).join(',')
}

function cell(value: string | number | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
