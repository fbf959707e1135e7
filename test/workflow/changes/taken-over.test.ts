import { describe, expect, test } from 'vitest'
import { Refusal } from '../../../src/domain/refusal.ts'
import { createAskers } from '../../../src/workflow/changes/askers.ts'
import { createElectorates } from '../../../src/workflow/changes/electorates.ts'
import { createHeirs } from '../../../src/workflow/changes/heirs.ts'
import { createWorld, typesOf } from '../../support/core.ts'
import { alice, ask, bob, carol, dave, mallory, owners, policyOf, security, settings } from '../../support/world.ts'

const left = 'deactivated members may not use Countersign'
const press = (by: string, revision = 1) => ({ id: 1, by, revision })

/** Alice asked for #1 under "one of the owners": Bob, Carol or Dave. */
async function world() {
  const world = createWorld()
  world.outside.policy = policyOf([ask([owners])])
  world.people.groups.set(owners, [bob, carol, dave])
  await world.proposed()
  await world.core.catchUp.all()
  const change = async () => (await world.core.store.get(1)).change
  const policyFor = () => world.outside.policy
  return { ...world, change, policyFor, aliceLeaves: () => void world.people.obstacles.set(alice, left) }
}

describe('a change of somebody who may no longer ask', () => {
  test('cannot be approved, in words that say why, and its card knows', async () => {
    const { aliceLeaves, change, core, stack } = await world()
    aliceLeaves()
    await expect(core.changes.approve(press(bob), '')).rejects.toThrow(
      `Change #1 can't be approved now: somebody who asks for it may no longer do so (${left}).`,
    )
    expect(await change()).toMatchObject({ status: 'pending', barredAskers: [{ by: alice, why: left }] })
    expect(stack.writes()).toBe(0)
    expect(await typesOf(core, 1)).toEqual(['proposed', 'askers_barred', 'refused'])
  })

  test('calls those who can take it over at once, in its thread, once', async () => {
    const { aliceLeaves, chat, core } = await world()
    aliceLeaves()
    await core.changes.approve(press(bob), '').catch(() => {})
    await core.catchUp.all()
    await core.catchUp.all()
    expect(chat.called).toEqual([[owners]])
  })

  test('can still be rejected', async () => {
    const { aliceLeaves, change, core } = await world()
    aliceLeaves()
    await core.changes.reject(press(bob), 'Nobody asks for it any more')
    expect((await change()).status).toBe('rejected')
  })

  test('can be cancelled by those who may decide on it, and by nobody else', async () => {
    const { aliceLeaves, change, core } = await world()
    await expect(core.changes.cancel(1, bob)).rejects.toThrow('Only the person who asked for change #1 can cancel it')
    aliceLeaves()
    await expect(core.changes.cancel(1, mallory)).rejects.toThrow('Only the person who asked')
    await core.changes.cancel(1, bob)
    expect(await change()).toMatchObject({ status: 'cancelled', cancelledBy: bob })
  })

  test('can be cancelled by its requester if they are still a member, and by an operator', async () => {
    for (const cancel of ['cancel', 'cancelAsOperator'] as const) {
      const { core, outside, change } = await world()
      outside.policy = policyOf([ask([owners])], { mayAsk: [bob] })
      await core.changes.approve(press(bob), '').catch(() => {})
      await (cancel === 'cancel' ? core.changes.cancel(1, alice) : core.changes.cancelAsOperator(1, 'operator:ops', ''))
      expect((await change()).status).toBe('cancelled')
    }
  })

  test('can be neither edited nor rebased by others who had a hand in it', async () => {
    const { aliceLeaves, core } = await world()
    await core.changes.amend(press(bob), { after: settings({ name: 'ci-next' }), reason: 'Better' })
    aliceLeaves()
    await expect(
      core.changes.amend(press(bob, 2), { after: settings({ name: 'ci-x' }), reason: 'Best' }),
    ).rejects.toThrow("Change #1 can't be edited now")
    await core.store.record(1, 'app', () => ({ type: 'drift_found', at: '2026-06-01T09:00:00.000Z', live: settings() }))
    await expect(core.changes.rebase(press(bob, 2))).rejects.toThrow("Change #1 can't be rebased now")
  })

  test('has no edit form opened for anybody', async () => {
    const { aliceLeaves, core } = await world()
    aliceLeaves()
    await expect(core.changes.mayAmend(press(bob))).rejects.toThrow("Change #1 can't be edited now")
  })

  test("can't be edited in the same words if the policy no longer lets them ask, and its editor could", async () => {
    const { core, outside } = await world()
    outside.policy = policyOf([ask([owners])], { mayAsk: [bob] })
    await expect(
      core.changes.amend(press(bob), { after: settings({ name: 'ci-next' }), reason: 'Better' }),
    ).rejects.toThrow("Change #1 can't be edited now")
  })

  test('goes on as it was when they may ask again', async () => {
    const { aliceLeaves, change, core, people, stack } = await world()
    aliceLeaves()
    await core.changes.approve(press(bob), '').catch(() => {})
    people.obstacles.delete(alice)
    await core.changes.approve(press(bob), '')
    expect(await change()).not.toHaveProperty('barredAskers')
    await core.catchUp.all()
    expect(stack.writes()).toBe(1)
  })

  test('is not decided on while Slack cannot be asked whether they may', async () => {
    const { core, people, change } = await world()
    people.onLook = async () => {
      throw new Error('timeout')
    }
    await expect(core.changes.approve(press(bob), '')).rejects.toMatchObject({ code: 'unavailable' })
    await expect(core.changes.cancel(1, bob)).rejects.toMatchObject({ code: 'unavailable' })
    await expect(core.changes.takeOver(press(bob))).rejects.toMatchObject({ code: 'unavailable' })
    expect((await change()).status).toBe('pending')
  })

  test('is found as soon as somebody is reported as changed, and is put back to waiting though it was approved', async () => {
    const { aliceLeaves, core, change, clock } = await world()
    await core.changes.approve(press(bob), '')
    aliceLeaves()
    const soon: number[] = []
    const { holdAll } = createAskers({ store: core.store, electorates: core.electorates, now: clock.now })
    await holdAll(
      ({ requester }) => requester === bob,
      (id) => soon.push(id),
    )
    expect((await change()).status).toBe('approved')
    await holdAll(
      ({ requester }) => requester === alice,
      (id) => soon.push(id),
    )
    expect(await change()).toMatchObject({ status: 'pending', barredAskers: [{ by: alice, why: left }] })
    expect(soon).toEqual([1])
  })
})

describe('somebody who takes a change over', () => {
  test('asks for it from then on, and cannot decide on it; it needs approvals again', async () => {
    const { aliceLeaves, change, chat, core, outside, stack } = await world()
    outside.policy = policyOf([ask([owners])])
    await core.changes.approve(press(carol), '')
    aliceLeaves()
    await core.catchUp.all()
    await core.changes.takeOver(press(bob))
    expect(await change()).toMatchObject({
      status: 'pending',
      revision: 2,
      requester: bob,
      amenders: [],
      approvals: [],
      voided: [carol],
      takenOver: [{ by: bob, from: [alice], requester: alice }],
    })
    expect(await change()).not.toHaveProperty('barredAskers')
    await expect(core.changes.approve(press(bob, 2), '')).rejects.toThrow('whoever asks for a change may not decide')
    await core.changes.approve(press(carol, 2), '')
    await core.catchUp.all()
    expect(stack.writes()).toBe(1)
    expect(chat.toldVoid).toEqual([`#1 ${carol}: revision 2`])
  })

  test('is not followed by the first requester, who cannot approve it when they are back', async () => {
    const { aliceLeaves, core, people } = await world()
    people.groups.set(owners, [alice, bob, carol])
    aliceLeaves()
    await core.changes.takeOver(press(bob))
    people.obstacles.delete(alice)
    await expect(core.changes.approve(press(alice, 2), '')).rejects.toThrow(
      'had a hand in a change may not decide on it',
    )
    await core.changes.approve(press(carol, 2), '')
  })

  test('replaces an editor who has left, and leaves the change with its requester', async () => {
    const { change, core, people } = await world()
    await core.changes.amend(press(dave), { after: settings({ name: 'ci-next' }), reason: 'Better' })
    people.obstacles.set(dave, left)
    await core.changes.takeOver(press(alice, 2))
    expect(await change()).toMatchObject({ requester: alice, amenders: [], revision: 3 })
    people.obstacles.delete(dave)
    await expect(core.changes.approve(press(dave, 3), '')).rejects.toThrow('had a hand in a change')
  })

  test('has to be somebody who may decide on it and may ask, and has to give a reason', async () => {
    const { aliceLeaves, core, outside, people } = await world()
    await expect(core.changes.takeOver(press(bob))).rejects.toThrow('Change #1 does not need to be taken over')
    aliceLeaves()
    await expect(core.changes.takeOver(press(mallory))).rejects.toThrow('only the people its rule names')
    people.obstacles.set(carol, left)
    await expect(core.changes.takeOver(press(carol))).rejects.toThrow(left)
    outside.policy = policyOf([ask([owners])], { mayAsk: [security] })
    await expect(core.changes.takeOver(press(bob))).rejects.toThrow('You are not among those who may ask for changes')
  })

  test('does so once, however often it is delivered, and of the revision that they saw', async () => {
    const { aliceLeaves, change, core } = await world()
    await core.changes.amend(press(alice), { after: settings({ name: 'ci-next' }), reason: 'Better' })
    aliceLeaves()
    await expect(core.changes.takeOver(press(bob, 1))).rejects.toThrow('has been edited since')
    await core.changes.takeOver(press(bob, 2))
    await core.changes.takeOver(press(bob, 2))
    expect((await change()).revision).toBe(3)
    expect((await typesOf(core, 1)).filter((type) => type === 'taken_over')).toHaveLength(1)
  })

  test('who edited it already can, and whoever could then not approve it is told that, and is not called', async () => {
    const { aliceLeaves, change, core, outside, people, policyFor } = await world()
    people.groups.set(owners, [bob, carol])
    await core.changes.amend(press(bob), { after: settings({ name: 'ci-next' }), reason: 'Better' })
    aliceLeaves()
    await core.changes.approve(press(carol, 2), '').catch(() => {})
    const open = createElectorates({ people: people.api, policyFor, now: outside.clock.now })
    expect(await createHeirs({ electorates: open }).heirsOf(await change())).toEqual([bob])
    const refused = await core.changes.takeOver(press(carol, 2)).catch((error: unknown) => error)
    expect(refused).toMatchObject({
      naming: [
        "You can't take over change #1: too few people would be left to approve it, since whoever takes it over can't. Nothing was done. ",
        { person: bob },
        ' can take it over',
        ', and then you may approve it.',
      ],
    })
    await expect(core.changes.takeOver(press(mallory, 2))).rejects.toMatchObject({
      naming: [expect.stringContaining('only the people its rule names'), { person: bob }, ' can take it over', '.'],
    })
    await core.changes.takeOver(press(bob, 2))
    await core.changes.approve(press(carol, 3), '')
    expect((await change()).status).toBe('approved')
  })

  test('is refused if nobody would be left to approve it', async () => {
    const { aliceLeaves, core, people } = await world()
    people.groups.set(owners, [bob])
    aliceLeaves()
    await expect(core.changes.takeOver(press(bob))).rejects.toThrow(
      /^Too few people besides those who ask .* Change #1 was not taken over; ask whoever/,
    )
  })

  test('is told that it was not taken over if the policy forbids that', async () => {
    const { aliceLeaves, core, outside } = await world()
    aliceLeaves()
    outside.policy = { ...outside.policy, mayAsk: [mallory] }
    await expect(core.changes.takeOver(press(bob))).rejects.toThrow(
      'You are not among those who may ask for changes on this stack. Change #1 was not taken over; ask',
    )
    const outcome = { kind: 'refuse', because: 'Not this one.' } as const
    outside.policy = policyOf([{ name: 'never', when: { requester: [bob] }, outcome }, ask([owners])])
    await expect(core.changes.takeOver(press(bob))).rejects.toThrow(/Not this one\. Change #1 was not taken over\.$/)
  })

  test('can do so if it could be approved then, by the rule that would fit them', async () => {
    const { aliceLeaves, change, core, outside, people, policyFor } = await world()
    const open = createElectorates({ people: people.api, policyFor, now: outside.clock.now })
    const { heirsOf } = createHeirs({ electorates: open })
    expect(await heirsOf(await change())).toBe(null)
    aliceLeaves()
    await core.changes.approve(press(bob), '').catch(() => {})
    expect(await heirsOf(await change())).toBe(null)
    people.groups.set(owners, [bob])
    expect(await heirsOf(await change())).toEqual([])
    people.groups.set(owners, [bob, carol])
    outside.policy = policyOf([ask([owners], 2, { name: 'all' })])
    expect(await heirsOf(await change())).toEqual([])
    outside.policy = policyOf([ask([owners], 1, { name: 'by bob', when: { requester: [bob] } }), ask([owners], 2)])
    expect(await heirsOf(await change())).toEqual([bob])
    outside.policy = policyOf([ask([owners], 2)], { mayAsk: [mallory] })
    expect(await heirsOf(await change())).toEqual([])
  })

  test('is not ruled out while Slack cannot be asked', async () => {
    const { aliceLeaves, change, core, outside, people, policyFor } = await world()
    aliceLeaves()
    await core.changes.approve(press(bob), '').catch(() => {})
    people.groups.set(owners, [bob])
    const open = createElectorates({ people: people.api, policyFor, now: outside.clock.now })
    const requirementFor = () => Promise.reject(new Refusal('unavailable', 'Slack is down'))
    const { heirsOf } = createHeirs({ electorates: { ...open, requirementFor } })
    expect(await heirsOf(await change())).toBe(null)
  })

  test('gets one with a moved token as it is, to be rebased', async () => {
    const { aliceLeaves, change, core, clock, stack } = await world()
    const live = settings({ description: 'by hand' })
    stack.live.set('t1', live)
    await core.watch.seen([{ stack: 'website', uid: 't1', settings: live }], clock.iso())
    await core.catchUp.idle()
    aliceLeaves()
    await core.changes.takeOver(press(bob))
    expect(await change()).toMatchObject({ status: 'drifted', requester: bob, live })
    await core.changes.rebase(press(bob, 2))
    await core.changes.approve(press(carol, 3), '')
    await core.catchUp.all()
    expect(stack.live.get('t1')).toMatchObject({ name: 'ci-release', description: 'by hand' })
  })

  test('is bound by the rule that fits those who ask for it now', async () => {
    const { aliceLeaves, change, core, outside } = await world()
    outside.policy = policyOf([ask([owners], 2, { name: 'by bob', when: { requester: [bob] } }), ask([owners])])
    aliceLeaves()
    await core.changes.takeOver(press(bob))
    expect((await change()).requirement).toMatchObject({ rule: 'by bob', parties: [{ quorum: 2 }] })
  })
})
