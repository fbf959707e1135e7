import type Sqlite from 'better-sqlite3'
import type { Change } from '../../src/domain/change/change.ts'
import { evolve, open } from '../../src/domain/change/evolve.ts'
import { sealOf } from '../../src/domain/change/seal.ts'
import type { Settings } from '../../src/domain/token/token.ts'
import { alice, bob, proposal } from './world.ts'

type Past = {
  readonly tokenUid: string
  readonly settings: Settings
  readonly changes: number
  /** The number of changes between two edits of the token elsewhere. */
  readonly editEvery: number
}

const at = (minute: number) => new Date(Date.parse('2020-01-01T00:00:00.000Z') + minute * 60_000).toISOString()

/**
 * Writes a long life of one token straight into a database: every change was approved by Bob and applied, each on top
 * of the last, and nothing is left to do for any. The entries of the log are like those from before it was chained.
 */
export function writePast(db: Sqlite.Database, { tokenUid, settings, changes, editEvery }: Past): void {
  const change = db.prepare(
    `insert into change_requests (id, stack, token_uid, requester, status, revision, state, origin, seq, told, card_channel, card_ts, card_seq, anchored)
     values (?, 'website', ?, ?, 'applied', 1, ?, ?, ?, 'applied 1', 'C0APPROVALS', '1700000000.000100', ?, 'everywhere')`,
  )
  const event = db.prepare('insert into audit_events (seq, at, actor, change_id, type, body) values (?, ?, ?, ?, ?, ?)')
  db.transaction(() => {
    let seq = Number(db.prepare('select coalesce(max(seq), 0) from audit_events').pluck().get())
    const first = Number(db.prepare('select coalesce(max(id), 0) from change_requests').pluck().get()) + 1
    const described = (text: string): Settings => ({ ...settings, description: text })
    let before = described('in the beginning')
    for (let i = 0; i < changes; i++) {
      const asked = { ...proposal({ tokenUid, before, after: described(`change ${i + 1}`) }) }
      const done = applied(first + i, asked, i)
      seq += 2
      change.run(first + i, tokenUid, alice, JSON.stringify(done), `past:${tokenUid}:${i}`, seq, seq)
      event.run(seq - 1, at(i), alice, first + i, 'proposed', JSON.stringify({ ...asked, at: at(i) }))
      event.run(seq, at(i), 'app', first + i, 'applied', JSON.stringify({ at: at(i), written: true }))
      before = done.after
      if ((i + 1) % editEvery > 0) continue
      const fact = {
        stack: 'website',
        tokenUid,
        before,
        after: described(`by hand ${i + 1}`),
        by: 'blt1',
        editedAt: at(i),
      }
      event.run(++seq, at(i), 'app', null, 'outside_edit', JSON.stringify(fact))
      before = fact.after
    }
  })()
}

function applied(id: number, asked: ReturnType<typeof proposal>, minute: number): Change {
  const pending = open(id, { type: 'proposed', at: at(minute), ...asked })
  const seal = sealOf(pending)
  const lease = { holder: 'past', until: at(minute) }
  const approval = { by: bob, at: at(minute), revision: 1, seal, comment: '' }
  const approved = evolve(pending, { type: 'approved', ...approval, quorum: true })
  const started = evolve(approved, { type: 'apply_started', at: at(minute), lease, seal })
  return evolve(started, { type: 'applied', at: at(minute), written: true })
}
