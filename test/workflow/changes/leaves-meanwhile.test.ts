import { describe, expect, test } from 'vitest'
import { createWorld, typesOf } from '../../support/core.ts'
import { alice, bob, carol, policyOfTwo, settings } from '../../support/world.ts'

describe('while the token is looked at right before the write', () => {
  test.each([
    ['whoever asked', alice],
    ['the approver', bob],
  ])('%s leaves, and nothing is written', async (_, person) => {
    const { core, people, stack } = createWorld()
    const id = await core.approved()
    stack.onLook = async () => void people.obstacles.set(person, 'people who are deactivated may not use Countersign')
    await core.catchUp.all()
    expect(stack.writes()).toBe(0)
    expect((await core.store.get(id)).change).toMatchObject({
      interruption: { why: expect.stringContaining('somebody lost the right to ask for this or to approve it') },
    })
  })

  test('the policy starts to ask for more, and nothing is written', async () => {
    const { clock, core, outside, stack } = createWorld()
    const id = await core.approved()
    stack.onLook = async () => {
      outside.policy = policyOfTwo
    }
    await core.catchUp.all()
    expect(stack.writes()).toBe(0)
    clock.pass(10)
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('pending')
    await core.changes.approve({ id, by: carol, revision: 1 }, '')
    await core.catchUp.all()
    expect(stack.writes()).toBe(1)
  })

  test.each([
    [2, 'drifted', 0],
    [0.5, 'applied', 1],
  ])(
    'Slack takes %d s to say who may approve: an edit of that time is overwritten only within a moment',
    async (takes, status, writes) => {
      const { clock, core, people, stack } = createWorld()
      const id = await core.approved()
      stack.onLook = async () => {
        people.onLook = async () => {
          people.onLook = async () => {}
          clock.pass(takes)
          stack.live.set('t1', settings({ description: 'edited by hand' }))
        }
      }
      await core.catchUp.all()
      expect((await core.store.get(id)).change.status).toBe(status)
      expect(stack.writes()).toBe(writes)
    },
  )

  test('Slack can no longer be asked, and the change is tried again with nothing sent', async () => {
    const { clock, core, people, stack } = createWorld()
    const id = await core.approved()
    stack.onLook = async () => {
      people.down = true
    }
    await core.catchUp.all()
    expect(stack.writes()).toBe(0)
    expect(await typesOf(core, id)).toEqual(['proposed', 'approved', 'apply_started', 'apply_interrupted'])
    expect(core.failures[0]).toContain('Slack can not be asked')
    stack.onLook = async () => {}
    people.down = false
    clock.pass(10)
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('applied')
  })
})
