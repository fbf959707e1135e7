import type { Change } from '../../domain/change/change.ts'
import { type LastLeft, lastLeft } from '../../domain/looks/last-left.ts'
import type { TokenRef } from '../../ports/changes.ts'
import type { ReadsChanges } from '../stored-changes.ts'
import type { ReadRow } from '../unreadable-rows.ts'
import type { ChangeRows } from './change-rows.ts'
import type { Database } from './database.ts'
import { prepareLogOrder } from './log-order.ts'
import { prepareLastEdit, recentEdits } from './past.ts'

type Tools = {
  readonly db: Database
  readonly changes: ChangeRows
  readonly read: ReadsChanges
  readonly readRow: ReadRow
}

/** Finds what may have moved a token, by changes and by the log. */
export function prepareTokenMoves({ db, changes, read, readRow }: Tools) {
  const isLater = prepareLogOrder(db)
  const lastEdit = prepareLastEdit(db, readRow)
  return (of: TokenRef) => ({
    left: () => left(of),
    recent: () => ofToken(of),
    editsSince: (since: string) => recentEdits(db, of, since, readRow),
    isLater,
  })

  function left(of: TokenRef): LastLeft | null {
    const edit = lastEdit(of)
    return lastLeft(lastApplied(of), edit && { ...edit, ...edit.fact })
  }

  function ofToken({ stack, tokenUid }: TokenRef): Change[] {
    const any = { stack, tokenUid, id: 0 }
    return [...changes.beside(any), ...changes.recent(any)].flatMap((row) => read.readable(row) ?? [])
  }

  /** The last change that was applied to it, with its place in the log. */
  function lastApplied(of: TokenRef): { seq: number; change: Change } | null {
    const row = changes.recent({ ...of, id: 0 }).find(({ status }) => status === 'applied')
    const change = row && read.readable(row)
    return row && change ? { seq: row.seq, change } : null
  }
}
