import { randomUUID } from 'node:crypto'

/** What a form carries of its draft, with when it was opened: a process that does not have the draft can tell that from one that it forgot. */
export function draftId(at: Date): string {
  return `${at.getTime().toString(36)}-${randomUUID()}`
}

/** Null for what `draftId` did not make, such as the id of an earlier version. */
export function openedAt(id: string): Date | null {
  const [, ms] = /^([0-9a-z]{8,9})-[0-9a-f]{8}-/.exec(id) ?? []
  return ms === undefined ? null : new Date(Number.parseInt(ms, 36))
}
