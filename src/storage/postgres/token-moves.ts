import type { Change } from '../../domain/change/change.ts'
import { type LastLeft, lastLeft } from '../../domain/looks/last-left.ts'
import { type NotedRow, noted } from '../noted.ts'
import type { ReadsChanges } from '../stored-changes.ts'
import type { ReadRow } from '../unreadable-rows.ts'
import { columnsOf, isOfToken, mayHaveWritten, mostRecent, type Row } from './change-rows.ts'
import { type On, statement } from './statements.ts'
import { keyOf, type Which } from './token-rows.ts'

type Tools = { readonly read: ReadsChanges; readonly readRow: ReadRow }

type ChangeRow = Row & { readonly started: number }
type EditRow = NotedRow & Which

/** Finds what may have moved these tokens, by changes and by the log: all of it in two queries, for a look at many. */
export function prepareTokenMoves({ read, readRow }: Tools) {
  return async (on: On, tokens: readonly Which[]) => {
    const asked = [tokens.map(({ stack }) => stack), tokens.map(({ uid }) => uid)]
    const changes = tokens.length === 0 ? [] : await findChanges(on, ...asked)
    const edits = tokens.length === 0 ? [] : await findEdits(on, ...asked)
    const changesOf = Map.groupBy(changes, ({ stack, tokenUid }) => keyOf({ stack, uid: tokenUid }))
    const editsOf = Map.groupBy(edits, keyOf)
    return (of: Which) => movesOf(changesOf.get(keyOf(of)) ?? [], editsOf.get(keyOf(of)) ?? [])
  }

  function movesOf(changes: readonly ChangeRow[], edits: readonly EditRow[]) {
    return {
      left: () => left(changes, edits),
      recent: () => changes.flatMap((row) => read.readable(row) ?? []),
      editsSince: (since: string) =>
        edits
          .flatMap((row) => noted<'outside_edit'>(row, readRow) ?? [])
          .flatMap(({ at, fact: { before, after } }) => (at > since ? [{ before, after }] : [])),
      isLater: (other: Change, change: Change) => {
        const rowOf = ({ id }: Change) => changes.find((row) => row.id === id)
        return (rowOf(other)?.seq ?? 0) > (rowOf(change)?.started ?? 0)
      },
    }
  }

  function left(changes: readonly ChangeRow[], [last]: readonly EditRow[]): LastLeft | null {
    const edit = last ? noted<'outside_edit'>(last, readRow) : null
    return lastLeft(lastApplied(changes), edit && { ...edit, ...edit.fact })
  }

  /** The last change that was applied to it, with its place in the log. */
  function lastApplied(changes: readonly ChangeRow[]): { seq: number; change: Change } | null {
    const row = changes.find(({ status }) => status === 'applied')
    const change = row && read.readable(row)
    return row && change ? { seq: row.seq, change } : null
  }
}

const asked = 'unnest($1::text[], $2::text[]) as asked (stack, uid)'

/** Open ones, and the last closed ones, newest first; `started`: the entry with which each was last begun to be applied. */
const findChanges = statement<ChangeRow>(
  'changes-around',
  `select ${columnsOf('c')}, (
     select coalesce(max(seq), 0) from audit_events where change_id = c.id and type = 'apply_started'
   ) as started
   from ${asked}, lateral (
     select c.* from change_requests c
     where c.stack = asked.stack and c.token_uid = asked.uid and c.due_at is not null
     union all
     (select c.* from change_requests c
      where ${isOfToken('asked.stack', 'asked.uid')} and ${mayHaveWritten}
      order by c.seq desc limit ${mostRecent})
   ) c
   order by c.due_at is null, case when c.due_at is null then -c.seq else c.id end`,
)

/** The newest edits of each that were noted as made elsewhere. */
const findEdits = statement<EditRow>(
  'edits-of',
  `select asked.stack, asked.uid, edit.* from ${asked}, lateral (
     select seq, at, type, body from audit_events
     where type = 'outside_edit' and in_json(body, 'stack') = asked.stack and in_json(body, 'tokenUid') = asked.uid
     order by seq desc limit ${mostRecent}
   ) edit
   order by edit.seq desc`,
)
