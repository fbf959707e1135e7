import { describe, expect, test } from 'vitest'
import { startCutting } from '../support/cut-postgres.ts'
import { postgresWithTables } from '../support/postgres.ts'
import { faultsOf } from '../support/shift/judge.ts'
import { liveThrough } from '../support/shift/shift.ts'

/** As for `shift.test.ts`. */
const hours = Number(process.env.SHIFT_HOURS ?? 0.25)
const seed = Number(process.env.SEED ?? 1)

describe(`${hours} hours of trouble with three apps on one PostgreSQL, from the seed ${seed}`, () => {
  test('leave every change where people, approvals and the stack put it', { timeout: 3_600_000 }, async () => {
    const direct = await postgresWithTables()
    const cutting = await startCutting(direct)
    const database = { app: cutting.url, direct }
    const shift = await liveThrough(seed, hours, 'socket', { database, apps: 3, cut: cutting.cutAll })
    expect(await faultsOf(shift)).toEqual([])
    expect(shift.given).toContain('last-of-all')
  })
})
