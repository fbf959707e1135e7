import type { Fact } from '../../src/domain/audit/fact.ts'
import type { Change } from '../../src/domain/change/change.ts'
import { type Database, openDatabase } from '../../src/storage/sqlite/database.ts'
import { pending } from './changes.ts'
import { emptyDatabase } from './file.ts'
import { addRows, largest, type NewRow } from './rows.ts'
import { settings } from './world.ts'

export type Counts = {
  ended?: number
  open?: number
  outsideEdits?: number
  lookedAt?: number
  expiring?: number
  lasting?: number
}

const at = '2026-06-01T09:00:00.000Z'

/** The path of a database filled with these. */
export function fileWith(counts: Counts): string {
  const path = emptyDatabase()
  const db = openDatabase(path)
  fill(db, counts)
  db.$client.close()
  return path
}

/** Fills a database as after long use, without its history: as many of each as asked for, oldest first. */
export function fill({ $client: db }: Database, counts: Counts): void {
  const rows = manyOf(counts, { seq: largest(db, 'seq', 'audit_events'), id: largest(db, 'id', 'change_requests') })
  addRows(db, 'change_requests', rows.changes)
  addRows(db, 'audit_events', rows.events)
  addRows(db, 'tokens', rows.tokens)
}

/** The rows of such a use, after those up to these numbers. */
export function manyOf(counts: Counts, after = { seq: 0, id: 0 }) {
  const { ended = 0, open = 0, outsideEdits = 0, lookedAt = 0, expiring = 0, lasting = 0 } = counts
  let { seq } = after
  const changes = each(ended + open, (i) => changeRow(after.id + 1 + i, i < ended, ++seq))
  const note = ({ type, ...body }: Fact) => ({ seq: ++seq, at, actor: 'app', type, body: JSON.stringify(body) })
  const events = each(outsideEdits + lookedAt, (i) => {
    const edit = note(outsideEdit(i))
    return i < lookedAt ? [edit, note({ type: 'outside_edit_seen', edit: seq })] : [edit]
  }).flat()
  const tokens = each(expiring + lasting, (i) => tokenRow(i, i < expiring ? '2026-06-20' : null))
  return { changes, events, tokens }
}

function each<T>(many: number, row: (i: number) => T): T[] {
  return Array.from({ length: many }, (_, i) => row(i))
}

export function outsideEdit(i: number): Extract<Fact, { type: 'outside_edit' }> {
  const uid = `t${i}`
  const before = settings({ name: `token-${i}` })
  const after = settings({ name: `token-${i}`, description: `By hand ${i}` })
  return { type: 'outside_edit', stack: 'website', tokenUid: uid, before, after, by: 'blt1', editedAt: at }
}

function changeRow(id: number, hasEnded: boolean, seq: number): NewRow {
  const waiting = { ...pending({ tokenUid: `t${seq}` }), id }
  const change: Change = hasEnded ? { ...waiting, status: 'expired', endedAt: at } : waiting
  const { stack, tokenUid, requester, status, revision } = change
  const state = { state: JSON.stringify(change), due_at: hasEnded ? null : change.remindAt }
  return { id, stack, token_uid: tokenUid, requester, status, revision, ...state, origin: `${seq}`, seq, told: 'sent' }
}

function tokenRow(i: number, expiresOn: string | null): NewRow {
  const uid = `t${String(i).padStart(5, '0')}`
  return { stack: 'website', uid, settings: JSON.stringify(settings({ name: uid, expiresOn })), seen_at: at }
}
