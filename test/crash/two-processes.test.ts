import { describe, expect, test } from 'vitest'
import { expectApplied } from './checks.ts'
import { approve, ask, cards, isOver, pressStrays, saysApplied } from './people.ts'
import { createWorld, slow } from './world.ts'

describe.concurrent('two processes on one database', slow, () => {
  test.for([0, 300])(
    'open one change and write one update, and no card misleads, with answers of Slack that take %i ms',
    async (slowMs, context) => {
      const world = await createWorld(context)
      const { slack, stack } = world
      const apps = await Promise.all([world.start(), world.start()])
      await Promise.all(apps.map((app) => app.ready))
      await world.until(() => slack.connections === 2, 'two connections')
      slack.trouble.slowMs = slowMs
      stack.trouble.slowMs = slowMs / 2
      await ask(world)
      await slack.redeliver(slack.deliveries.findLast(({ kind }) => kind === 'view_submission')!)
      await approve(world)
      await slack.redeliver(slack.deliveries.find(({ kind }) => kind === 'block_actions')!)
      await world.until(() => isOver(world, 'was applied'), 'the outcome')
      await pressStrays(world)
      await Promise.all(apps.map((app) => app.terminate()))
      await expectApplied(world)
      expect(cards(world).every(saysApplied)).toBe(true)
    },
  )
})
