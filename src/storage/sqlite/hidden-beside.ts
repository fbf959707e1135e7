import type { Breathe } from '../../breathe.ts'
import { misfit } from '../../domain/change/beside.ts'
import type { Change } from '../../domain/change/change.ts'
import type { TokenRef } from '../../ports/changes.ts'
import { type ChangeRows, mostRecent, type Row } from './change-rows.ts'

type Tools = {
  readonly changes: ChangeRows
  readonly readable: (row: Row) => Change | null
  readonly pause: Breathe
}

/**
 * Another change of the same token that may still lead to something, and that a request beside it would not see, as a
 * clause; null if there is none. Looks at every change, in runs between which others have their turn.
 */
export async function hiddenBeside(change: Change, { changes, readable, pause }: Tools): Promise<string | null> {
  for (let after = Number.MIN_SAFE_INTEGER; ; await pause()) {
    const { rows, last } = changes.goingAfter(after)
    for (const row of rows) {
      const other = readable(row)
      if (other === null || other.id === change.id || !isSameToken(other, change)) continue
      const differs = misfit(row, other)
      if (differs) return `change #${other.id} of the same token is not stored as it says itself: ${differs}`
      if (!isFound(row, change, changes))
        return `an index of the database leaves out change #${other.id} of the same token`
    }
    if (last === null) return null
    after = last
  }
}

function isFound({ id, dueAt }: Row, change: Change, { beside, recent }: ChangeRows): boolean {
  if (dueAt !== null) return beside(change).some((found) => found.id === id)
  const ended = recent(change)
  return ended.length === mostRecent || ended.some((found) => found.id === id)
}

function isSameToken(one: TokenRef, other: TokenRef): boolean {
  return one.stack === other.stack && one.tokenUid === other.tokenUid
}
