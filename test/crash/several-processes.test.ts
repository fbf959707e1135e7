import { expect, test } from 'vitest'
import { verifyDatabase } from '../../src/cli/audit/verify.ts'
import { postgresWithTables } from '../support/postgres.ts'
import { cards, insist, isOver, saysApplied } from './people.ts'
import { createWorld, impatient, slow } from './world.ts'

/** Longer than anything is held by a process that died, in milliseconds. */
const longest = 120_000

test(
  'three processes on one PostgreSQL, each killed once on the way, and then all at once, write a change once',
  slow,
  async (context) => {
    const url = await postgresWithTables()
    const world = await createWorld(context, { timing: impatient })
    const { slack, stack } = world
    const begin = async () => {
      const app = await world.start({ env: { COUNTERSIGN_DB: url } })
      await app.ready
      return app
    }
    const apps = [await begin(), await begin(), await begin()]
    const isReplaced = async (i: number) => {
      await apps[i]!.kill()
      apps[i] = await begin()
    }
    const gone = Promise.withResolvers<void>()
    stack.hooks.beforeTaking = async () => {
      await Promise.all(apps.map((app) => app.kill()))
      gone.resolve()
    }
    const insisting = insist(world)
    await world.until(() => slack.as('U0ALICE').modal(), 'a form')
    await isReplaced(0)
    await world.until(() => cards(world).length > 0, 'the card')
    await isReplaced(1)
    await gone.promise
    apps.push(await begin(), await begin(), await begin())
    await insisting
    await world.until(() => isOver(world, 'was applied') && cards(world).every(saysApplied), 'the outcome', longest)
    await Promise.all(apps.map((app) => app.terminate()))
    expect(stack.takenUpdates()).toBe(1)
    expect(cards(world)).toHaveLength(1)
    const { intact } = await verifyDatabase(url, { current: null, earlier: [] }, null)
    expect(intact.holds).toBe(true)
  },
)
