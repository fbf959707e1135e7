import { sql } from 'drizzle-orm'
import type { Fact } from '../../src/domain/audit/fact.ts'
import type { Change } from '../../src/domain/change/change.ts'
import { type Database, openDatabase } from '../../src/storage/sqlite/database.ts'
import { auditEvents, changeRequests, tokens } from '../../src/storage/sqlite/schema.ts'
import { pending } from './changes.ts'
import { emptyDatabase } from './file.ts'
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
export function fill(db: Database, counts: Counts): void {
  const { ended = 0, open = 0, outsideEdits = 0, lookedAt = 0, expiring = 0, lasting = 0 } = counts
  db.$client.transaction(() => {
    const started = db.$client.prepare('select coalesce(max(seq), 0) from audit_events').pluck().get() as number
    let seq = started
    const insert = prepareInserts(db)
    const note = ({ type, ...body }: Fact) => insert.event.run({ seq: ++seq, type, body: JSON.stringify(body) })
    for (let i = 0; i < ended + open; i++) insertChange(insert, i < ended, ++seq)
    for (let i = 0; i < outsideEdits + lookedAt; i++) {
      note(outsideEdit(i))
      if (i < lookedAt) note({ type: 'outside_edit_seen', edit: seq })
    }
    for (let i = 0; i < expiring + lasting; i++) insertToken(insert, i, i < expiring ? '2026-06-20' : null)
  })()
}

export function outsideEdit(i: number): Extract<Fact, { type: 'outside_edit' }> {
  const uid = `t${i}`
  const before = settings({ name: `token-${i}` })
  const after = settings({ name: `token-${i}`, description: `By hand ${i}` })
  return { type: 'outside_edit', stack: 'website', tokenUid: uid, before, after, by: 'blt1', editedAt: at }
}

/** Once for all rows: building an insert takes longer than running it. */
function prepareInserts(db: Database) {
  const place = sql.placeholder
  const of = { stack: place('stack'), tokenUid: place('tokenUid'), requester: place('requester') }
  const stands = { status: place('status'), revision: place('revision'), seq: place('seq') }
  const change = { ...of, ...stands, origin: place('origin'), state: '', told: 'sent' }
  const event = { seq: place('seq'), at, actor: 'app', changeId: null, type: place('type'), body: place('body') }
  const token = { stack: 'website', uid: place('uid'), settings: place('settings'), seenAt: at }
  return {
    change: db.insert(changeRequests).values(change).returning({ id: changeRequests.id }).prepare(),
    state: db.$client.prepare('update change_requests set state = ?, due_at = ? where id = ?'),
    event: db.insert(auditEvents).values(event).prepare(),
    token: db.insert(tokens).values(token).prepare(),
  }
}

type Inserts = ReturnType<typeof prepareInserts>

function insertChange(insert: Inserts, hasEnded: boolean, seq: number): void {
  const waiting = pending({ tokenUid: `t${seq}` })
  const change: Change = hasEnded ? { ...waiting, status: 'expired', endedAt: at } : waiting
  const { stack, tokenUid, requester, status, revision } = change
  const { id } = insert.change.get({ stack, tokenUid, requester, status, revision, origin: `${seq}`, seq })
  insert.state.run(JSON.stringify({ ...change, id }), hasEnded ? null : change.remindAt, id)
}

function insertToken(insert: Inserts, i: number, expiresOn: string | null): void {
  const uid = `t${String(i).padStart(5, '0')}`
  insert.token.run({ uid, settings: JSON.stringify(settings({ name: uid, expiresOn })) })
}
