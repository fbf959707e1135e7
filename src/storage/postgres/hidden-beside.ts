import { misfit } from '../../domain/change/beside.ts'
import type { Change } from '../../domain/change/change.ts'
import { columnsOf, openNames, type Row } from './change-rows.ts'
import { type On, statement } from './statements.ts'

/** Of all that may still lead to something, only those are read whose state has this token's name anywhere. */
const going = statement<Row>(
  'going-beside',
  `select ${columnsOf('c')} from change_requests c
   where (due_at is not null or watch_until is not null or status in (${openNames})) and id <> $1 and strpos(state, $2) > 0
   order by id`,
)

/**
 * Another change of the same token that may still lead to something, and that a request beside it would not see, as a
 * clause; null if there is none.
 */
export async function hiddenBeside(
  on: On,
  change: Change,
  readable: (row: Row) => Change | null,
): Promise<string | null> {
  for (const row of await going(on, change.id, JSON.stringify(change.tokenUid))) {
    const other = readable(row)
    if (other === null || other.stack !== change.stack || other.tokenUid !== change.tokenUid) continue
    const differs = misfit(row, other)
    if (differs) return `change #${other.id} of the same token is not stored as it says itself: ${differs}`
  }
  return null
}
