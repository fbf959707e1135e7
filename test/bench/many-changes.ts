import { closeSync, fsyncSync, openSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { entryHash } from '../../src/domain/audit/chain.ts'
import { canonicalJson } from '../../src/domain/canonical.ts'
import { bob, carol } from '../support/world.ts'
import { cardsOf, proposeChanges } from './cards.ts'
import type { Running } from './programs.ts'
import { blockRows, type Rows } from './rows.ts'
import type { OurSide } from './sides.ts'
import type { Strain } from './strain.ts'
import { until } from './until.ts'

/** Milliseconds that the event loop may stand still. */
const target = 50

/** Measures the two lists of that many open changes. */
export async function openRows(side: OurSide, changes: number, rounds: number): Promise<Rows> {
  await proposeChanges(side)
  copyChange(side.database, changes)
  const app = await side.start()
  try {
    const pending = await blocks(app, side, 'response_url', () => side.slack.as(bob).command('/token pending'), rounds)
    const home = await blocks(app, side, 'views.publish', () => side.slack.as(bob).openHome(), rounds)
    return {
      ...blockRows('open_changes_pending', pending, target),
      ...blockRows('open_changes_home', home, target),
    }
  } finally {
    await app.stop()
  }
}

async function blocks(
  app: Running,
  { slack }: OurSide,
  method: string,
  act: () => Promise<unknown>,
  rounds: number,
): Promise<Strain[]> {
  const strains: Strain[] = []
  for (let i = 0; i < rounds; i++) {
    slack.clear()
    await app.strain()
    await act()
    await until(slack, `an answer to ${method}`, () =>
      slack.calls.some((call) => call.method === method && call.answer?.ok),
    )
    strains.push(await app.strain())
  }
  return strains
}

/** Copies the one open change that many times, each for its own token, with a card and nothing left to tell. */
function copyChange(database: string, count: number): void {
  const db = new Sqlite(database)
  db.pragma('foreign_keys = off')
  const shown = `card_channel = 'C0APPROVALS', card_ts = '1700000000.' || substr('00000' || id, -6), card_seq = seq, told = 'sent'`
  db.exec(`update change_requests set ${shown}`)
  const columns =
    'stack, token_uid, requester, status, revision, state, origin, seq, due_at, card_channel, card_ts, card_seq, told'
  db.prepare(
    `with recursive n(i) as (select 2 union all select i + 1 from n where i < ?)
     insert into change_requests (id, ${columns})
     select i, stack, 'blt5c1de0000copy' || i, requester, status, revision,
       json_set(state, '$.id', i, '$.tokenUid', 'blt5c1de0000copy' || i), 'copy:' || i, seq, due_at, card_channel,
       '1700000000.' || substr('00000' || i, -6), card_seq, told
     from n, change_requests where id = 1`,
  ).run(count)
  db.close()
}

/** A change asked for that many entries ago is approved and applied. */
export async function heldRows(side: OurSide, entries: number): Promise<Rows> {
  await proposeChanges(side)
  lengthenLog(side.database, entries)
  const app = await side.start()
  try {
    const [card] = await cardsOf(side.slack, 1)
    await side.slack.as(bob).press(card!, 'approve')
    await app.strain()
    await side.slack.as(carol).press(card!, 'approve')
    await until(side.stack, 'the write', () => side.stack.takenUpdates() > 0)
    return blockRows('held_against_the_log', [await app.strain()], target)
  } finally {
    await app.stop()
  }
}

function lengthenLog(database: string, count: number): void {
  const db = new Sqlite(database)
  db.pragma('synchronous = off')
  const insert = db.prepare(
    `insert into audit_events (seq, at, actor, change_id, type, body, version, key, hash) values (?, ?, ?, null, ?, ?, 1, null, ?)`,
  )
  const last = db.prepare('select seq, hash from audit_events order by seq desc limit 1').get() as Last
  const [at, actor, type] = [new Date().toISOString(), carol, 'refused']
  const body = canonicalJson({
    attempted: 'approve',
    code: 'not_allowed',
    why: 'Only those whom the policy names may.',
  })
  db.transaction(() => {
    let { seq, hash } = last
    for (let i = 0; i < count; i++) {
      seq += 1
      hash = entryHash(hash, { seq, at, actor, changeId: null, type, body, version: 1 }, null)
      insert.run(seq, at, actor, type, body, hash)
    }
  })()
  db.close()
  onDisk(database)
}

/** Otherwise the app's first commit would wait for everything that was written here. */
function onDisk(path: string): void {
  const file = openSync(path, 'r+')
  fsyncSync(file)
  closeSync(file)
}

type Last = { seq: number; hash: string }
