import { describe, expect, onTestFinished, test } from 'vitest'
import { verifyDatabase } from '../../../src/cli/audit/verify.ts'
import { auditKey } from '../../../src/domain/audit/chain.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { createOutside, startCore, typesOf } from '../../support/core.ts'
import { rawConnection } from '../../support/file.ts'
import { losesTheWrite } from '../../support/stack.ts'
import { hollow } from '../../support/tamper.ts'
import { alice, bob, edit } from '../../support/world.ts'

const key = auditKey('a secret that is not in the database')!
const keys = { current: key, earlier: [] }

function world() {
  const outside = createOutside()
  outside.key = key
  return { ...outside, core: startCore(outside), raw: rawConnection(outside.path) }
}

type Stored = { state: string; status: string; seq: number; due_at: string }

/** An approved change that was cancelled, in a file whose row and log index say that it wasn't. */
async function calledOff({ core, raw }: ReturnType<typeof world>): Promise<number> {
  const id = await core.approved()
  const was = raw.prepare<[number], Stored>('select * from change_requests where id = ?').get(id)!
  await core.changes.cancel(id, alice)
  hollow(raw, 'audit_events_by_change', `type <> 'cancelled'`)
  raw
    .prepare('update change_requests set state = ?, status = ?, seq = ?, due_at = ? where id = ?')
    .run(was.state, was.status, was.seq, was.due_at, id)
  return id
}

describe('an index that was made to leave rows out, and is defined as before', () => {
  test('does not hide from the app that a change was called off', async () => {
    const { core, stack, clock, ...rest } = world()
    await calledOff({ core, stack, clock, ...rest })
    clock.pass(1)
    await core.catchUp.all()
    expect(stack.writes()).toBe(0)
    expect(core.doubts).toHaveLength(1)
  })

  test.each([
    ['is on its way', null],
    ['was cancelled, and may still arrive', alice],
  ])('does not hide that an update of another change of the token %s', async (_, cancels) => {
    const { core, stack, clock, raw } = world()
    const first = await core.approved()
    const { id: second } = await core.changes.propose(
      { ...edit({ before: stack.live.get('t1')! }), reason: 'Me too' },
      'view-2',
    )
    await core.changes.approve({ id: second, by: bob, revision: 1 }, '')
    stack.behaviours.push(losesTheWrite)
    await core.applier.apply(first).catch(() => {})
    clock.pass(61)
    if (cancels) await core.catchUp.all()
    if (cancels) await core.changes.cancel(first, cancels)
    const writes = stack.writes()
    const indexes = `select name from sqlite_schema where type = 'index' and tbl_name = 'change_requests' and sql is not null`
    for (const name of raw.prepare<[], string>(indexes).pluck().all()) hollow(raw, name, `id <> ${first}`)
    await core.applier.apply(second).catch(() => {})
    expect(stack.writes()).toBe(writes)
    expect(core.doubts).toEqual([
      { change: second, found: `an index of the database leaves out change #${first} of the same token` },
    ])
  })

  test('is named by a check of the log, and rebuilt at the next start, which is in the log', async () => {
    const { core, path, raw } = world()
    await core.approved()
    for (const name of ['audit_events_by_change', 'change_requests_origin_unique']) hollow(raw, name, 'false')
    // As the app does each second: beside a -wal without a mark, such a file is refused.
    raw.pragma('wal_checkpoint(TRUNCATE)')
    const what = ['change_requests_origin_unique', 'audit_events_by_change'].map(
      (name) => `the index "${name}" did not lead to every row of its table`,
    )
    const { intact } = await verifyDatabase(path, keys, null)
    expect(intact.wrong.first.map((found) => found.what).sort()).toEqual(
      what.map((one) => `in the database ${one}`).sort(),
    )
    const store = openStore(path, undefined, key)
    onTestFinished(store.close)
    expect((await store.events()).at(-1)!.event).toEqual({
      type: 'schema_put_back',
      what: expect.arrayContaining(what),
    })
    expect((await verifyDatabase(path, keys, null)).intact.holds).toBe(true)
    expect(await typesOf(core)).toContain('schema_put_back')
  })
})
