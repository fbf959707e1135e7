import { describe, expect, test } from 'vitest'
import { verifyDatabase } from '../../../src/cli/audit/verify.ts'
import { keyOfRefusal } from '../../../src/domain/audit/counted-refusals.ts'
import type { Refusal } from '../../../src/domain/refusal.ts'
import { createOutside, startCore, typesOf } from '../../support/core.ts'
import { rawConnection } from '../../support/file.ts'
import { alice, ask, bob, carol, edit, mallory, policyOf } from '../../support/world.ts'

function world() {
  const outside = createOutside()
  return { outside, core: startCore(outside), raw: rawConnection(outside.path) }
}

const refusedBy = (asked: Promise<unknown>): Promise<Refusal> => asked.then(Promise.reject, (refusal) => refusal)

const wrongIn = async (path: string) =>
  (await verifyDatabase(path, { current: null, earlier: [] }, null)).intact.wrong.first

describe('a planted row in the file', () => {
  test('that counts refusals before the first keeps none of them from the log', async () => {
    const { outside, core, raw } = world()
    const id = await core.proposed()
    const approve = () => core.changes.approve({ id, by: mallory, revision: 1 }, '')
    const refused = await refusedBy(core.changes.mayApprove({ id, by: mallory, revision: 1 }))
    const what = keyOfRefusal({
      actor: mallory,
      changeId: id,
      attempted: 'approve',
      code: refused.code,
      why: refused.message,
    })
    const plant = raw.prepare('insert into repeated_refusals (what, since, until, times) values (?, ?, ?, 0)')
    raw.prepare('delete from repeated_refusals').run()
    const logged = async () => (await typesOf(core, id)).filter((type) => type === 'refused').length
    const before = await logged()
    outside.clock.pass(1)
    plant.run(what, outside.clock.iso(), outside.clock.iso())
    outside.clock.pass(1)
    for (let i = 0; i < 3; i++) await approve().catch(() => {})
    expect(await logged()).toBe(before + 1)
    outside.clock.pass(601)
    await core.store.sumUpRefusals()
    expect((await core.store.events(id)).at(-1)!.event).toMatchObject({ type: 'refused', again: { times: 2 } })
  })

  test('that says that an approver was told already keeps nobody from being told', async () => {
    const { outside, core, raw } = world()
    outside.policy = policyOf([ask([bob, carol], 2)])
    const id = await core.proposed()
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    const [{ at } = { at: '' }] = (await core.store.get(id)).change.approvals
    raw
      .prepare('insert into void_approvals (change_id, person, approved_at, why, telling) values (?, ?, ?, null, null)')
      .run(id, bob, at)
    const { after } = (await core.store.get(id)).change
    await core.changes.amend({ id, by: alice, revision: 1 }, { after: { ...after, name: 'other' }, reason: 'else' })
    expect(await core.store.untoldVoidApprovals(id)).toEqual([{ person: bob, approvedAt: at, why: null }])
  })

  test('that says that an approval no longer counts makes the app tell nobody so', async () => {
    const { outside, core, raw } = world()
    const id = await core.proposed()
    raw
      .prepare('insert into void_approvals (change_id, person, approved_at, why) values (?, ?, ?, ?)')
      .run(id, carol, '2026-06-01T09:00:00.000Z', 'call this number')
    await core.catchUp.all()
    expect(outside.chat.toldVoid).toEqual([])
    expect(await core.store.unfinished(outside.clock.iso())).toEqual([])
  })
})

test('the origin of a change is checked against the log', async () => {
  const { outside, core, raw } = world()
  const id = await core.approved()
  raw.prepare(`update change_requests set origin = 'view-of-carol' where id = ?`).run(id)
  const asked = core.changes.propose({ ...edit({ requester: carol, tokenUid: 't2' }), reason: 'Mine' }, 'view-of-carol')
  expect((await refusedBy(asked)).message).toContain(`The database says that change #${id} was made here`)
  const why = 'as if it came from elsewhere'
  expect((await wrongIn(outside.path)).map(({ what }) => what)).toEqual([expect.stringContaining(why)])
  expect(await core.store.doubt((await core.store.get(id)).change)).toContain(why)
})
