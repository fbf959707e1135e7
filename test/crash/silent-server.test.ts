import { expect, test } from 'vitest'
import { startCutting } from '../support/cut-postgres.ts'
import { postgresWithTables } from '../support/postgres.ts'
import { createWorld, slow } from './world.ts'

test('an app whose PostgreSQL has fallen silent stops properly when it is told to', slow, async (context) => {
  const cutting = await startCutting(await postgresWithTables())
  const world = await createWorld(context)
  const app = await world.start({ env: { COUNTERSIGN_DB: cutting.url } })
  await app.ready
  cutting.fate = () => 'freeze before'
  cutting.freezeAll()
  expect(await app.terminate(), app.stdout).toEqual({ code: 0, signal: null })
  expect(app.stdout).not.toContain('after calling end')
})
