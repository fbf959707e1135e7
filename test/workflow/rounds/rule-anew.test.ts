import { expect, test } from 'vitest'
import { policyDigest } from '../../../src/domain/policy/digest.ts'
import type { Policy } from '../../../src/domain/policy/policy.ts'
import { createRulingAnew } from '../../../src/workflow/rounds/rule-anew.ts'
import { createWorld, typesOf } from '../../support/core.ts'
import { alice, ask, bob, carol, dave, owners, policy, policyOf, policyOfTwo } from '../../support/world.ts'

function createStart() {
  const world = createWorld()
  const { core, clock, outside } = world
  const failures: string[] = []
  const onFailure = (id: number, error: unknown) => failures.push(`#${id}: ${(error as Error).message}`)
  /** Rules anew with this policy, as a start does. */
  const startsWith = async (policy: Policy) => {
    outside.policy = policy
    const anew = createRulingAnew({ store: core.store, electorates: core.electorates, now: clock.now, onFailure })
    await anew.turn()
    return anew
  }
  return { ...world, failures, startsWith }
}

test('a change keeps the digest of the policy that it was asked under, with the rule', async () => {
  const { core } = createStart()
  const id = await core.proposed()
  const { requirement } = (await core.store.get(id)).change
  expect(requirement).toEqual({
    rule: 'approvers',
    parties: [{ from: [bob, carol], quorum: 1 }],
    confirm: false,
    policy: policyDigest(policy),
  })
})

test('a stricter policy is noted on waiting changes, and shown on their cards before anybody decides', async () => {
  const { chat, core, startsWith, stack } = createStart()
  const id = await core.proposed()
  await core.catchUp.all()
  await startsWith(policyOfTwo)
  await core.catchUp.all()
  const today = { parties: [{ from: [bob, carol], quorum: 2 }], policy: policyDigest(policyOfTwo) }
  expect(chat.cards[0]!.shows.change).toMatchObject({ status: 'pending', today })
  await core.changes.approve({ id, by: bob, revision: 1 }, '')
  await core.changes.approve({ id, by: carol, revision: 1 }, '')
  await core.catchUp.all()
  expect(stack.writes()).toBe(1)
})

test('an asker who may no longer ask is noted on the round, before anybody decides', async () => {
  const { core, people, startsWith } = createStart()
  const id = await core.proposed()
  people.obstacles.set(alice, 'deactivated members may not use Countersign')
  await startsWith(policy)
  expect(await typesOf(core)).toEqual(['proposed', 'askers_barred'])
  expect((await core.store.get(id)).change.barredAskers).toMatchObject([{ by: alice }])
})

test('the same policy, or another that asks the same, leaves no trace', async () => {
  const { core, startsWith } = createStart()
  await core.proposed()
  await startsWith(policy)
  await startsWith(policyOf([ask([bob, carol], 1, { name: 'renamed' })], { lives: 1000 }))
  expect(await typesOf(core)).toEqual(['proposed'])
})

test('under the very policy that a change was asked under, times in a rule are not counted again from today', async () => {
  const { clock, core, outside, startsWith } = createStart()
  const longLived = ask([bob, carol], 2, { name: 'long', when: { expiry: { laterThanDays: 200 } } })
  outside.policy = policyOf([longLived, ask([dave])])
  await core.proposed()
  clock.pass(100 * 24 * 3600)
  await startsWith(outside.policy)
  expect(await typesOf(core)).toEqual(['proposed'])
})

test('a policy that now asks for the name of the token is not met by an approval without it', async () => {
  const { core, startsWith } = createStart()
  const id = await core.proposed()
  const typed = { kind: 'ask' as const, parties: [{ from: [bob, carol], quorum: 1 }], confirm: true }
  await startsWith(policyOf([ask([bob], 1, { outcome: typed })]))
  expect(await core.changes.approveUnconfirmed({ id, by: bob, revision: 1 })).toBeNull()
  expect((await core.store.get(id)).change.status).toBe('pending')
})

test('while nothing can be looked up, a start waits for one change, and the others follow once it can', async () => {
  const { core, failures, people, startsWith } = createStart()
  const first = await core.proposed()
  const second = await core.proposed({ tokenUid: 't2' })
  people.down = true
  const anew = await startsWith(policyOf([ask([bob], 1, { when: { requester: [owners] } }), ask([bob, carol], 2)]))
  expect(failures).toEqual([expect.stringMatching(`^#${second}: .*Slack can not be asked`)])
  await anew.turn()
  await anew.turn()
  expect(failures.map((failure) => failure.split(':')[0])).toEqual([`#${second}`, `#${first}`])
  expect(await typesOf(core)).toEqual(['proposed', 'proposed'])
  people.down = false
  await anew.turn()
  await anew.turn()
  expect(await typesOf(core)).toEqual(['proposed', 'proposed', 'ruled_anew', 'ruled_anew'])
})

test('one whose other facts cannot be looked up does not hold up the others', async () => {
  const { core, failures, startsWith } = createStart()
  const first = await core.proposed()
  await core.proposed({ tokenUid: 't2' })
  const { rulingOfNow } = core.electorates
  core.electorates.rulingOfNow = (change) =>
    'id' in change && change.id === first ? Promise.reject(new Error('damaged')) : rulingOfNow(change)
  await startsWith(policyOfTwo)
  expect(failures).toEqual([`#${first}: damaged`])
  expect(await typesOf(core)).toEqual(['proposed', 'proposed', 'ruled_anew'])
})

test('a change that was asked for since is checked when all are checked once more', async () => {
  const { core, outside, startsWith } = createStart()
  const anew = await startsWith(policy)
  const id = await core.proposed()
  outside.policy = policyOfTwo
  await anew.turn()
  expect(await typesOf(core, id)).not.toContain('ruled_anew')
  await anew.again()
  expect(await typesOf(core, id)).toContain('ruled_anew')
})
