import pg from 'pg'
import { expect, onTestFinished, test, vi } from 'vitest'
import { emptyPostgres, rawPostgres } from '../../support/postgres.ts'
import { moves, releasedFile } from './around.ts'

type Asked = string | (pg.QueryConfig & { readonly values?: unknown[] })

/** Does something to each statement to PostgreSQL before it is sent, until the test is over. */
function before(meddle: (asked: Asked, on: pg.Client) => Promise<unknown>): void {
  const query = pg.Client.prototype.query as (this: pg.Client, ...given: readonly unknown[]) => Promise<unknown>
  const spy = vi.spyOn(pg.Client.prototype, 'query')
  spy.mockImplementation(async function (this: pg.Client, ...given: unknown[]) {
    const on = Object.assign(Object.create(this), { query: query.bind(this) }) as pg.Client
    if (typeof given.at(-1) !== 'function') await meddle(given[0] as Asked, on)
    return query.apply(this, given)
  } as typeof pg.Client.prototype.query)
  onTestFinished(() => spy.mockRestore())
}

async function refusedAfter(meddle: Parameters<typeof before>[0]): Promise<string> {
  const [from, to] = [releasedFile(), await emptyPostgres()]
  before(meddle)
  const { code, err } = await moves(from, to)
  vi.restoreAllMocks()
  const { rows } = await (await rawPostgres(to)).query(`select to_regclass('public.audit_events') as found`)
  expect({ code, rows }).toEqual({ code: 2, rows: [{ found: null }] })
  return err.replace(to, 'TO')
}

test('a row that does not arrive as it was is noticed, and nothing is kept', async () => {
  const said = await refusedAfter(async (asked) => {
    if (typeof asked !== 'string' && asked.name === 'move-stacks') asked.values![1] = ['{}']
  })
  expect(said).toBe('TO did not keep "stacks" as it was written there. Nothing was moved.')
})

test('an entry that is changed once it was compared is noticed, and nothing is kept', async () => {
  let compared = 0
  const said = await refusedAfter(async (asked, on) => {
    if (asked !== 'close moving' || ++compared < 10) return
    await on.query(`set local session_replication_role = replica`)
    await on.query(`update audit_events set actor = 'U0MALLORY' where seq = 7`)
  })
  expect(said).toBe('TO does not have the same log as was written there. Nothing was moved.')
})
