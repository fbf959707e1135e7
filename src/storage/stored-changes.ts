import { type Change, change } from '../domain/change/change.ts'
import { Refusal } from '../domain/refusal.ts'
import type { CardRef } from '../ports/cards.ts'
import type { StoredChange } from '../ports/changes.ts'
import { readOnce } from './read-once.ts'
import type { ReadRow } from './unreadable-rows.ts'

/** The part of a change's row that it is read from, with what is known of its card and of who was told. */
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

/** Reads the changes in rows. */
export function readsChanges(readRow: ReadRow) {
  const readChange = readOnce(change)
  return { readable, required, stored, listed }

  /** Null for a change that can't be read. */
  function readable({ id, state }: Pick<ChangeRow, 'id' | 'state'>): Change | null {
    return readRow('change_requests', String(id), () => readChange(id, state))
  }

  /** Throws a Refusal for a change that can't be read. */
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

  /** For a list: an unreadable change does not hide the others. */
  function listed(row: ChangeRow): StoredChange[] {
    return readable(row) === null ? [] : [stored(row)]
  }
}

function notReadable(id: number): Refusal {
  return new Refusal(
    'unavailable',
    `Change #${id} can't be read from the database, so it can't be shown or changed, and nothing is written to its token. Tell whoever runs Countersign.`,
  )
}
