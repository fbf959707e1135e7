import { describe, expect, test } from 'vitest'
import { createWorld, typesOf } from '../../support/core.ts'
import { alice, ask, bob, carol, dave, gus, owners, policyOf, policyOfTwo, settings } from '../../support/world.ts'

const refuse = { kind: 'refuse' as const, because: 'Not before the launch.' }
const all = (...from: readonly string[][]) => ({
  kind: 'ask' as const,
  parties: from.map((from) => ({ from, quorum: 1 })),
  confirm: false,
})

describe('a policy that became stricter between approval and apply', () => {
  test.each([
    ['asks for one more approval', policyOfTwo, [], '1 more must approve under the current policy'],
    [
      'asks for another party as well',
      policyOf([ask([bob], 1, { outcome: all([bob, carol], [bob, carol]) })]),
      [],
      '1 more must approve under the current policy',
    ],
    ['names others', policyOf([ask([carol])]), [], '1 more must approve under the current policy'],
    [
      'has no rule for it',
      policyOf([ask([bob], 1, { when: { verdict: ['widens'] } })]),
      [],
      'No rule of the policy fits',
    ],
    [
      'refuses it',
      policyOf([{ name: 'freeze', when: {}, outcome: refuse }]),
      [],
      'The policy forbids it (freeze): Not',
    ],
    ['protects its new name', policyOf([ask([bob])], { protects: ['*-2'] }), [], 'The name that it would get is'],
    ['protects the token', policyOf([ask([bob])], { protects: ['ci-*'] }), [], 'This token is protected'],
  ])('and now %s: the change waits again, and nothing is written', async (_, stricter, lost, why) => {
    const { core, outside, stack } = createWorld()
    const id = await core.approved()
    outside.policy = stricter
    await core.catchUp.all()
    expect(await typesOf(core, id)).toEqual(['proposed', 'approved', 'quorum_lost'])
    expect((await core.store.get(id)).change).toMatchObject({
      status: 'pending',
      lost: { approvals: lost, why: expect.stringContaining(why) },
    })
    expect(stack.calls).toEqual([])
  })

  test('the approval that is missing now opens the door', async () => {
    const { core, outside, stack } = createWorld()
    const id = await core.approved()
    outside.policy = policyOfTwo
    await core.catchUp.all()
    await core.changes.approve({ id, by: carol, revision: 1 }, '')
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('applied')
    expect(stack.writes()).toBe(1)
  })

  test('somebody whom only the current rule names may approve, and both rules have to be met', async () => {
    const { core, outside, stack } = createWorld()
    const id = await core.proposed()
    outside.policy = policyOf([ask([dave])])
    const first = await core.changes.approve({ id, by: dave, revision: 1 }, '')
    expect(first.status).toBe('pending')
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    await core.catchUp.all()
    expect(stack.writes()).toBe(1)
  })
})

describe('a policy that became laxer between asking and approval', () => {
  test('does not help: the rule that it was asked under still has to be met', async () => {
    const { core, outside } = createWorld()
    outside.policy = policyOfTwo
    const id = await core.proposed()
    outside.policy = policyOf([ask([bob, carol])])
    expect((await core.changes.approve({ id, by: bob, revision: 1 }, '')).status).toBe('pending')
    expect((await core.changes.approve({ id, by: carol, revision: 1 }, '')).status).toBe('approved')
  })
})

describe('people who changed between approval and apply', () => {
  function ownersDecide() {
    const world = createWorld()
    world.outside.policy = policyOf([ask([owners], 2)])
    world.people.groups.set(owners, [bob, carol, dave])
    return world
  }

  async function approvedByTwo({ core }: ReturnType<typeof createWorld>): Promise<number> {
    const id = await core.proposed()
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    await core.changes.approve({ id, by: carol, revision: 1 }, '')
    return id
  }

  test('two of the group apply it', async () => {
    const world = ownersDecide()
    await approvedByTwo(world)
    await world.core.catchUp.all()
    expect(world.stack.writes()).toBe(1)
  })

  test.each<[string, (world: ReturnType<typeof createWorld>) => unknown, string]>([
    [
      'left the group',
      ({ people }) => people.groups.set(owners, [carol, dave]),
      'only the people its rule names may decide on it',
    ],
    [
      'became a guest',
      ({ people }) => people.obstacles.set(bob, 'guests may not use Countersign'),
      'guests may not use Countersign',
    ],
  ])('somebody who %s no longer counts, and the card says why', async (_, change, why) => {
    const world = ownersDecide()
    const id = await approvedByTwo(world)
    change(world)
    await world.core.catchUp.all()
    expect(world.stack.calls).toEqual([])
    expect(world.chat.cards[0]!.shows.change).toMatchObject({
      status: 'pending',
      lost: { approvals: [{ by: bob, why }], why: '1 more must approve under the current policy' },
    })
    await world.core.changes.approve({ id, by: dave, revision: 1 }, '')
    await world.core.catchUp.all()
    expect(world.stack.writes()).toBe(1)
  })

  test('a group that is now disabled or empty means nobody', async () => {
    const world = ownersDecide()
    const id = await approvedByTwo(world)
    world.people.groups.delete(owners)
    await world.core.catchUp.all()
    expect(world.stack.calls).toEqual([])
    await expect(world.core.changes.approve({ id, by: dave, revision: 1 }, '')).rejects.toMatchObject({
      code: 'not_allowed',
    })
  })

  test('approvers who are back approve again, and the change goes on', async () => {
    const world = ownersDecide()
    const id = await approvedByTwo(world)
    world.people.groups.set(owners, [carol])
    await world.core.catchUp.all()
    world.people.groups.set(owners, [bob, carol])
    await world.core.changes.approve({ id, by: bob, revision: 1 }, '')
    await world.core.catchUp.all()
    expect(world.stack.writes()).toBe(1)
  })
})

describe('an unknown answer means no', () => {
  test('from a policy that cannot be read', async () => {
    const { core, outside, stack } = createWorld()
    const id = await core.approved()
    Object.defineProperty(outside, 'policy', {
      get: () => {
        throw new Error('the policy can not be read')
      },
    })
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('approved')
    expect(stack.calls).toEqual([])
    expect(core.failures).toEqual([`apply #${id}: the policy can not be read`])
  })

  test('about people: nothing is applied or decided until they can be looked up', async () => {
    const { clock, core, people, stack } = createWorld()
    const id = await core.approved()
    people.down = true
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('approved')
    expect(stack.calls).toEqual([])
    expect(core.failures).toEqual([expect.stringMatching(/^apply #1: .*\(Slack can not be asked\)/)])
    people.down = false
    clock.pass(2)
    await core.catchUp.all()
    expect(stack.writes()).toBe(1)
  })

  test('an approval by somebody who cannot be looked up is refused, and the refusal is kept', async () => {
    const { core, people } = createWorld()
    const id = await core.proposed()
    people.down = true
    await expect(core.changes.approve({ id, by: bob, revision: 1 }, '')).rejects.toMatchObject({
      code: 'unavailable',
      message:
        'Who may ask and decide could not be looked up in Slack (Slack can not be asked), so nothing was done. Try again in a minute.',
    })
    expect(await typesOf(core, id)).toEqual(['proposed', 'refused'])
  })

  test('from a policy whose rules name a requester by group, if the group cannot be read', async () => {
    const { core, outside, people } = createWorld()
    outside.policy = policyOf([ask([bob], 1, { when: { requester: [owners] } }), ask([bob, carol])])
    people.down = true
    await expect(core.proposed()).rejects.toThrow('Slack can not be asked')
    expect(await typesOf(core)).toEqual(['refused'])
  })
})

test('a change that was amended by an approver is applied only with others, and what is written is what they saw', async () => {
  const { core, outside, stack } = createWorld()
  outside.policy = policyOf([ask([alice, bob, carol, dave, gus], 2)])
  const id = await core.proposed()
  await core.changes.approve({ id, by: carol, revision: 1 }, '')
  await core.changes.amend(
    { id, by: bob, revision: 1 },
    { after: settings({ name: 'ci-next' }), reason: 'A better name' },
  )
  for (const by of [alice, bob])
    await expect(core.changes.approve({ id, by, revision: 2 }, '')).rejects.toMatchObject({ code: 'not_allowed' })
  expect((await core.changes.approve({ id, by: carol, revision: 2 }, '')).status).toBe('pending')
  await core.catchUp.all()
  expect(stack.calls).toEqual([])
  await core.changes.approve({ id, by: dave, revision: 2 }, '')
  await core.catchUp.all()
  expect(stack.live.get('t1')!.name).toBe('ci-next')
  expect(stack.writes()).toBe(1)
})
