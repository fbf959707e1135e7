import { describe, expect, test } from 'vitest'
import { Outage } from '../../../src/domain/outside-trouble.ts'
import { inText } from '../../../src/slack/kit/rich.ts'
import { standing } from '../../../src/words/standing.ts'
import { createWorld, leaseSeconds, typesOf, untilGone } from '../../support/core.ts'
import { isBusy, losesTheWrite, takesButNeverAnswers } from '../../support/stack.ts'
import { bob, edit, settings } from '../../support/world.ts'

describe('if the answer of the stack is lost', () => {
  test('but the write arrived, the look finds it applied', async () => {
    const { core, stack } = createWorld()
    const id = await core.approved()
    stack.behaviours.push(takesButNeverAnswers)
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({ status: 'applied', written: true })
    expect(stack.writes()).toBe(1)
  })

  test('and the stack with it, the change is found applied once it is back: written, and once', async () => {
    const { clock, core, stack } = createWorld()
    const id = await core.approved()
    stack.behaviours.push(takesButNeverAnswers)
    stack.onWrite = async () => {
      stack.onLook = () => Promise.reject(new Error('the stack is down'))
    }
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('applying')
    expect(core.failures).toEqual([`apply #${id}: the stack is down`])

    stack.onLook = async () => {}
    clock.pass(leaseSeconds)
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({ status: 'applied', written: true })
    expect(stack.writes()).toBe(1)
  })

  test('the stack did not even try it, and shows nothing since, the change waits for its next try, and can be cancelled', async () => {
    const { clock, core, stack } = createWorld()
    const id = await core.approved()
    stack.behaviours.push(isBusy)
    stack.onWrite = async () => {
      stack.onLook = () => Promise.reject(new Outage('the stack is down'))
    }
    await core.catchUp.all()
    const { change } = await core.store.get(id)
    expect(change).toMatchObject({ status: 'approved', interruption: { why: 'too many requests' } })
    expect(core.failures).toEqual([])

    stack.onLook = stack.onWrite = async () => {}
    clock.pass(11)
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({ status: 'applied', written: true })
    expect(stack.writes()).toBe(2)
  })

  test('and no look shows the outcome, the change says why, and when it is looked at again', async () => {
    const { clock, core, stack } = createWorld()
    const id = await core.approved()
    stack.behaviours.push(takesButNeverAnswers)
    stack.onWrite = async () => {
      stack.onLook = () => Promise.reject(new Outage('the stack is down'))
    }
    await core.catchUp.all()
    const unlooked = (await core.store.get(id)).change
    expect(unlooked).not.toHaveProperty('unseen')
    expect(inText(standing(unlooked))).toMatch(
      /not seen on the token yet; an update was sent .*; it is looked at again /,
    )
    const before = core.failures.length
    clock.pass(leaseSeconds)
    await core.catchUp.all()
    const { change } = await core.store.get(id)
    expect(change).toMatchObject({ status: 'applying', unseen: { why: 'the stack is down' } })
    expect(inText(standing(change))).toMatch(/not seen on the token yet; an update was sent .*; it is looked at again /)
    expect(core.failures.length).toBe(before)

    stack.onLook = async () => {}
    clock.pass(300)
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({ status: 'applied', written: true })
    expect(stack.writes()).toBe(1)
  })

  test('and the stack with it for a while, the next look at the token for anybody shows the outcome', async () => {
    const { clock, core, stack } = createWorld()
    const id = await core.approved()
    stack.behaviours.push(takesButNeverAnswers)
    stack.onWrite = async () => {
      stack.onLook = () => Promise.reject(new Outage('the stack is down'))
    }
    await core.catchUp.all()
    clock.pass(leaseSeconds)
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({
      status: 'applying',
      unseen: { why: 'the stack is down' },
    })
    stack.onLook = async () => {}
    clock.pass(9)
    await core.looks.token('website', 't1')
    await core.catchUp.idle()
    expect((await core.store.get(id)).change).toMatchObject({ status: 'applying' })
    clock.pass(1)
    await core.looks.token('website', 't1')
    await core.catchUp.idle()
    expect((await core.store.get(id)).change).toMatchObject({ status: 'applied', written: true })
    expect(stack.writes()).toBe(1)
  })

  test('since the process died before it is known to have sent anything, the change says no more than that', async () => {
    const { clock, core } = createWorld()
    const id = await core.approved()
    const lease = { holder: 'dead', until: clock.iso(), arrival: clock.iso() }
    const started = { type: 'apply_started', at: clock.iso(), lease, seal: 'sealed' } as const
    await core.store.record(id, 'app', () => started)
    await core.catchUp.all()
    const { change } = await core.store.get(id)
    expect(change.status).toBe('approved')
    expect(inText(standing(change))).toMatch(/; an update may have been sent /)
  })

  test("and the token is gone by then, the stack's word on the update is not forgotten", async () => {
    const { clock, core, stack } = createWorld()
    const id = await core.approved()
    stack.onWrite = async () => {
      stack.onLook = async (uid) => void stack.live.delete(uid)
    }
    await core.catchUp.all()
    clock.pass(leaseSeconds)
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('applying')
    await untilGone({ core, clock })
    const { change } = await core.store.get(id)
    expect(change).toMatchObject({ status: 'failed', why: expect.not.stringContaining('whether') })
    expect(inText(standing(change))).toMatch(/^failed .*; the stack said that it took the update sent /)
  })

  test('while the lease holds, it is neither judged nor written again', async () => {
    const { clock, core, stack } = createWorld()
    const id = await core.approved()
    stack.behaviours.push(losesTheWrite)
    await core.catchUp.all()
    const calls = [...stack.calls]
    for (let i = 0; i < leaseSeconds - 1; i++) {
      clock.pass(1)
      core.catchUp.soon(id)
      await core.catchUp.all()
      await core.catchUp.idle()
    }
    expect(stack.calls).toEqual(calls)
    expect((await core.store.get(id)).change.status).toBe('applying')
  })

  test('a write that arrives late, within the lease, is found and not repeated', async () => {
    const { clock, core, stack } = createWorld()
    const id = await core.approved()
    stack.behaviours.push(losesTheWrite)
    await core.catchUp.all()
    stack.live.set('t1', settings({ name: 'ci-deploy-2' }))
    clock.pass(leaseSeconds)
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({ status: 'applied', written: true })
    expect(stack.writes()).toBe(1)
  })

  test('a write that is lost is written again after the lease, and exactly one is taken', async () => {
    const { clock, core, stack } = createWorld()
    const id = await core.approved()
    stack.behaviours.push(losesTheWrite)
    await core.catchUp.all()
    clock.pass(leaseSeconds)
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({ status: 'approved', interruptions: 1 })
    clock.pass(10)
    await core.catchUp.all()
    expect(stack.writes()).toBe(2)
    expect((await core.store.get(id)).change.status).toBe('applied')
    expect(await typesOf(core, id)).toEqual([
      'proposed',
      'approved',
      'apply_started',
      'write_answered',
      'apply_interrupted',
      'apply_started',
      'write_answered',
      'applied',
    ])
  })

  test('and the token is edited by hand meanwhile, the edit is not overwritten', async () => {
    const { clock, core, stack } = createWorld()
    const id = await core.approved()
    stack.behaviours.push(losesTheWrite)
    await core.catchUp.all()
    stack.live.set('t1', settings({ description: 'edited by hand' }))
    clock.pass(leaseSeconds)
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('drifted')
    expect(stack.writes()).toBe(1)
  })

  test('and looks show the token as it was before a change that is known to be in force, it is not drift', async () => {
    const { clock, core, stack } = createWorld()
    await core.looks.refreshAll()
    const asItWas = stack.live.get('t1')!
    await core.approved()
    await core.catchUp.all()
    const renamed = stack.live.get('t1')!
    const asked = edit({ before: renamed, after: { ...renamed, description: 'New' } })
    const { id } = await core.changes.propose({ ...asked, reason: 'It has another use' }, 'view-2')
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    stack.behaviours.push(losesTheWrite)
    stack.onWrite = async () => {
      stack.onLook = async () => void stack.live.set('t1', asItWas)
    }
    await core.catchUp.all()
    clock.pass(leaseSeconds)
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({ status: 'applying', unseen: {} })
    stack.onWrite = async () => {}
    stack.onLook = async () => {}
    stack.live.set('t1', renamed)
    clock.pass(leaseSeconds)
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('approved')
    clock.pass(10)
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('applied')
  })

  test('and the token is deleted meanwhile, the change ends, and says that nobody can tell the outcome', async () => {
    const { clock, core, stack } = createWorld()
    const id = await core.approved()
    stack.behaviours.push(losesTheWrite)
    await core.catchUp.all()
    stack.live.delete('t1')
    clock.pass(leaseSeconds)
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('applying')
    await untilGone({ core, clock })
    const { change } = await core.store.get(id)
    expect(change).toMatchObject({
      status: 'failed',
      why: expect.stringMatching(/the token is gone.*nobody can tell any more whether an update reached it/),
    })
  })
})
