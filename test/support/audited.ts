import { readFileSync, writeFileSync } from 'node:fs'
import { type AuditKey, auditKey, type Checkpoint } from '../../src/domain/audit/chain.ts'
import * as Applying from '../../src/domain/change/applying.ts'
import type { Change } from '../../src/domain/change/change.ts'
import * as Deciding from '../../src/domain/change/deciding.ts'
import type { Electorate } from '../../src/domain/change/electorate.ts'
import * as Revising from '../../src/domain/change/revising.ts'
import { sealOf } from '../../src/domain/change/seal.ts'
import { noteAnswer, settle } from '../../src/domain/looks/settle.ts'
import type { Store } from '../../src/ports/store.ts'
import { openPostgresStore } from '../../src/storage/postgres/store.ts'
import { openStore } from '../../src/storage/sqlite/store.ts'
import { createClock } from './clock.ts'
import { emptyDatabase } from './file.ts'
import { alice, bob, carol, mallory, proposal, requirement, settings } from './world.ts'

export const secret = 'a secret of the auditors, and of nobody else'
export const key = auditKey(secret)!
export const otherKey = auditKey('a secret that somebody else made up for themselves')!

const written = new Map<AuditKey, Promise<{ file: Buffer; checkpoints: Checkpoint[] }>>()

/** Copies the history below to `path`, which is written only once; also resolves to the checkpoints taken of it. */
export async function historyFile(withKey: AuditKey = key, path = emptyDatabase()) {
  if (!written.has(withKey)) {
    const once = writeHistory(path, withKey).then((checkpoints) => ({ file: readFileSync(path), checkpoints }))
    written.set(withKey, once)
  }
  const { file, checkpoints } = await written.get(withKey)!
  writeFileSync(path, file)
  return { path, checkpoints }
}

export const historySize = 21

/**
 * Writes four changes and their outcomes: #1 was applied after two approvals, #2 edited and approved again, and
 * interrupted, #3 rejected, #4 waits with one of two approvals. Resolves to checkpoints taken on the way, the last at
 * the end.
 */
async function writeHistory(path: string, withKey: AuditKey): Promise<Checkpoint[]> {
  const clock = createClock()
  return writeHistoryIn(openStore(path, clock.now, withKey), clock)
}

/** The same in a PostgreSQL database. */
export async function historyInPostgres(url: string, withKey: AuditKey = key): Promise<Checkpoint[]> {
  const clock = createClock()
  return writeHistoryIn(await openPostgresStore({ url, now: clock.now, key: withKey }), clock)
}

async function writeHistoryIn(store: Store, clock: ReturnType<typeof createClock>): Promise<Checkpoint[]> {
  const checkpoints = []
  try {
    await store.note({ type: 'started', version: '0.2.0' }, 'app', null)
    for (const id of [1, 2, 3, 4]) await open(store, clock.iso(), id)
    await approve(store, 1, bob)
    await store.note({ type: 'refused', attempted: 'approve', code: 'not_allowed', why: 'No.' }, mallory, 1)
    await approve(store, 1, carol)
    await apply(store, 1)
    checkpoints.push(await store.checkpoint())
    await approve(store, 2, bob)
    await store.record(2, alice, (change) => amended(change, clock.iso()))
    for (const person of [bob, carol]) await approve(store, 2, person)
    await apply(store, 2)
    await store.record(3, bob, (change) =>
      Deciding.reject(change, { by: bob, revision: 1, at: clock.iso(), reason: 'Not now.' }, electorate(change)),
    )
    checkpoints.push(await store.checkpoint())
    await approve(store, 4, carol)
    await store.note({ type: 'stopped' }, 'app', null)
    checkpoints.push(await store.checkpoint())
    return checkpoints
  } finally {
    await store.close()
  }

  async function approve(store: Store, id: number, by: string): Promise<void> {
    clock.pass(60)
    await store.record(id, by, (change) => {
      const act = { by, revision: change.revision, at: clock.iso(), comment: 'Fine, "as asked"' }
      return Deciding.approve(change, act, electorate(change))
    })
  }

  async function apply(store: Store, id: number): Promise<void> {
    clock.pass(60)
    const lease = { holder: 'one', until: '2026-06-02T09:00:00.000Z' }
    await store.record(id, 'app', (change) => Applying.startApply(change, electorate(change), lease, clock.iso()))
    const under = { lease, at: clock.now() }
    const answer = { kind: 'taken' } as const
    const write = { ...under, answer, sentAt: clock.iso(), over: null }
    await store.record(id, 'app', (change) => noteAnswer(change, write))
    await store.record(id, 'app', (change) => {
      const look = { settings: change.after, editedAt: null }
      return settle(change, { ...under, look, recent: [], isOver: false })
    })
  }
}

function open(store: Store, at: string, id: number): Promise<Change> {
  const asked = { tokenUid: `t${id}`, requirement: requirement([bob, carol], 2) }
  return store.open({ type: 'proposed', at, ...proposal(asked) }, alice, `view-${id}`)
}

function amended(change: Change, at: string) {
  const { before, requirement, expiresAt, remindAt } = change
  const after = settings({ name: 'ci-other', description: 'ünïcode — “quoted”' })
  const revised = { before, after, requirement, expiresAt, remindAt, reason: 'Another name' }
  const now = electorate(change)
  return Revising.amend(change, { by: alice, revision: change.revision, at }, revised, { now, next: now })
}

function electorate(change: Change): Electorate {
  const parties = [{ people: [bob, carol], quorum: 2 }]
  return {
    seal: sealOf(change),
    demands: [{ rule: 'approvers', parties }],
    barred: {},
    confirm: false,
    barredAskers: [],
    forbidden: null,
  }
}
