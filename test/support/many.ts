import type { Change } from '../../src/domain/change.ts'
import type { Fact } from '../../src/domain/fact.ts'
import type { Database } from '../../src/storage/database.ts'
import { auditEvents, changeRequests, tokens } from '../../src/storage/schema.ts'
import { pending } from './changes.ts'
import { settings } from './world.ts'

type Counts = {
  ended?: number
  open?: number
  outsideEdits?: number
  lookedAt?: number
  expiring?: number
  lasting?: number
}

const at = '2026-06-01T09:00:00.000Z'

/** A database of a long life, written without its history: as many of each as asked for, the oldest first. */
export function fill(db: Database, counts: Counts): void {
  const { ended = 0, open = 0, outsideEdits = 0, lookedAt = 0, expiring = 0, lasting = 0 } = counts
  db.$client.transaction(() => {
    const started = db.$client.prepare('select coalesce(max(seq), 0) from audit_events').pluck().get() as number
    let seq = started
    const note = ({ type, ...body }: Fact) =>
      db
        .insert(auditEvents)
        .values({ seq: ++seq, at, actor: 'app', changeId: null, type, body: JSON.stringify(body) })
        .run()
    for (let i = 0; i < ended + open; i++) insertChange(db, i < ended, ++seq)
    for (let i = 0; i < outsideEdits + lookedAt; i++) {
      note(outsideEdit(i))
      if (i < lookedAt) note({ type: 'outside_edit_seen', edit: seq })
    }
    for (let i = 0; i < expiring + lasting; i++) insertToken(db, i, i < expiring ? '2026-06-20' : null)
  })()
}

export function outsideEdit(i: number): Extract<Fact, { type: 'outside_edit' }> {
  const uid = `t${i}`
  const before = settings({ name: `token-${i}` })
  const after = settings({ name: `token-${i}`, description: `By hand ${i}` })
  return { type: 'outside_edit', stack: 'website', tokenUid: uid, before, after, by: 'blt1', editedAt: at }
}

function insertChange(db: Database, hasEnded: boolean, seq: number): void {
  const waiting = pending({ tokenUid: `t${seq}` })
  const change: Change = hasEnded ? { ...waiting, status: 'expired', endedAt: at } : waiting
  const { stack, tokenUid, requester, status, revision } = change
  const { id } = db
    .insert(changeRequests)
    .values({ stack, tokenUid, requester, status, revision, origin: `${seq}`, seq, state: '', told: 'sent' })
    .returning({ id: changeRequests.id })
    .get()
  db.$client
    .prepare('update change_requests set state = ?, due_at = ? where id = ?')
    .run(JSON.stringify({ ...change, id }), hasEnded ? null : change.remindAt, id)
}

function insertToken(db: Database, i: number, expiresOn: string | null): void {
  const uid = `t${String(i).padStart(5, '0')}`
  db.insert(tokens)
    .values({ stack: 'website', uid, settings: JSON.stringify(settings({ name: uid, expiresOn })), seenAt: at })
    .run()
}
