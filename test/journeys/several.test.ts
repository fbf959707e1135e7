import { describe, expect, test } from 'vitest'
import { startCutting } from '../support/cut-postgres.ts'
import { postgresWithTables, rawPostgres } from '../support/postgres.ts'
import { faultsOf } from '../support/shift/judge.ts'
import { liveThrough } from '../support/shift/shift.ts'

/** As for `shift.test.ts`. */
const hours = Number(process.env.SHIFT_HOURS ?? 0.25)
const seed = Number(process.env.SEED ?? 1)

/** As a server does that is stopped. */
const endAll = `
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name like 'countersign%'`

describe(`${hours} hours of trouble with three apps on one PostgreSQL, from the seed ${seed}`, () => {
  test('leave every change where people, approvals and the stack put it', { timeout: 3_600_000 }, async () => {
    const direct = await postgresWithTables()
    const cutting = await startCutting(direct)
    const database = { app: cutting.url, direct }
    const raw = await rawPostgres(direct)
    let times = 0
    const cut = () => (times++ % 2 === 0 ? cutting.cutAll() : void raw.query(endAll))
    const shift = await liveThrough(seed, hours, 'socket', { database, apps: 3, cut })
    expect(times).toBeGreaterThan(0)
    expect(await faultsOf(shift)).toEqual([])
    expect(shift.given).toContain('last-of-all')
  })
})
