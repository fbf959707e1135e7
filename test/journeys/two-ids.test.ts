import { expect, test } from 'vitest'
import { startWorld, type World } from '../support/journey.ts'

const decide = ['U0DAVE', 'U0MALLORY']
const rule = { name: 'usual', approvers: decide }
const forbids = { name: 'none', when: { requester: ['S0SECURITY'] }, refuse: 'Not for them' }

/**
 * People have an id in the organisation, which the log uses, and user groups list them by their id in the workspace.
 */
async function organisation(policy: object): Promise<World> {
  const world = await startWorld({ transport: 'socket', enterpriseId: 'E0SANDBOX', config: { policy } })
  for (const { id } of [world.alice, world.bob, world.carol, world.dave, world.mallory])
    await world.slack.admin.changePerson(id, { globalId: id.replace('U', 'W') })
  return world
}

test('after a restart, a rule that names the requester by a user group still covers their open change', async () => {
  const world = await organisation({ rules: [rule] })
  const { alice, bob, dave, slack, stack, until } = world
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  await slack.admin.changeUserGroup('S0SECURITY', { users: ['U0CAROL', 'U0ALICE'] })
  await world.restarts({ policy: { rules: [forbids, rule] } })
  await until('the rule to be found', () => bob.readsCard(card).includes('Not for them'))
  await dave.presses(dave.card(card), 'approve')
  expect(stack.takenUpdates()).toBe(0)
})

test('after a restart, somebody who may ask as a member of a user group still may', async () => {
  const policy = { may_ask: ['S0OWNERS'], rules: [rule] }
  const world = await organisation(policy)
  const card = await world.carol.asksFor('ci-deploy', { name: 'ci' })
  await world.restarts({ policy })
  await world.dave.approves(world.dave.card(card))
  await world.until('the update', () => world.stack.takenUpdates() === 1)
  expect(await world.audit(1)).not.toContain('app askers_barred')
})
