import { describe, expect, test } from 'vitest'
import { startPatient } from '../support/checkup.ts'
import { poolers } from '../support/pgbouncer.ts'
import { postgresWithTables } from '../support/postgres.ts'
import { approve, ask, cards, isOver, told } from './people.ts'
import { createWorld, slow } from './world.ts'

describe.each(poolers)('behind $pooler', slow, ({ start, isThere }) => {
  const tried = test.runIf(isThere)

  tried('that keeps sessions apart, the app works', async (context) => {
    const world = await createWorld(context)
    const app = await world.start({ env: { COUNTERSIGN_DB: await start(await postgresWithTables(), 'session') } })
    await app.ready
    await ask(world)
    await approve(world)
    await world.until(() => isOver(world, 'was applied'), 'the outcome')
    expect(await app.terminate()).toEqual({ code: 0, signal: null })
  })

  tried('that keeps sessions apart, one of two instances goes on when the other stops', async (context) => {
    const world = await createWorld(context)
    const env = { COUNTERSIGN_DB: await start(await postgresWithTables(), 'session') }
    const apps = [await world.start({ env }), await world.start({ env })]
    await Promise.all(apps.map((app) => app.ready))
    await ask(world)
    await world.until(() => cards(world).length === 1 && told(world, 'is waiting') > 0, 'the card, and a word to Alice')
    expect(await apps[0]!.terminate()).toEqual({ code: 0, signal: null })
    await approve(world)
    await world.until(() => isOver(world, 'was applied'), 'the outcome')
    expect(await apps[1]!.terminate()).toEqual({ code: 0, signal: null })
  })

  tried('that shares connections, the app does not start, and says what to set', async (context) => {
    const pooled = await start(await postgresWithTables(), 'transaction')
    const world = await createWorld(context)
    const app = await world.start({ env: { COUNTERSIGN_DB: pooled } })
    expect(await app.exited).toEqual({ code: 1, signal: null })
    expect(app.stderr).toMatch(
      /^Countersign has not started, .*: a pooler such as PgBouncer shares .* To start it, set pool_mode = session for .*, or set COUNTERSIGN_DB to/,
    )
  })

  tried('the doctor says of either what it is', async () => {
    const url = await postgresWithTables()
    const { look } = await startPatient()
    const [good, bad] = [await start(url, 'session'), await start(url, 'transaction')]
    const { of } = await look({ env: { COUNTERSIGN_DB: good } })
    expect(of('database')).toEqual([expect.stringMatching(/^ok /)])
    expect(of('database server')).toContainEqual(
      expect.stringMatching(/^ok A pooler such as PgBouncer stands before the server/),
    )
    const found = await look({ env: { COUNTERSIGN_DB: bad } })
    expect([found.code, found.of('database')]).toEqual([
      1,
      [expect.stringMatching(/^error This could not be checked: .* shares the connections .*set pool_mode = session/)],
    ])
  })
})
