import { expect, test } from 'vitest'
import { heldUp } from '../support/chat.ts'
import { createOutside, leaseSeconds, startCore, typesOf } from '../support/core.ts'
import { losesTheWrite } from '../support/stack.ts'
import { alice } from '../support/world.ts'

type World = ReturnType<typeof world>

function world() {
  const outside = createOutside()
  return { ...outside, first: startCore(outside, 'first'), second: startCore(outside, 'second') }
}

test('two processes that apply the same change at once write it once', async () => {
  const { first, second, stack } = world()
  const id = await first.approved()
  await Promise.all([first.catchUp.all(), second.catchUp.all()])
  expect(stack.writes()).toBe(1)
  expect(await typesOf(first, id)).toEqual(['proposed', 'approved', 'apply_started', 'write_answered', 'applied'])
})

test.each([
  ['applies it', async ({ second }: World, id: number) => second.applier.apply(id)],
  ['has cancelled it', async ({ second }: World, id: number) => second.changes.cancel(id, alice)],
])(
  'that another process %s just before it would be applied is no failure, and nothing is written twice',
  async (_, meanwhile) => {
    const all = world()
    const id = await all.first.approved()
    const arrived = Promise.withResolvers<void>()
    const mayTake = Promise.withResolvers<void>()
    all.stack.onWrite = async () => {
      arrived.resolve()
      await mayTake.promise
    }
    const { change } = await all.first.store.get(id)
    const elsewhere = meanwhile(all, id)
    await Promise.race([arrived.promise, elsewhere])
    expect(await all.first.applier.catchUp(change)).toBe(true)
    mayTake.resolve()
    await elsewhere
    await Promise.all([all.first.catchUp.all(), all.second.catchUp.all()])
    expect([all.first.failures, all.second.failures]).toEqual([[], []])
    expect(all.stack.writes()).toBeLessThanOrEqual(1)
  },
)

test('while one process writes, another leaves the change alone', async () => {
  const { first, second, stack } = world()
  const id = await first.approved()
  const arrived = Promise.withResolvers<void>()
  const mayTake = Promise.withResolvers<void>()
  stack.onWrite = async () => {
    arrived.resolve()
    await mayTake.promise
  }
  const writing = first.catchUp.all()
  await arrived.promise
  const calls = [...stack.calls]
  second.catchUp.soon(id)
  await second.catchUp.all()
  await second.catchUp.idle()
  expect(stack.calls).toEqual(calls)

  mayTake.resolve()
  await writing
  expect((await second.store.get(id)).change.status).toBe('applied')
  expect(stack.writes()).toBe(1)
})

test('a process that died after its write is judged by another, once its lease is over, without a second write', async () => {
  const { clock, first, second, stack } = world()
  const id = await first.approved()
  const dead = Promise.withResolvers<void>()
  const died = Promise.withResolvers<never>()
  stack.onWrite = async () => {
    stack.onLook = () => {
      dead.resolve()
      return died.promise
    }
  }
  void first.catchUp.all()
  await dead.promise
  stack.onLook = async () => {}

  await second.catchUp.all()
  expect((await second.store.get(id)).change.status).toBe('applying')
  clock.pass(leaseSeconds)
  await second.catchUp.all()
  expect((await second.store.get(id)).change).toMatchObject({ status: 'applied', written: true })
  expect(stack.writes()).toBe(1)
})

test('a process that comes back after its lease is over has no say in what another has begun since', async () => {
  const { clock, first, second, stack } = world()
  const id = await first.approved()
  stack.behaviours.push(losesTheWrite)
  const asleep = Promise.withResolvers<void>()
  const wake = Promise.withResolvers<void>()
  stack.onWrite = async () => {
    stack.onLook = async () => {
      asleep.resolve()
      await wake.promise
    }
  }
  const sleeping = first.catchUp.all()
  await asleep.promise
  stack.onLook = async () => {}
  clock.pass(leaseSeconds)
  await second.catchUp.all()

  const writing = Promise.withResolvers<void>()
  const mayTake = Promise.withResolvers<void>()
  stack.onWrite = async () => {
    writing.resolve()
    await mayTake.promise
  }
  clock.pass(10)
  const secondTry = second.catchUp.all()
  await writing.promise
  wake.resolve()
  await sleeping
  expect((await first.store.get(id)).change).toMatchObject({ status: 'applying', lease: { holder: 'second' } })

  mayTake.resolve()
  await secondTry
  expect((await first.store.get(id)).change.status).toBe('applied')
  expect(stack.live.get('t1')!.name).toBe('ci-deploy-2')
})

test('a card that one process cannot post for long is posted by another, and then not by the first', async () => {
  const { chat, clock, first, second } = world()
  const { waits, letGo } = heldUp(chat.api, 'postCard')
  await first.proposed()
  const waiting = first.catchUp.all()
  await waits
  clock.pass(20)
  await second.catchUp.all()
  letGo()
  await waiting
  expect(chat.cards).toHaveLength(1)
  expect(chat.told).toHaveLength(1)
})
