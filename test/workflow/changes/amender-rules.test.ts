import { describe, expect, test } from 'vitest'
import type { Policy } from '../../../src/domain/policy/policy.ts'
import { createWorld } from '../../support/core.ts'
import { alice, ask, bob, carol, dave, owners, policyOf, security, settings } from '../../support/world.ts'

const rest = ask([bob, carol])
const after = settings({ name: 'ci-next' })

/** Bob edits Alice's change: he may decide on it, and is in the group that one of the rules is about. */
async function editedByBob(aboutSecurity: Policy['rules'][number]) {
  const world = createWorld()
  world.people.groups.set(security, [bob])
  world.people.groups.set(owners, [dave])
  world.outside.policy = policyOf([aboutSecurity, rest])
  const id = await world.core.proposed()
  const edit = () => world.core.changes.amend({ id, by: bob, revision: 1 }, { after, reason: 'A better name' })
  return { ...world, id, edit }
}

const forSecurity = ask([owners], 1, { name: 'of security', when: { requester: [security] } })

describe('somebody who edits a change counts as its requester too, for the rules as well', () => {
  test('a rule about them has to be met as well as the one about the requester, and the change keeps it', async () => {
    const { core, id, edit, stack } = await editedByBob(forSecurity)
    const edited = await edit()
    expect(edited).toMatchObject({ requirement: { rule: 'approvers' }, today: { rule: 'of security' } })
    expect((await core.changes.approve({ id, by: carol, revision: 2 }, '')).status).toBe('pending')
    expect((await core.changes.approve({ id, by: dave, revision: 2 }, '')).status).toBe('approved')
    await core.catchUp.all()
    expect(stack.writes()).toBe(1)
  })

  test('they are told before they send it', async () => {
    const { core, id } = await editedByBob(forSecurity)
    const edit = { stack: 'website', tokenUid: 't1', requester: alice, before: settings(), after }
    const ruled = await core.changes.mayAmendTo({ id, by: bob }, edit)
    expect(ruled).toMatchObject({ requirement: { rule: 'approvers' }, today: { rule: 'of security' } })
    expect(ruled.electorate.demands.map(({ rule }) => rule)).toEqual(['approvers', 'of security'])
  })

  test.each([
    [
      'refuses it',
      { name: 'freeze', when: { requester: [security] }, outcome: { kind: 'refuse' as const, because: 'Not you.' } },
      'The policy forbids it (freeze): Not you. Nothing was sent.',
    ],
    [
      'could never be met',
      ask([bob], 1, { name: 'himself', when: { requester: [security] } }),
      /too few people would be left who can/,
    ],
  ])('if a rule about them %s, the edit is refused', async (_, aboutSecurity, why) => {
    const { core, id, edit } = await editedByBob(aboutSecurity)
    await expect(edit()).rejects.toThrow(why)
    expect((await core.store.get(id)).change.revision).toBe(1)
  })

  test('a rule that refuses it for one of them wins over a rule that asks more of another', async () => {
    const { core, id, outside, people } = await editedByBob(forSecurity)
    people.groups.set(owners, [carol])
    const freeze = { kind: 'refuse' as const, because: 'Not you.' }
    outside.policy = policyOf([
      ask([dave], 1, { name: 'of owners', when: { requester: [owners] } }),
      { name: 'freeze', when: { requester: [security] }, outcome: freeze },
      rest,
    ])
    const edited = await core.changes.amend({ id, by: carol, revision: 1 }, { after, reason: 'A better name' })
    expect(edited.today).toMatchObject({ rule: 'of owners' })
    const again = core.changes.amend(
      { id, by: bob, revision: 2 },
      { after: settings({ name: 'ci-last' }), reason: 'Better still' },
    )
    await expect(again).rejects.toThrow('The policy forbids it (freeze): Not you. Nothing was sent.')
  })

  test('if the same rule fits both, nothing else is asked for', async () => {
    const { edit } = await editedByBob(ask([carol], 1, { when: { requester: [owners] } }))
    expect((await edit()).today).toBeNull()
  })

  test('a rule that now refuses it for its editor lets nobody approve or apply it', async () => {
    const { core, id, edit, outside, stack } = await editedByBob(ask([carol], 1, { when: { requester: [owners] } }))
    await edit()
    await core.changes.approve({ id, by: carol, revision: 2 }, '')
    const freeze = { kind: 'refuse' as const, because: 'Not you.' }
    outside.policy = policyOf([{ name: 'freeze', when: { requester: [security] }, outcome: freeze }, rest])
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({
      status: 'pending',
      lost: { why: expect.stringContaining('Not you.') },
    })
    expect(stack.writes()).toBe(0)
  })
})
