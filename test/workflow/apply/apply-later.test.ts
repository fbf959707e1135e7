import { describe, expect, test } from 'vitest'
import { createWorld, leaseSeconds, writeSeconds } from '../../support/core.ts'
import { isBusy } from '../../support/stack.ts'
import { bob } from '../../support/world.ts'

describe('if the stack cannot be written now', () => {
  test('a busy stack is written again, later and later, until it takes the change', async () => {
    const { clock, core, stack } = createWorld()
    const id = await core.approved()
    stack.behaviours.push(isBusy, isBusy)
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({
      status: 'approved',
      interruption: { why: 'too many requests', retryAt: '2026-06-01T09:00:10.000Z' },
    })
    for (const [seconds, writes] of [
      [9, 1],
      [1, 2],
      [29, 2],
      [1, 3],
    ] as const) {
      clock.pass(seconds)
      core.catchUp.soon(id)
      await core.catchUp.idle()
      expect(stack.writes()).toBe(writes)
    }
    expect((await core.store.get(id)).change.status).toBe('applied')
  })

  test('a stack that is down before the write is looked at again later, and the reason is kept', async () => {
    const { clock, core, stack } = createWorld()
    const id = await core.approved()
    stack.onLook = () => Promise.reject(new Error('the stack is down'))
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({
      status: 'approved',
      interruption: { why: 'the stack is down' },
    })
    stack.onLook = async () => {}
    clock.pass(10)
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('applied')
    expect(stack.writes()).toBe(1)
  })

  test.each([
    ['while the stack is down', async () => Promise.reject(new Error('the stack is down'))],
    ['while the token is looked at', async () => {}],
  ])('an expiry that passes %s is not written, and the change says what to do', async (_, onLook) => {
    const { clock, core, stack } = createWorld()
    const before = stack.live.get('t1')!
    const id = await core.proposed({ before, after: { ...before, expiresOn: '2026-06-02' } })
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    stack.onLook = async () => {
      stack.onLook = async () => {}
      clock.pass(15 * 60 * 60)
      return onLook()
    }
    await core.catchUp.all()
    clock.pass(10)
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({
      status: 'failed',
      why: 'its new expiry, 2026-06-02, had passed before it was written. So nothing more is sent to the stack: ask again, for a later day',
    })
    expect(stack.writes()).toBe(0)
  })

  test.each([
    ['a look that leaves no time for the write within the lease', leaseSeconds - writeSeconds, 'approved'],
    ['a look that leaves just time enough', leaseSeconds - writeSeconds - 1, 'applied'],
  ])('%s ends %s', async (_, seconds, status) => {
    const { clock, core, stack } = createWorld()
    const id = await core.approved()
    stack.onLook = async () => {
      stack.onLook = async () => {}
      clock.pass(seconds)
    }
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe(status)
    expect(stack.writes()).toBe(status === 'applied' ? 1 : 0)
  })
})
