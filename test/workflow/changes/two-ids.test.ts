import { describe, expect, test } from 'vitest'
import { createWorld } from '../../support/core.ts'
import { alice, ask, bob, carol, edit, policyOf, settings } from '../../support/world.ts'

const press = (by: string) => ({ id: 1, by, revision: 1 })
const [aliceToo, bobToo, carolToo] = ['W0ALICE', 'W0BOB', 'W0CAROL']

/** Alice, Bob and Carol now go by their ids in the organisation; #1 was asked for and half approved before that. */
async function world() {
  const world = createWorld()
  world.outside.policy = policyOf([ask([alice, bob, carol], 2)])
  await world.proposed()
  await world.core.changes.approve(press(bob), '')
  for (const [id, one] of [
    [alice, aliceToo],
    [bob, bobToo],
    [carol, carolToo],
  ] as const)
    world.people.others.set(id, one)
  return world
}

describe('a change from before its people were known by one id', () => {
  test('is not approved by its requester, under their other id', async () => {
    const { core } = await world()
    await expect(core.changes.approve(press(aliceToo), '')).rejects.toThrow('whoever asks for a change may not decide')
  })

  test('is not approved twice by one person under both', async () => {
    const { core, stack } = await world()
    await expect(core.changes.approve(press(bobToo), '')).rejects.toThrow('You have approved change #1 already')
    await core.catchUp.all()
    expect([(await core.store.get(1)).change.status, stack.writes()]).toEqual(['pending', 0])
  })

  test('belongs to its requester, under their other id: to edit, nudge, rebase and cancel', async () => {
    const { clock, core, stack } = await world()
    const asks = (by: string, revision: number) => ({ id: 1, by, revision })
    await core.catchUp.all()
    clock.pass(86_400)
    await core.changes.nudge(press(aliceToo))
    await core.changes.mayAmend(press(aliceToo))
    const amended = await core.changes.amend(press(aliceToo), {
      after: settings({ name: 'ci-3' }),
      reason: 'A better name',
    })
    expect(amended).toMatchObject({ revision: 2, requester: alice, amenders: [] })
    stack.live.set('t1', settings({ description: 'By hand' }))
    await core.looks.refreshAll()
    expect(await core.changes.rebase(asks(aliceToo, 2))).toMatchObject({ status: 'pending', revision: 3 })
    expect((await core.changes.cancel(1, aliceToo)).status).toBe('cancelled')
  })

  test("is listed as theirs, and as nobody else's", async () => {
    const { core } = await world()
    const open = await core.store.openChanges()
    const listed = (person: string) => core.electorates.askedBy(person, open)
    expect([await listed(alice), await listed(aliceToo), await listed(bobToo)].map(({ length }) => length)).toEqual([
      1, 1, 0,
    ])
  })

  test('goes on: its approvals count, and the policy names people by either', async () => {
    const { core, stack } = await world()
    expect((await core.changes.approve(press(carolToo), '')).status).toBe('approved')
    await core.catchUp.all()
    expect(stack.writes()).toBe(1)
  })
})

test('names its deciders by their known ids if it is asked for now', async () => {
  const { core, outside, people } = createWorld()
  people.others.set(bob, bobToo)
  outside.policy = policyOf([ask([bob, carol], 1, { when: { requester: [alice] } })], { mayAsk: [alice] })
  people.others.set(alice, aliceToo)
  const { requirement } = await core.changes.mayPropose(edit({ requester: aliceToo }))
  expect(requirement.parties).toEqual([{ from: [bobToo, carol], quorum: 1 }])
})
