import { type Change, change } from '../domain/change/change.ts'
import { Refusal } from '../domain/refusal.ts'
import type { CardRef } from '../ports/cards.ts'
import type { StoredChange } from '../ports/changes.ts'
import { readOnce } from './read-once.ts'
import type { ReadRow } from './unreadable-rows.ts'

/** Of the row of a change: what it is read from, and what is known of its card and of whom was told. */
export type ChangeRow = {
  readonly id: number
  readonly state: string
  readonly seq: number
  readonly cardChannel: CardRef['channel'] | null
  readonly cardTs: CardRef['ts'] | null
  readonly cardSeq: number | null
  readonly cardPosting: number
  readonly told: string | null
}

export type ReadsChanges = ReturnType<typeof readsChanges>

/** Reads rows as the changes that they hold. */
export function readsChanges(readRow: ReadRow) {
  const readChange = readOnce(change)
  return { readable, required, stored, listed }

  /** Null for one that can't be read. */
  function readable({ id, state }: Pick<ChangeRow, 'id' | 'state'>): Change | null {
    return readRow('change_requests', String(id), () => readChange(id, state))
  }

  /** Throws a Refusal for one that can't be read. */
  function required(row: Pick<ChangeRow, 'id' | 'state'>): Change {
    const change = readable(row)
    if (change === null) throw notReadable(row.id)
    return change
  }

  function stored(row: ChangeRow): StoredChange {
    const { cardChannel: channel, cardTs: ts, cardSeq: seq } = row
    return {
      change: required(row),
      seq: row.seq,
      card: channel !== null && ts !== null && seq !== null ? { channel, ts, seq } : null,
      cardInDoubt: row.cardPosting > 0,
      told: row.told,
    }
  }

  /** As it stands in a list: one that can't be read leaves the others there. */
  function listed(row: ChangeRow): StoredChange[] {
    return readable(row) === null ? [] : [stored(row)]
  }
}

function notReadable(id: number): Refusal {
  return new Refusal(
    'unavailable',
    `Change #${id} can't be read from the database, so nothing can be shown or done of it, nor be written to its token. Tell whoever runs Countersign.`,
  )
}
