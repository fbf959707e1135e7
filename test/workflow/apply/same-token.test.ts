import { expect, test } from 'vitest'
import { arrivalSeconds, createOutside, createWorld, leaseSeconds, startCore } from '../../support/core.ts'
import { losesTheWrite } from '../../support/stack.ts'
import { alice, bob, edit, settings } from '../../support/world.ts'

/** Two approved changes to different fields of one token, and two processes to apply them. */
async function bothApproved() {
  const outside = createOutside()
  const [first, second] = [startCore(outside, 'first'), startCore(outside, 'second')]
  const id = await first.proposed()
  const other = edit({ after: settings({ description: 'New' }) })
  const { id: otherId } = await first.changes.propose({ ...other, reason: 'Because' }, 'view-other')
  for (const one of [id, otherId]) await first.changes.approve({ id: one, by: bob, revision: 1 }, '')
  return { ...outside, first, second, id, otherId }
}

test.each(['the same process', 'another process'])(
  'of two approved changes to one token, the second waits for the first in %s, and then stops instead of undoing it',
  async (where) => {
    const { first, id, otherId, second, stack } = await bothApproved()
    const arrived = Promise.withResolvers<void>()
    const mayTake = Promise.withResolvers<void>()
    stack.onWrite = async () => {
      stack.onWrite = async () => {}
      arrived.resolve()
      await mayTake.promise
    }
    first.catchUp.soon(id)
    await arrived.promise
    const { applier } = where === 'another process' ? second : first
    await applier.apply(otherId)
    expect((await first.store.get(otherId)).change.status).toBe('approved')

    mayTake.resolve()
    await first.catchUp.idle()
    await second.catchUp.all()
    expect((await first.store.get(id)).change.status).toBe('applied')
    expect((await first.store.get(otherId)).change).toMatchObject({
      status: 'drifted',
      live: settings({ name: 'ci-release' }),
    })
    expect(stack.writes()).toBe(1)
  },
)

/** The first one's update was given up and the change cancelled, so it may still arrive. */
async function lostAndCancelled() {
  const world = await bothApproved()
  const { clock, first, id, stack } = world
  stack.behaviours.push(losesTheWrite)
  first.catchUp.soon(id)
  await first.catchUp.idle()
  clock.pass(leaseSeconds)
  await first.catchUp.all()
  await first.changes.cancel(id, alice)
  return world
}

test('while nobody knows the outcome of one change, no other is written to its token', async () => {
  const { clock, first, id, otherId, stack } = await bothApproved()
  stack.behaviours.push(losesTheWrite)
  first.catchUp.soon(id)
  await first.catchUp.idle()
  expect((await first.store.get(id)).change.status).toBe('applying')
  await first.catchUp.all()
  expect((await first.store.get(otherId)).change.status).toBe('approved')
  expect(stack.writes()).toBe(1)

  clock.pass(leaseSeconds)
  await first.catchUp.all()
  expect((await first.store.get(id)).change.status).toBe('approved')
  await first.changes.cancel(id, alice)
  await first.catchUp.all()
  expect((await first.store.get(otherId)).change).toMatchObject({
    status: 'approved',
    interruption: { why: expect.stringContaining(`an update of change #${id} was sent`) },
  })
  expect(stack.writes()).toBe(1)

  clock.pass(arrivalSeconds)
  await first.catchUp.all()
  expect((await first.store.get(otherId)).change.status).toBe('applied')
})

test('an update that arrives later than its lease undoes no change that was applied meanwhile', async () => {
  const { clock, first, otherId, stack } = await lostAndCancelled()
  stack.live.set('t1', settings({ name: 'ci-release' }))
  clock.pass(arrivalSeconds)
  await first.catchUp.all()
  expect((await first.store.get(otherId)).change).toMatchObject({ status: 'drifted' })
  expect(stack.live.get('t1')).toEqual(settings({ name: 'ci-release' }))
})

test('a change that finds its token moved by another change of ours says which', async () => {
  const { first, id, otherId } = await bothApproved()
  first.catchUp.soon(id)
  await first.catchUp.idle()
  await first.catchUp.all()
  expect((await first.store.get(otherId)).change).toMatchObject({ status: 'drifted', by: [id], elsewhere: false })
})

test('changes to other tokens wait for nobody', async () => {
  const { first, id, stack } = await bothApproved()
  const elsewhere = await first.approved('t2')
  stack.onWrite = async (uid) => {
    if (uid === 't1') await first.applier.apply(elsewhere)
  }
  first.catchUp.soon(id)
  await first.catchUp.idle()
  expect((await first.store.get(elsewhere)).change.status).toBe('applied')
})

test('changes that were never sent push no sent update out of view, however many are cancelled', async () => {
  const { first, otherId, stack } = await lostAndCancelled()
  for (let i = 0; i < 21; i += 1) {
    const another = edit({ after: settings({ name: `another ${i}` }) })
    const { id: cancelled } = await first.changes.propose({ ...another, reason: 'Because' }, `view-${i}`)
    await first.changes.cancel(cancelled, alice)
  }
  await first.catchUp.all()
  expect((await first.store.get(otherId)).change.status).toBe('approved')
  expect(stack.writes()).toBe(1)
})

test('a look from before an applied change neither stops the next one nor is written over', async () => {
  const { clock, core, stack } = createWorld()
  const asItWas = stack.live.get('t1')!
  await core.approved()
  await core.catchUp.all()
  const before = stack.live.get('t1')!
  const next = edit({ before, after: { ...before, description: 'New' } })
  const { id } = await core.changes.propose({ ...next, reason: 'Because' }, 'view-next')
  await core.changes.approve({ id, by: bob, revision: 1 }, '')
  stack.live.set('t1', asItWas)
  await core.catchUp.all()
  expect((await core.store.get(id)).change).toMatchObject({
    status: 'approved',
    interruption: { why: expect.stringContaining('showed an older state of the token') },
  })
  expect(stack.live.get('t1')).toEqual(asItWas)

  stack.live.set('t1', before)
  clock.pass(60)
  await core.catchUp.all()
  expect((await core.store.get(id)).change.status).toBe('applied')
})
