import { describe, expect, test } from 'vitest'
import { expectApplied, untilNothingIsLeft } from './checks.ts'
import { approve, ask, cards, insist, saysApplied, untilApplied } from './people.ts'
import { createWorld, slow, type World } from './world.ts'

describe.concurrent('two processes on one database', slow, () => {
  test.for([0, 300])(
    'open one change, post one card and write one update, with answers of Slack that take %i ms',
    async (slowMs, context) => {
      const world = await createWorld(context)
      const { slack, stack } = world
      const stop = await startTwo(world)
      await world.until(() => slack.connections === 2, 'two connections')
      slack.trouble.slowMs = slowMs
      stack.trouble.slowMs = slowMs / 2
      await ask(world)
      await slack.redeliver(slack.deliveries.findLast(({ kind }) => kind === 'view_submission')!)
      await approve(world)
      await slack.redeliver(slack.deliveries.find(({ kind }) => kind === 'block_actions')!)
      await untilApplied(world)
      await untilNothingIsLeft(world)
      await stop()
      await expectApplied(world)
      expect(cards(world).map(saysApplied)).toEqual([true])
    },
  )

  test.for(['after approved 1', 'after apply_started 1', 'before applied 1'])(
    'take over from one that died %s, and the change is applied once',
    async (killAt, context) => {
      const world = await createWorld(context)
      const dying = await world.start({ killAt })
      const insisting = insist(world)
      await dying.exited
      const stop = await startTwo(world)
      world.passTime()
      await insisting
      await untilApplied(world)
      await untilNothingIsLeft(world)
      await stop()
      await expectApplied(world)
      expect(cards(world)).toHaveLength(1)
    },
  )
})

/** Starts two; resolves once both are ready, to a function that stops both. */
async function startTwo(world: World): Promise<() => Promise<unknown>> {
  const apps = await Promise.all([world.start(), world.start()])
  await Promise.all(apps.map((app) => app.ready))
  return () => Promise.all(apps.map((app) => app.terminate()))
}
