import type { Waiting } from '../../domain/room.ts'
import type { Asker, TokenRef } from '../../ports/changes.ts'
import { prepareAskedLately } from './asked-lately.ts'
import type { ChangeRows } from './change-rows.ts'
import type { Database } from './database.ts'

/** Tells what already waits for this requester and token, and when the requester asked within the last hour. */
export type WaitingOf = (of: TokenRef & Asker) => Waiting

export function prepareWaiting(db: Database, rows: ChangeRows, now: () => Date): WaitingOf {
  const askedLately = prepareAskedLately(db, now)
  return (of) => ({ ...rows.waiting(of), asked: askedLately(of.enteredBy ?? of.requester) })
}
