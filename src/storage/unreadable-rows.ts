/** A row with text that Countersign doesn't write: somebody else wrote it, or the file is damaged. */
export type UnreadableRow = {
  readonly table: 'audit_events' | 'change_requests' | 'homes' | 'stacks' | 'tokens'
  readonly row: string
}

export type OnUnreadable = (row: UnreadableRow) => void

/** The thing that is lost with the row, in words; null if a later look or visit writes it again. */
export function keptForGood({ table, row }: UnreadableRow): string | null {
  if (table === 'change_requests') return `change #${row}`
  return table === 'audit_events' ? `entry #${row} of the log` : null
}

/** Reads a row, or reports once that it can't be read, and returns null. So no row keeps others from being read. */
export type ReadRow = <T>(table: UnreadableRow['table'], row: string, read: () => T) => T | null

export function readsRows(onUnreadable: OnUnreadable): ReadRow {
  const told = new Set<string>()
  return (table, row, read) => {
    try {
      return read()
    } catch {
      if (!told.has(`${table} ${row}`)) onUnreadable({ table, row })
      told.add(`${table} ${row}`)
      return null
    }
  }
}
