import { describe, expect, test } from 'vitest'
import { startCutting } from '../support/cut-postgres.ts'
import { freePort } from '../support/port.ts'
import { postgresWithTables } from '../support/postgres.ts'
import { createWorld, slow } from './world.ts'

/** The way to a server that lets nobody through until `release`. */
async function awayServer() {
  const cutting = await startCutting(await postgresWithTables())
  cutting.fate = () => 'cut before'
  return cutting
}

describe('while its PostgreSQL is away, the app that starts', slow, () => {
  test('waits, says for what, and starts by itself once it is back', async (context) => {
    const cutting = await awayServer()
    const world = await createWorld(context)
    const port = String(await freePort())
    const app = await world.start({ env: { COUNTERSIGN_DB: cutting.url, HEALTH_PORT: port } })
    const waits = await app.says(/"waitsFor":.*it waits, and tries again in \d+ s/)
    const why = expect.stringContaining(
      `The database ${cutting.url} can't be used now: the database can't be reached (Connection terminated`,
    )
    expect(JSON.parse(waits.trim().split('\n')[0]!).waitsFor).toEqual([why])
    const health = await fetch(`http://127.0.0.1:${port}/health`)
    expect([health.status, await health.json()]).toEqual([
      503,
      expect.objectContaining({ status: 'starting', waitsFor: [why] }),
    ])
    cutting.release()
    await app.ready
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200)
    expect(await app.terminate()).toEqual({ code: 0, signal: null })
  })

  test('ends with 0 if it is stopped while it waits', async (context) => {
    const cutting = await awayServer()
    const world = await createWorld(context)
    const app = await world.start({ env: { COUNTERSIGN_DB: cutting.url } })
    await app.says(/it waits/)
    expect(await app.terminate()).toEqual({ code: 0, signal: null })
    expect(app.stderr).toBe('')
  })

  test('refuses at once what waiting does not help', async (context) => {
    const cutting = await awayServer()
    const world = await createWorld(context)
    const app = await world.start({ env: { COUNTERSIGN_DB: cutting.url, CONTENTSTACK_AUTHTOKEN: 'wrong' } })
    expect(await app.exited).toEqual({ code: 1, signal: null })
    expect(app.stderr).toMatch(/doesn't accept the authtoken for "website"/)
  })
})

test('a database that the server does not have ends the start at once', slow, async (context) => {
  const url = new URL(await postgresWithTables())
  url.pathname = '/no_such_database'
  const world = await createWorld(context)
  const app = await world.start({ env: { COUNTERSIGN_DB: url.href } })
  expect(await app.exited).toEqual({ code: 1, signal: null })
  expect(app.stderr).toMatch(
    /^Countersign has not started, since it can't use its database .*: the server has no database of that name \(/,
  )
})
