import type Sqlite from 'better-sqlite3'
import type { Change } from '../../src/domain/change/change.ts'
import { evolve, open } from '../../src/domain/change/evolve.ts'
import { sealOf } from '../../src/domain/change/seal.ts'
import type { Settings } from '../../src/domain/token/token.ts'
import { addRows, largest, type NewRow } from './rows.ts'
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
export function writePast(db: Sqlite.Database, past: Past): void {
  const { changes, events } = pastOf(past, {
    seq: largest(db, 'seq', 'audit_events'),
    id: largest(db, 'id', 'change_requests'),
  })
  addRows(db, 'change_requests', changes)
  addRows(db, 'audit_events', events)
}

/** The rows of such a life, after those up to these numbers. */
export function pastOf({ tokenUid, settings, changes, editEvery }: Past, after: { seq: number; id: number }) {
  const rows = { changes: [] as NewRow[], events: [] as NewRow[] }
  let { seq } = after
  const described = (text: string): Settings => ({ ...settings, description: text })
  let before = described('in the beginning')
  for (let i = 0; i < changes; i++) {
    const id = after.id + 1 + i
    const asked = { ...proposal({ tokenUid, before, after: described(`change ${i + 1}`) }) }
    const done = applied(id, asked, i)
    note(i, { actor: alice, change_id: id, type: 'proposed', body: { ...asked, at: at(i) } })
    note(i, { actor: 'app', change_id: id, type: 'applied', body: { at: at(i), written: true } })
    rows.changes.push(changeRow(done, `past:${tokenUid}:${i}`, seq))
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
    note(i, { actor: 'app', change_id: null, type: 'outside_edit', body: fact })
    before = fact.after
  }
  return rows

  function note(minute: number, { body, ...entry }: NewRow): void {
    rows.events.push({ seq: ++seq, at: at(minute), ...entry, body: JSON.stringify(body) })
  }
}

function changeRow(change: Change, origin: string, seq: number): NewRow {
  const { id, tokenUid } = change
  const stands = { requester: alice, status: 'applied', revision: 1, state: JSON.stringify(change), origin, seq }
  const card = { card_channel: 'C0APPROVALS', card_ts: '1700000000.000100', card_seq: seq }
  return { id, stack: 'website', token_uid: tokenUid, ...stands, told: 'applied 1', ...card, anchored: 'everywhere' }
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
