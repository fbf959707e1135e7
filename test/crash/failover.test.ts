import { expect, onTestFinished, test } from 'vitest'
import { verifyDatabase } from '../../src/cli/audit/verify.ts'
import { connectTo } from '../../src/storage/postgres/connection.ts'
import { bringUpToDate } from '../../src/storage/postgres/migrating.ts'
import { startCutting } from '../support/cut-postgres.ts'
import { isOnPostgres } from '../support/engine.ts'
import { runCommand } from '../support/process.ts'
import { startPair } from './failover/pair.ts'
import { approve, ask, cards, isOver, saysApplied, told } from './people.ts'
import { createWorld, impatient, slow } from './world.ts'

/** Longer than anything is held by a process whose server died, in milliseconds. */
const longest = 120_000

const moments = {
  'after a change was asked for': async ({ world, failOver }: Life) => {
    await ask(world)
    await failOver()
    await approve(world)
  },
  'after a change was approved': async ({ world, failOver }: Life) => {
    const [arrived, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    world.stack.hooks.beforeTaking = () => {
      arrived.resolve()
      return goOn.promise
    }
    await ask(world)
    await approve(world)
    await arrived.promise
    await failOver()
    goOn.resolve()
  },
} as const

test.runIf(isOnPostgres).each(Object.entries(moments))(
  'a failover to a replica that commits wait for loses nothing, %s, and the change is written once',
  slow,
  async (_, moment) => {
    const life = await startWithReplica()
    const { world, apps } = life
    await moment(life)
    await world.until(() => isOver(world, 'was applied') && cards(world).every(saysApplied), 'the outcome', longest)
    await Promise.all(apps.map((app) => app.terminate()))
    expect(world.stack.takenUpdates()).toBe(1)
    expect(cards(world)).toHaveLength(1)
    const { intact } = await verifyDatabase(life.url, { current: null, earlier: [] }, null)
    expect(intact.holds).toBe(true)
  },
)

test.runIf(isOnPostgres)(
  'a failover to a replica that lacks the newest entries makes the app read-only, until that is recorded and it starts again',
  slow,
  async () => {
    const life = await startWithReplica({ waits: false })
    const { world, apps } = life
    const env = { ...world.env, COUNTERSIGN_DB: life.url }
    await ask(world)
    await world.until(() => cards(world).length > 0 && told(world, 'is waiting') > 0, 'the card, and a word to Alice')
    await life.caughtUp()
    await life.cutReplica()
    await approve(world)
    await world.until(() => isOver(world, 'was applied'), 'the outcome')
    await life.failOver()
    for (const app of apps) await app.says(/its entry #\d+ is missing, as after a failover/)
    await Promise.all(apps.map((app) => app.terminate()))

    const recorded = await runCommand(['audit', 'put-back'], env)
    expect(recorded, recorded.err).toMatchObject({ code: 0 })
    const next = await life.begin()
    await next.ready
    await world.until(() => !saysApplied(cards(world).at(-1)!), 'the card to say what the log has', longest)
    await next.terminate()
    expect(world.stack.takenUpdates()).toBe(1)
    const { intact } = await verifyDatabase(life.url, { current: null, earlier: [] }, null)
    expect(intact.holds).toBe(true)
  },
)

type Life = Awaited<ReturnType<typeof startWithReplica>>

/** Two instances, and an address of their database that leads to the replica once the primary has failed. */
async function startWithReplica({ waits = true } = {}) {
  const pair = await startPair()
  const pool = connectTo(pair.url)
  await bringUpToDate(pool)
  await pool.end()
  if (waits) await pair.waitForReplica()
  const cutting = await startCutting(pair.url)
  const world = await createWorld({ onTestFinished }, { timing: impatient })
  const begin = () => world.start({ env: { COUNTERSIGN_DB: cutting.url } })
  const apps = [await begin(), await begin()]
  await Promise.all(apps.map((app) => app.ready))
  return { world, apps, begin, failOver, cutReplica: pair.cutReplica, caughtUp: pair.caughtUp, url: cutting.url }

  async function failOver(): Promise<void> {
    cutting.turnTo(await pair.failOver())
  }
}
