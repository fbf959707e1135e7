import { describe, expect, test } from 'vitest'
import { createWorld, typesOf } from '../support/core.ts'
import { bob, carol } from '../support/world.ts'

describe('a policy that became stricter between approval and apply', () => {
  test.each([
    ['asks for one more approval', { approvers: [bob, carol], approvals: 2 }],
    ['no longer lists who approved', { approvers: [carol], approvals: 1 }],
    ['lists nobody', { approvers: [], approvals: 1 }],
  ])('it %s: the change waits again and nothing is written', async (_, stricter) => {
    const { core, outside, stack } = createWorld()
    const id = await core.approved()
    outside.policy = stricter
    await core.catchUp.all()
    expect(await typesOf(core, id)).toEqual(['proposed', 'approved', 'quorum_lost'])
    expect((await core.store.get(id)).change.status).toBe('pending')
    expect(stack.calls).toEqual([])
  })

  test('the approval that is missing now opens the door', async () => {
    const { core, outside, stack } = createWorld()
    const id = await core.approved()
    outside.policy = { approvers: [bob, carol], approvals: 2 }
    await core.catchUp.all()
    await core.changes.approve(id, carol, 1)
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('applied')
    expect(stack.writes()).toBe(1)
  })

  test('a policy that can not be read means no', async () => {
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
})
