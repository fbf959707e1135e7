import { describe, expect, test } from 'vitest'
import { arrivalSeconds, type Core, createWorld, leaseSeconds, typesOf } from '../../support/core.ts'
import { refuses, takesOnly } from '../../support/stack.ts'
import { failWrites } from '../../support/tamper.ts'
import { bob, settings } from '../../support/world.ts'

describe('an approved change', () => {
  test('is applied by looking, writing once, and looking again', async () => {
    const { core, stack } = createWorld()
    const id = await core.approved()
    await core.catchUp.all()
    expect(stack.calls).toEqual(['look t1', 'write t1', 'look t1'])
    expect(stack.live.get('t1')).toEqual(settings({ name: 'ci-deploy-2' }))
    expect(await typesOf(core, id)).toEqual(['proposed', 'approved', 'apply_started', 'write_answered', 'applied'])
    expect((await core.store.get(id)).change).toMatchObject({ status: 'applied', written: true })
  })

  test('is remembered as the last look found it, so that the next form opens with what was applied', async () => {
    const { core } = createWorld()
    await core.approved()
    await core.catchUp.all()
    expect((await core.store.knownTokens()).map((token) => token.settings.name)).toEqual(['ci-deploy-2'])
  })

  test('is applied once, however often the app catches up', async () => {
    const { clock, core, stack } = createWorld()
    await core.approved()
    for (let i = 0; i < 3; i++) {
      await core.catchUp.all()
      clock.pass(leaseSeconds * 2)
    }
    expect(stack.writes()).toBe(1)
  })

  test('is applied under a lease, on disk before the first look, that names the process and outlasts the write', async () => {
    const { clock, core, stack } = createWorld()
    const id = await core.approved()
    const until = new Date(clock.now().getTime() + leaseSeconds * 1000).toISOString()
    const arrival = new Date(clock.now().getTime() + arrivalSeconds * 1000).toISOString()
    const seen: unknown[] = []
    const note = async () => {
      seen.push((await core.store.get(id)).change)
    }
    stack.onLook = note
    stack.onWrite = note
    await core.catchUp.all()
    const applying = expect.objectContaining({ status: 'applying', lease: { holder: 'first', until, arrival } })
    expect(seen).toEqual([applying, applying, applying])
  })

  test('whose token is already as asked for is applied without a write', async () => {
    const { core, stack } = createWorld()
    const id = await core.approved()
    stack.live.set('t1', settings({ name: 'ci-deploy-2' }))
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({ status: 'applied', written: false })
    expect(stack.writes()).toBe(0)
  })

  test('whose token was edited by hand is marked drifted, shows both, and nothing is overwritten', async () => {
    const { core, stack } = createWorld()
    const id = await core.approved()
    const edited = settings({ description: 'edited by hand' })
    stack.live.set('t1', edited)
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({ status: 'drifted', before: settings(), live: edited })
    expect(stack.live.get('t1')).toEqual(edited)
    expect(stack.writes()).toBe(0)
  })

  test('whose token the stack says it lacks is tried again, and fails once it has said so for a quarter of an hour', async () => {
    const { clock, core, stack } = createWorld()
    const id = await core.approved()
    stack.live.delete('t1')
    await core.catchUp.all()
    const why = { why: expect.stringContaining('the stack says that the token does not exist. That may be temporary') }
    expect((await core.store.get(id)).change).toMatchObject({ status: 'approved', interruption: why })
    for (const seconds of [300, 300, 299]) {
      clock.pass(seconds)
      await core.catchUp.all()
      expect((await core.store.get(id)).change.status).toBe('approved')
    }
    clock.pass(300)
    await core.catchUp.all()
    const { change } = await core.store.get(id)
    expect(change).toMatchObject({ status: 'failed', why: 'the token is gone from the stack' })
    expect(stack.writes()).toBe(0)
  })

  test.each<[string, (core: Core) => Promise<unknown>]>([
    ['a look shows it', ({ looks }) => looks.token('website', 't1')],
    ['a list has it', ({ looks }) => looks.refreshAll()],
  ])('whose token was missing only until %s is applied in the end', async (_, look) => {
    const { clock, core, stack } = createWorld()
    const id = await core.approved()
    const token = stack.live.get('t1')!
    stack.live.delete('t1')
    await core.catchUp.all()
    stack.live.set('t1', token)
    await look(core)
    stack.live.delete('t1')
    clock.pass(901)
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('approved')
    stack.live.set('t1', token)
    clock.pass(300)
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('applied')
  })

  test('that the stack refuses fails for good, in the words of the stack', async () => {
    const { clock, core, stack } = createWorld()
    const id = await core.approved()
    stack.behaviours.push(refuses('the name is taken'))
    await core.catchUp.all()
    clock.pass(3600)
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({ status: 'failed', why: 'the name is taken' })
    expect(stack.writes()).toBe(1)
  })

  test('that the stack took and does not show yet is looked at again within the lease, and applied once it shows', async () => {
    const { core, stack } = createWorld()
    const id = await core.approved()
    stack.behaviours.push((_, before) => ({ kept: before, answer: { kind: 'taken' } }))
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('applying')
    stack.live.set('t1', settings({ name: 'ci-deploy-2' }))
    await core.catchUp.all()
    expect((await core.store.get(id)).change).toMatchObject({ status: 'applied', written: true })
    expect(stack.writes()).toBe(1)
  })

  test('is remembered as the stack answered, though no later look succeeds', async () => {
    const { core, stack } = createWorld()
    await core.approved()
    stack.behaviours.push((after) => ({ kept: after, answer: { kind: 'taken', stored: after } }))
    stack.onWrite = async () => {
      stack.onLook = () => Promise.reject(new Error('the stack is down'))
    }
    await core.catchUp.all()
    const known = await core.store.knownToken({ stack: 'website', tokenUid: 't1' })
    expect(known?.settings.name).toBe('ci-deploy-2')
  })

  test('fails if the stack drops a field of it, and names the field', async () => {
    const { core, stack } = createWorld()
    const rateLimits = { kind: 'custom', read: 5, write: 2 } as const
    const id = await core.proposed({ after: settings({ name: 'ci-release', rateLimits }) })
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    stack.behaviours.push(takesOnly('name'))
    await core.catchUp.all()
    const { change } = await core.store.get(id)
    expect(change).toMatchObject({ status: 'failed', why: expect.stringMatching(/shows the old value of Rate limits/) })
    expect(change).not.toMatchObject({ why: expect.stringMatching(/Name/) })
  })
})

test('if the log cannot be written, nothing is applied', async () => {
  const { core, stack } = createWorld()
  const id = await core.approved()
  const freed = failWrites('insert into "audit_events"')
  await core.catchUp.all()
  expect(stack.calls).toEqual([])
  expect((await core.store.get(id)).change.status).toBe('approved')

  freed()
  core.catchUp.soon(id)
  await core.catchUp.idle()
  expect((await core.store.get(id)).change.status).toBe('applied')
})
