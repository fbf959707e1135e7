import { randomUUID } from 'node:crypto'

/**
 * A form carries this id of its draft, with the time it was opened: a process that never had the draft can tell that
 * from having forgotten it.
 */
export function draftId(at: Date): string {
  return `${at.getTime().toString(36)}-${randomUUID()}`
}

/** Null for an id that `draftId` did not make, for example an earlier version's. */
export function openedAt(id: string): Date | null {
  const [, ms] = /^([0-9a-z]{8,9})-[0-9a-f]{8}-/.exec(id) ?? []
  return ms === undefined ? null : new Date(Number.parseInt(ms, 36))
}
