import { describe, expect, test } from 'vitest'
import { createOutside, leaseSeconds, startCore, typesOf, writeSeconds } from '../support/core.ts'
import { rawConnection } from '../support/file.ts'
import { isBusy, losesTheWrite, refuses, takesButNeverAnswers, takesOnly } from '../support/stack.ts'
import { bob, carol, proposal, settings } from '../support/world.ts'

function world() {
  const outside = createOutside()
  return { ...outside, outside, core: startCore(outside) }
}

describe('an approved change', () => {
  test('is applied by looking, writing once, and looking again', async () => {
    const { core, stack } = world()
    const id = await core.approved()
    await core.catchUp.all()
    expect(stack.calls).toEqual(['look t1', 'write t1', 'look t1'])
    expect(stack.live.get('t1')).toEqual(settings({ name: 'ci-deploy-2' }))
    expect(await typesOf(core, id)).toEqual(['proposed', 'approved', 'apply_started', 'applied'])
    expect((await core.store.get(id)).change).toMatchObject({ status: 'applied', written: true })
  })

  test('is applied once, however often the app catches up', async () => {
    const { clock, core, stack } = world()
    await core.approved()
    for (let i = 0; i < 3; i++) {
      await core.catchUp.all()
      clock.pass(leaseSeconds * 2)
    }
    expect(stack.writes()).toBe(1)
  })

  test('is applied under a lease, on disk before the first look, that names the process and outlasts the write', async () => {
    const { clock, core, stack } = world()
    const id = await core.approved()
    const until = new Date(clock.now().getTime() + leaseSeconds * 1000).toISOString()
    const seen: unknown[] = []
    const note = async () => {
      seen.push((await core.store.get(id)).change)
    }
    stack.onLook = note
    stack.onWrite = note
    await core.catchUp.all()
    const applying = expect.objectContaining({ status: 'applying', lease: { holder: 'first', until } })
    expect(seen).toEqual([applying, applying, applying])
  })

  test('whose token is as asked for already is applied without a write', async () => {
    const { core, stack } = world()
    const id = await core.approved()
    stack.live.set('t1', settings({ name: 'ci-deploy-2' }))
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({ status: 'applied', written: false })
    expect(stack.writes()).toBe(0)
  })

  test('whose token was edited by hand is marked drifted, shows both, and nothing is overwritten', async () => {
    const { core, stack } = world()
    const id = await core.approved()
    const edited = settings({ description: 'edited by hand' })
    stack.live.set('t1', edited)
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({ status: 'drifted', before: settings(), live: edited })
    expect(stack.live.get('t1')).toEqual(edited)
    expect(stack.writes()).toBe(0)
  })

  test('whose token is gone fails in the words of the stack, and nothing is written', async () => {
    const { core, stack } = world()
    const id = await core.approved()
    stack.live.delete('t1')
    await core.catchUp.all()
    const { change } = await core.store.get(id)
    expect(change).toMatchObject({ status: 'failed', why: 'The stack website has no token t1.' })
    expect(stack.writes()).toBe(0)
  })

  test('that the stack refuses fails for good, in the words of the stack', async () => {
    const { clock, core, stack } = world()
    const id = await core.approved()
    stack.behaviours.push(refuses('the name is taken'))
    await core.catchUp.all()
    clock.pass(3600)
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({ status: 'failed', why: 'the name is taken' })
    expect(stack.writes()).toBe(1)
  })

  test('of which the stack drops a field fails, and names the field', async () => {
    const { core, stack } = world()
    const rateLimits = { kind: 'custom', read: 5, write: 2 } as const
    const asked = proposal({ after: settings({ name: 'ci-release', rateLimits }) })
    const { id } = await core.changes.propose(asked, 'view-1')
    await core.changes.approve(id, bob, 1)
    stack.behaviours.push(takesOnly('name'))
    await core.catchUp.all()
    const { change } = await core.store.get(id)
    expect(change).toMatchObject({ status: 'failed', why: expect.stringMatching(/kept the old value of Rate limits/) })
    expect(change).not.toMatchObject({ why: expect.stringMatching(/Name/) })
  })
})

describe('a policy that became stricter between approval and apply', () => {
  test.each([
    ['asks for one more approval', { approvers: [bob, carol], approvals: 2 }],
    ['no longer lists who approved', { approvers: [carol], approvals: 1 }],
    ['lists nobody', { approvers: [], approvals: 1 }],
  ])('it %s: the change waits again and nothing is written', async (_, stricter) => {
    const { core, outside, stack } = world()
    const id = await core.approved()
    outside.policy = stricter
    await core.catchUp.all()
    expect(await typesOf(core, id)).toEqual(['proposed', 'approved', 'quorum_lost'])
    expect((await core.store.get(id)).change.status).toBe('pending')
    expect(stack.calls).toEqual([])
  })

  test('the approval that is missing now opens the door', async () => {
    const { core, outside, stack } = world()
    const id = await core.approved()
    outside.policy = { approvers: [bob, carol], approvals: 2 }
    await core.catchUp.all()
    await core.changes.approve(id, carol, 1)
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('applied')
    expect(stack.writes()).toBe(1)
  })

  test('a policy that can not be read means no', async () => {
    const { core, outside, stack } = world()
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

describe('when the answer of the stack is lost', () => {
  test('but the write arrived, the look finds it applied', async () => {
    const { core, stack } = world()
    const id = await core.approved()
    stack.behaviours.push(takesButNeverAnswers)
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({ status: 'applied', written: true })
    expect(stack.writes()).toBe(1)
  })

  test('and the stack with it, the change is found applied once it is back: written, and once', async () => {
    const { clock, core, stack } = world()
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

  test('while the lease holds, it is neither judged nor written again', async () => {
    const { clock, core, stack } = world()
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
    const { clock, core, stack } = world()
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
    const { clock, core, stack } = world()
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
      'apply_interrupted',
      'apply_started',
      'applied',
    ])
  })

  test('and the token is edited by hand meanwhile, the edit is not overwritten', async () => {
    const { clock, core, stack } = world()
    const id = await core.approved()
    stack.behaviours.push(losesTheWrite)
    await core.catchUp.all()
    stack.live.set('t1', settings({ description: 'edited by hand' }))
    clock.pass(leaseSeconds)
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('drifted')
    expect(stack.writes()).toBe(1)
  })

  test('and the token is deleted meanwhile, the change ends, and says that nobody can tell what became of it', async () => {
    const { clock, core, stack } = world()
    const id = await core.approved()
    stack.behaviours.push(losesTheWrite)
    await core.catchUp.all()
    stack.live.delete('t1')
    clock.pass(leaseSeconds)
    await core.catchUp.all()
    const { change } = await core.store.get(id)
    expect(change).toMatchObject({ status: 'failed', why: expect.stringMatching(/the token is gone.*nobody can tell/) })
  })
})

describe('when the stack can not be written now', () => {
  test('a stack that is busy is written again, later and later, until it takes the change', async () => {
    const { clock, core, stack } = world()
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

  test('a stack that is down before the write is looked at again later, and the outage is told', async () => {
    const { clock, core, stack } = world()
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
    ['a look that leaves no time for the write within the lease', leaseSeconds - writeSeconds, 'approved'],
    ['a look that leaves just time enough', leaseSeconds - writeSeconds - 1, 'applied'],
  ])('%s ends %s', async (_, seconds, status) => {
    const { clock, core, stack } = world()
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

test('if the log can not be written, nothing is applied', async () => {
  const { core, path, stack } = world()
  const id = await core.approved()
  const raw = rawConnection(path)
  raw.exec(`create trigger full before insert on audit_events begin select raise(abort, 'disk full'); end`)
  await core.catchUp.all()
  expect(stack.calls).toEqual([])
  expect((await core.store.get(id)).change.status).toBe('approved')

  raw.exec('drop trigger full')
  core.catchUp.soon(id)
  await core.catchUp.idle()
  expect((await core.store.get(id)).change.status).toBe('applied')
})
