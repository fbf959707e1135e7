import { describe, expect, test } from 'vitest'
import { createWorld } from '../../support/core.ts'
import { alice, ask, bob, carol, dave, mallory, policyOf, security, settings } from '../../support/world.ts'

const press = (by: string, revision = 1) => ({ id: 1, by, revision })

/** People of security have their changes confirmed; Bob or Carol approve the rest with one press. */
const typed = { kind: 'ask' as const, parties: [{ from: [bob, carol, dave], quorum: 1 }], confirm: true }
const policy = policyOf([
  { name: 'of security', when: { requester: [security] }, outcome: typed },
  ask([bob, carol, dave]),
])

async function world(members: readonly string[]) {
  const world = createWorld()
  world.outside.policy = policy
  world.people.groups.set(security, members)
  await world.proposed()
  const status = async () => (await world.core.store.get(1)).change.status
  return { ...world, status }
}

describe('approvers have to type the name of the token if the current rule says so', () => {
  test('though it did not when the change was asked for: its requester has joined the group since', async () => {
    const { core, people, stack, status } = await world([mallory])
    expect((await core.store.get(1)).change.requirement.confirm).toBe(false)
    people.groups.set(security, [alice])
    expect(await core.changes.approveUnconfirmed(press(bob))).toBeNull()
    expect(await core.changes.mayApprove(press(bob))).toMatchObject({ confirm: true })
    await expect(core.changes.approve(press(bob), '')).rejects.toThrow('has to type the name of its token')
    await core.catchUp.all()
    expect([await status(), stack.writes()]).toEqual(['pending', 0])
    await core.changes.approve(press(bob), '', true)
    await core.catchUp.all()
    expect([await status(), stack.writes()]).toEqual(['applied', 1])
  })

  test('or when a rule fits somebody who edited it, and not the requester', async () => {
    const { core, people, outside } = await world([mallory])
    outside.policy = policyOf([
      { name: 'of security', when: { requester: [security] }, outcome: typed },
      ...[ask([bob, carol, dave], 2, { name: 'by dave', when: { requester: [dave] } }), ask([bob, carol, dave])],
    ])
    await core.changes.amend(press(dave), { after: settings({ name: 'ci-next' }), reason: 'Better' })
    await core.changes.amend(press(carol, 2), { after: settings({ name: 'ci-last' }), reason: 'Best' }).catch(() => {})
    people.groups.set(security, [dave])
    const { revision } = (await core.store.get(1)).change
    expect(await core.changes.approveUnconfirmed(press(bob, revision))).toBeNull()
  })

  test('and an earlier approval by a press alone is not applied', async () => {
    const { core, people, stack, status } = await world([mallory])
    await core.changes.approve(press(bob), '')
    people.groups.set(security, [alice])
    await core.catchUp.all()
    expect([await status(), stack.writes()]).toEqual(['pending', 0])
    await core.changes.approve(press(bob), '', true)
    await core.catchUp.all()
    expect([await status(), stack.writes()]).toEqual(['applied', 1])
  })

  test('and nothing is decided at a press while nobody can be asked who is in the group', async () => {
    const { core, people, status } = await world([mallory])
    people.down = true
    await expect(core.changes.approveUnconfirmed(press(bob))).rejects.toMatchObject({ code: 'unavailable' })
    people.down = false
    expect(await status()).toBe('pending')
  })
})
