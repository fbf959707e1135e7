import Sqlite from 'better-sqlite3'
import { type AuditKey, entryHash, genesis } from '../../src/domain/audit/chain.ts'
import type { Fact } from '../../src/domain/audit/fact.ts'
import { canonicalJson } from '../../src/domain/canonical.ts'
import { besideOf } from '../../src/domain/change/beside.ts'
import type { Change } from '../../src/domain/change/change.ts'
import type { ChangeEvent } from '../../src/domain/change/event.ts'
import { evolve, open } from '../../src/domain/change/evolve.ts'
import { sealOf } from '../../src/domain/change/seal.ts'
import { openStore } from '../../src/storage/sqlite/store.ts'
import { alice, bob, carol, mallory, proposal, requirement, settings } from './world.ts'

const why = 'Only those whom the policy names may decide on it. Nothing was done.'
const atOnce = 40

type Last = {
  /** The token of all changes but the open ones. */
  readonly tokenUid?: string
  /** So many of the last entries ask for a change each, to a token of its own, that stays open. */
  readonly open?: number
}

/**
 * Creates a database with a log of `count` entries, as after some years of use: overlapping changes are asked for,
 * approved by two people, and applied or rejected. Written without the store, which would commit each entry by itself.
 */
export function writeLongLog(path: string, count: number, key: AuditKey, last: Last = {}): void {
  openStore(path).close()
  const db = new Sqlite(path)
  db.pragma('foreign_keys = off')
  db.pragma('synchronous = off')
  db.transaction(() => fill(db, count, key, last))()
  db.close()
}

function fill(db: Sqlite.Database, count: number, key: AuditKey, { tokenUid = 't1', open: left = 0 }: Last): void {
  const entry = db.prepare(`insert into audit_events values (?, ?, ?, ?, ?, ?, 1, ?, ?)`)
  const row = db.prepare(
    `insert into change_requests (id, stack, token_uid, requester, status, revision, state, due_at, origin, seq)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const going: { change: Change; seq: number; steps: Step[] }[] = []
  let previous: string = genesis
  let ids = 0
  for (let seq = 1; seq <= count; seq++) {
    const at = new Date(Date.UTC(2026, 0, 1) + seq * 60_000).toISOString()
    const isLast = seq > count - left
    const slot = isLast ? atOnce + seq : (seq * 7) % atOnce
    const one = going[slot]
    const event = one ? one.steps.shift()!(one.change, at) : asked(at, isLast ? `${tokenUid}-${seq}` : tokenUid)
    const change = !one
      ? open(++ids, event as Parameters<typeof open>[1])
      : moves(event)
        ? evolve(one.change, event)
        : one.change
    going[slot] = { change, steps: one ? one.steps : life(ids), seq: one && !moves(event) ? one.seq : seq }
    const { type, ...content } = event
    const attested = { seq, at, actor: bob, changeId: change.id, type, body: canonicalJson(content), version: 1 }
    previous = entryHash(previous, attested, key)
    entry.run(seq, at, bob, change.id, type, attested.body, key?.id ?? null, previous)
    if (going[slot].steps.length === 0) {
      store(going[slot])
      delete going[slot]
    }
  }
  for (const one of going) if (one) store(one)

  function store({ change, seq }: { change: Change; seq: number }): void {
    const { id } = change
    const { stack, tokenUid, requester, status, revision, dueAt } = besideOf(change)
    row.run(id, stack, tokenUid, requester, status, revision, JSON.stringify(change), dueAt, `view-${id}`, seq)
  }
}

type Step = (change: Change, at: string) => ChangeEvent | Fact

/** Nothing of a change is due while anybody measures anything. */
const later = { expiresAt: '2099-06-08T09:00:00.000Z', remindAt: '2099-06-01T13:00:00.000Z' }

function asked(at: string, tokenUid: string): ChangeEvent {
  const asks = {
    tokenUid,
    before: settings(),
    after: settings({ branches: ['main'] }),
    requirement: requirement([bob, carol], 2),
    ...later,
  }
  return { type: 'proposed', at, ...proposal(asks) }
}

function moves(event: ChangeEvent | Fact): event is ChangeEvent {
  return event.type !== 'refused'
}

/** Most are applied; one in eight is rejected, and one in eight edited first. */
function life(id: number): Step[] {
  const asking = id % 2 === 0 ? [claimed, refused] : [reminded, refused]
  if (id % 8 === 1) return [...asking, rejected]
  const revised = id % 8 === 2 ? [approval(bob, false), amended] : []
  return [...asking, ...revised, approval(bob, false), approval(carol, true), started, applied]
}

const claimed: Step = (_, at) => ({ type: 'claimed', at, by: bob })
const reminded: Step = (_, at) => ({ type: 'reminded', at, remindAt: at })
const refused: Step = () => ({ type: 'refused', attempted: 'approve', code: 'not_allowed', why: `${mallory}: ${why}` })
const rejected: Step = (_, at) => ({ type: 'rejected', at, by: bob, reason: 'Not before the release.' })
const started: Step = (change, at) => ({
  type: 'apply_started',
  at,
  lease: { holder: '0d7c8d2a-9d5b-4a35-8a0e-6b8c1f2f9f11', until: at },
  seal: sealOf(change),
})
const applied: Step = (_, at) => ({ type: 'applied', at, written: true })
const amended: Step = ({ before, requirement, expiresAt, remindAt }, at) => {
  const after = settings({ branches: ['main'], description: 'Deploys from CI, to main only' })
  return {
    type: 'amended',
    voids: [],
    at,
    by: alice,
    before,
    after,
    reason: 'Narrower',
    requirement,
    expiresAt,
    remindAt,
  }
}

function approval(by: string, quorum: boolean): Step {
  return (change, at) => ({
    type: 'approved',
    by,
    at,
    revision: change.revision,
    seal: sealOf(change),
    comment: '',
    quorum,
  })
}
