import { describe, expect, test } from 'vitest'
import type { Change } from '../../../src/domain/change/change.ts'
import type { ChangeEvent } from '../../../src/domain/change/event.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { approval } from '../../support/changes.ts'
import { type Core, createOutside, type Outside, startCore } from '../../support/core.ts'
import { alice, ask, bob, carol, dave, gus, owners, policyOf, security, settings } from '../../support/world.ts'

type World = { outside: Outside; core: Core; force: (event: (change: Change) => ChangeEvent) => Promise<void> }

const at = '2026-06-01T09:00:00.000Z'
const twoOfOwners = policyOf([ask([owners], 2)])
const guests = 'guests may not use Countersign'
const approved =
  (by: string, quorum = false) =>
  (change: Change) =>
    approval(by, change, { quorum })

/**
 * Change #1 by Alice, under "two of the owners", not approved by anybody yet. `force` writes an event past every rule,
 * as if a bug or a hand had put it there.
 */
async function world(): Promise<World> {
  const outside = createOutside()
  outside.policy = twoOfOwners
  outside.people.groups.set(owners, [alice, bob, carol, dave, gus])
  const core = startCore(outside)
  await core.proposed()
  return { outside, core, force: async (event) => void (await core.store.record(1, 'nobody', event)) }
}

/** Approved by Bob and Carol, as it should be. */
async function byBobAndCarol({ force }: World): Promise<void> {
  await force(approved(bob))
  await force(approved(carol, true))
}

/** Reasons why a change that is stored as approved must not be applied, and the person who wants it to be. */
const unmet: Record<string, (world: World) => Promise<string>> = {
  'too few approved': async ({ force }) => {
    await force(approved(bob, true))
    return bob
  },
  'one person approved twice': async ({ force }) => {
    await force(approved(bob))
    await force(approved(bob, true))
    return bob
  },
  'the requester is among those who approved': async ({ force }) => {
    await force(approved(bob))
    await force(approved(alice, true))
    return alice
  },
  'somebody who edited it is among those who approved': async ({ core, force }) => {
    await core.changes.amend(
      { id: 1, by: dave, revision: 1 },
      { after: settings({ name: 'ci-next' }), reason: 'Better' },
    )
    await force(approved(bob))
    await force(approved(dave, true))
    return dave
  },
  'whoever asked for it has left': async (world) => {
    await byBobAndCarol(world)
    world.outside.people.obstacles.set(alice, 'deactivated members may not use Countersign')
    return dave
  },
  'whoever asked for it may not ask any more': async (world) => {
    await byBobAndCarol(world)
    world.outside.policy = policyOf([ask([owners], 2)], { mayAsk: [carol, dave] })
    return dave
  },
  'whoever asked for it has left the group that may ask': async (world) => {
    world.outside.people.groups.set(security, [alice])
    world.outside.policy = policyOf([ask([owners], 2)], { mayAsk: [security] })
    await byBobAndCarol(world)
    world.outside.people.groups.set(security, [])
    return dave
  },
  'somebody who edited it is a guest now': async (world) => {
    const { core, outside } = world
    await core.changes.amend(
      { id: 1, by: dave, revision: 1 },
      { after: settings({ name: 'ci-next' }), reason: 'Better' },
    )
    await byBobAndCarol(world)
    outside.people.obstacles.set(dave, guests)
    return bob
  },
  'somebody who edited it as an approver is none any more, and may not ask': async (world) => {
    const { core, outside } = world
    outside.policy = policyOf([ask([owners], 2)], { mayAsk: [alice] })
    await core.changes.amend(
      { id: 1, by: dave, revision: 1 },
      { after: settings({ name: 'ci-next' }), reason: 'Better' },
    )
    await byBobAndCarol(world)
    outside.people.groups.set(owners, [alice, bob, carol, gus])
    return bob
  },
  'somebody who approved is a guest now': async (world) => {
    await byBobAndCarol(world)
    world.outside.people.obstacles.set(bob, guests)
    return bob
  },
  'somebody who approved left the group': async (world) => {
    await byBobAndCarol(world)
    world.outside.people.groups.set(owners, [carol, dave])
    return bob
  },
  'the group is gone': async (world) => {
    await byBobAndCarol(world)
    world.outside.people.groups.clear()
    return bob
  },
  'the rule of today asks for more': async (world) => {
    await byBobAndCarol(world)
    world.outside.policy = policyOf([ask([owners], 3)])
    return bob
  },
  'the rule of today asks others': async (world) => {
    await byBobAndCarol(world)
    world.outside.policy = policyOf([ask([dave])])
    return bob
  },
  'the rule of today asks fewer, but that of then asks two': async (world) => {
    await world.force(approved(bob, true))
    world.outside.policy = policyOf([ask([owners], 1)])
    return bob
  },
  'the policy of today refuses it': async (world) => {
    await byBobAndCarol(world)
    world.outside.policy = policyOf([{ name: 'freeze', when: {}, outcome: { kind: 'refuse', because: 'No.' } }])
    return dave
  },
  'no rule of today fits': async (world) => {
    await byBobAndCarol(world)
    world.outside.policy = policyOf([ask([owners], 1, { when: { verdict: ['narrows'] } })])
    return dave
  },
  'the token is protected now': async (world) => {
    await byBobAndCarol(world)
    world.outside.policy = policyOf([ask([owners], 2)], { protects: ['ci-*'] })
    return dave
  },
  'they approved another revision': async ({ core, force }) => {
    const { change } = await core.store.get(1)
    await core.changes.amend(
      { id: 1, by: alice, revision: 1 },
      { after: settings({ name: 'ci-next' }), reason: 'Better' },
    )
    await force(() => approval(bob, change))
    await force(() => approval(carol, change, { quorum: true }))
    return carol
  },
  'its time is over': async (world) => {
    await byBobAndCarol(world)
    world.outside.clock.pass(7 * 24 * 3600)
    return dave
  },
  'people can not be looked up': async (world) => {
    await byBobAndCarol(world)
    world.outside.people.down = true
    return dave
  },
}

/** Every way that leads to a change being applied; resolves to what the person was told. */
const ways: Record<string, (world: World, by: string) => Promise<unknown>> = {
  'catching up': async ({ core }) => {
    core.catchUp.soon(1)
    await core.catchUp.idle()
  },
  'the sweep': ({ core }) => core.catchUp.all(),
  'a start of the app': ({ outside, core }) => {
    core.store.close()
    return startCore(outside, 'after the start').catchUp.all()
  },
  'the applier itself': ({ core }) => core.applier.apply(1).catch((error: unknown) => error),
  'one more approval': async ({ core, force }, by) => {
    await force(() => ({ type: 'quorum_lost', at, lost: [], why: 'x' }))
    const { revision } = (await core.store.get(1)).change
    const told = await core.changes.approve({ id: 1, by, revision }, '').catch((error: unknown) => error)
    await core.catchUp.all()
    return told
  },
  'an edit': async ({ core, force }) => {
    await force(() => ({ type: 'quorum_lost', at, lost: [], why: 'x' }))
    const { revision } = (await core.store.get(1)).change
    const edited = core.changes.amend(
      { id: 1, by: alice, revision },
      { after: settings({ name: 'ci-other' }), reason: 'Other' },
    )
    const told = await edited.catch((error: unknown) => error)
    await core.catchUp.all()
    return told
  },
  'a rebase': async ({ core, force, outside }) => {
    const live = settings({ description: 'by hand' })
    outside.stack.live.set('t1', live)
    await force(() => ({ type: 'drift_found', at, live }))
    const { revision } = (await core.store.get(1)).change
    const told = await core.changes.rebase({ id: 1, by: alice, revision }).catch((error: unknown) => error)
    await core.catchUp.all()
    return told
  },
}

/** If nobody is told of a refusal directly, the log still has an event for what keeps the change from being applied. */
const withoutAPerson = ['catching up', 'the sweep', 'a start of the app', 'the applier itself']

/** Nobody decided anything while people could not be looked up, so nothing is recorded: the change waits as it is. */
const recorded = (condition: string) => {
  if (condition === 'its time is over') return 'expired'
  if (condition === 'people can not be looked up') return 'approved'
  return /^(whoever asked|somebody who edited it (is a guest|as an approver))/.test(condition)
    ? 'askers_barred'
    : 'quorum_lost'
}

/** An edit and a rebase leave earlier approvals behind, whatever else is wrong. */
describe.each(Object.keys(ways))('no change is applied on the way of %s', (way) => {
  test.each(Object.keys(unmet))('when %s', async (condition) => {
    const all = await world()
    const by = await unmet[condition]!(all)
    const told = await ways[way]!(all, by)
    expect(all.outside.stack.calls).toEqual([])
    const { store } = way === 'a start of the app' ? startCore(all.outside, 'to look') : all.core
    expect((await store.get(1)).change.status).not.toMatch(/appl(ying|ied)/)
    if (told instanceof Refusal && way !== 'the applier itself')
      expect((await store.events(1)).map(({ event }) => event)).toContainEqual(
        expect.objectContaining({ type: 'refused', code: told.code, why: told.message }),
      )
    if (withoutAPerson.includes(way)) expect((await store.events(1)).at(-1)?.event.type).toBe(recorded(condition))
  })

  test('when it was cancelled or rejected', async () => {
    for (const end of [
      { type: 'cancelled', at, by: alice },
      { type: 'rejected', at, by: bob, reason: 'no' },
    ] as const) {
      const all = await world()
      await byBobAndCarol(all)
      await all.force(() => end)
      if (!['one more approval', 'an edit', 'a rebase'].includes(way)) await ways[way]!(all, dave)
      const { changes } = all.core
      if (way === 'one more approval')
        await expect(changes.approve({ id: 1, by: dave, revision: 1 }, '')).rejects.toMatchObject({
          code: 'wrong_status',
        })
      if (way === 'an edit')
        await expect(
          changes.amend({ id: 1, by: alice, revision: 1 }, { after: settings(), reason: 'x' }),
        ).rejects.toMatchObject({
          name: 'Refusal',
        })
      if (way === 'a rebase')
        await expect(changes.rebase({ id: 1, by: alice, revision: 1 })).rejects.toMatchObject({ code: 'wrong_status' })
      expect(all.outside.stack.calls).toEqual([])
    }
  })
})

test.each(withoutAPerson)('a properly approved change is applied on the way of %s', async (way) => {
  const all = await world()
  await byBobAndCarol(all)
  await ways[way]!(all, dave)
  expect(all.outside.stack.writes()).toBe(1)
})

test.each(['one more approval', 'an edit', 'a rebase'])(
  'what was approved anew as it should be, after %s, is applied',
  async (way) => {
    const all = await world()
    await byBobAndCarol(all)
    await ways[way]!(all, dave)
    const { change } = await all.core.store.get(1)
    if (change.status === 'pending')
      for (const by of [bob, carol]) await all.core.changes.approve({ id: 1, by, revision: change.revision }, '')
    await all.core.catchUp.all()
    expect(all.outside.stack.writes()).toBe(1)
    expect(all.outside.stack.live.get('t1')).toEqual(change.after)
  },
)
