import { describe, expect, test } from 'vitest'
import { expectApplied, recordIn, updatesSent } from './checks.ts'
import { insist, isPutOff, untilApplied } from './people.ts'
import { createWorld, impatient, merging, replacing, slow, type World } from './world.ts'

describe.concurrent('an app that dies while a stack takes its update', slow, () => {
  test('a kill just before the stack takes the update leads to no second one', async (context) => {
    const world = await createWorld(context, { behaviour: replacing })
    const app = await world.start()
    world.stack.hooks.beforeTaking = async () => void (await app.kill())
    await dieAndComeBack(world, app.exited)
    await expectApplied(world)
  })

  test('a kill just after the stack took the update leads to no second one', async (context) => {
    const world = await createWorld(context, { behaviour: merging })
    const app = await world.start()
    world.stack.hooks.afterTaking = async () => void (await app.kill())
    await dieAndComeBack(world, app.exited)
    await expectApplied(world)
  })

  test('an update that is still on its way after the restart is waited for, not sent again', async (context) => {
    const world = await createWorld(context, { behaviour: merging })
    const { arrived, take } = holdUpdates(world)
    const first = await world.start()
    const insisting = insist(world)
    await arrived
    await first.kill()
    const second = await world.start()
    await second.ready
    expect((await recordIn(world.copyOfDatabase()))?.change.status).toBe('applying')

    take()
    await world.until(() => world.stack.takenUpdates() === 1, 'the stack to take it')
    world.passTime()
    await insisting
    await untilApplied(world)
    await second.terminate()
    await expectApplied(world)
  })

  test('an update that arrives after it was given up is found before it is sent again', async (context) => {
    const world = await createWorld(context, { behaviour: replacing })
    const { arrived, take } = holdUpdates(world)
    const first = await world.start()
    const insisting = insist(world)
    await arrived
    await first.kill()
    const second = await world.start()
    await second.ready
    world.passTime()
    await insisting
    await world.until(() => isPutOff(world), 'the change to be given up')

    take()
    await world.until(() => world.stack.takenUpdates() === 1, 'the stack to take it')
    await untilApplied(world)
    await second.terminate()
    await expectApplied(world)
  })

  test('an update that takes longer than the app waits for an answer is not sent again', async (context) => {
    const world = await createWorld(context, { behaviour: merging, timing: impatient })
    const { arrived, take } = holdUpdates(world)
    const app = await world.start()
    const insisting = insist(world)
    await arrived
    await world.until(() => world.stack.requests.at(-1)?.method === 'GET' && updatesSent(world) === 1, 'a look instead')
    take()
    await insisting
    await untilApplied(world)
    await app.terminate()
    await expectApplied(world)
  })
})

/** Bob approves, the app dies in the apply, and is started again. */
async function dieAndComeBack(world: World, died: Promise<unknown>): Promise<void> {
  const insisting = insist(world)
  await died
  const second = await world.start()
  await second.ready
  world.passTime()
  await insisting
  await untilApplied(world)
  await second.terminate()
}

/** The stack holds back each update until it is released. */
function holdUpdates({ stack }: World) {
  const arrival = Promise.withResolvers<void>()
  const leave = Promise.withResolvers<void>()
  stack.hooks.beforeTaking = async () => {
    arrival.resolve()
    await leave.promise
  }
  return { arrived: arrival.promise, take: leave.resolve }
}
