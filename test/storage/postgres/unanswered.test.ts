import { expect, onTestFinished, test } from 'vitest'
import { prepareAudit } from '../../../src/storage/postgres/audit.ts'
import { Unanswered } from '../../../src/storage/postgres/commit.ts'
import { connectTo } from '../../../src/storage/postgres/connection.ts'
import { createSchemaGuard } from '../../../src/storage/postgres/schema-guard.ts'
import { statement, writing } from '../../../src/storage/postgres/statements.ts'
import { allOrNothing, prepareTransactions } from '../../../src/storage/postgres/transaction.ts'
import { type Fate, startCutting } from '../../support/cut-postgres.ts'
import { postgresWithTables, rawPostgres } from '../../support/postgres.ts'

const fact = { type: 'stopped' } as const
const at = () => '2026-06-01T09:00:00.000Z'
const entry = { event: fact, actor: 'app', changeId: null, at: at() }

async function world() {
  const url = await postgresWithTables()
  const cutting = await startCutting(url)
  const pool = connectTo(cutting.url, { waits: { answer: 1500, silence: 2000 } })
  onTestFinished(async () => {
    cutting.cutAll()
    await pool.end()
  })
  const raw = await rawPostgres(url)
  const audit = prepareAudit({ current: null, earlier: [] })
  const entries = async () =>
    (await raw.query('select seq from audit_events order by seq')).rows.map(({ seq }) => Number(seq))
  return { cutting, pool, ...prepareTransactions({ pool, audit, schema: createSchemaGuard(), at }), entries }
}

/** At the first that matches: everything after it passes. */
function once(cutting: { fate(sent: string): Fate }, when: RegExp, fate: Fate): void {
  cutting.fate = (sent) => {
    if (!when.test(sent)) return 'pass'
    cutting.fate = () => 'pass'
    return fate
  }
}

test.each<[Fate, boolean]>([
  ['cut before', false],
  ['cut after', true],
  ['freeze before', false],
  ['freeze after', true],
])('a commit to which no answer comes (%s) counts exactly if its entry is in the log', async (fate, isKept) => {
  const { cutting, atomically, entries } = await world()
  once(cutting, /commit/, fate)
  const done = atomically(({ append }) => append(entry))
  if (isKept) expect(await done).toBe(1)
  else await expect(done).rejects.toThrow(/^(Connection terminated|Query read timeout)/)
  expect(await entries()).toEqual(isKept ? [1] : [])
  expect(await atomically(({ append }) => append(entry))).toBe(isKept ? 2 : 1)
})

test.each<Fate>(['cut before', 'cut after', 'freeze before', 'freeze after'])(
  'a transaction whose entry gets no answer (%s) writes nothing',
  async (fate) => {
    const { cutting, atomically, entries } = await world()
    once(cutting, /append/, fate)
    await expect(atomically(({ append }) => append(entry))).rejects.toThrow()
    expect(await atomically(({ append }) => append(entry))).toBe(1)
    expect(await entries()).toEqual([1])
  },
)

test.each<Fate>(['cut before', 'cut after', 'freeze before'])(
  'a transaction that gets no answer when it begins (%s) begins again',
  async (fate) => {
    const { cutting, atomically, entries } = await world()
    once(cutting, /begin/, fate)
    expect(await atomically(({ append }) => append(entry))).toBe(1)
    expect(await entries()).toEqual([1])
  },
)

test('nobody can tell if a write was done to whose commit no answer came, if the log has nothing of it', async () => {
  const { cutting, pool } = await world()
  once(cutting, /commit/, 'cut after')
  await expect(allOrNothing(pool, (on) => on.query('update log_head set "only" = true'))).rejects.toThrow(Unanswered)
})

test('what is read over a connection that was cut is asked for once more, and what is written is not', async () => {
  const { cutting, pool } = await world()
  const read = statement<{ one: number }>('read-one', 'select 1 as one')
  const write = writing('write-one', 'update log_head set "only" = true')
  once(cutting, /read-one/, 'cut before')
  expect(await read(pool)).toEqual([{ one: 1 }])
  once(cutting, /write-one/, 'cut before')
  await expect(write(pool)).rejects.toThrow('Connection terminated')
})

test('a connection that breaks while nobody uses it is left out, and the process goes on', async () => {
  const { cutting, atomically } = await world()
  expect(await atomically(({ append }) => append(entry))).toBe(1)
  cutting.cutAll()
  expect(await atomically(({ append }) => append(entry))).toBe(2)
})

test('of many that append at once, each has a number of its own, without gaps', async () => {
  const { atomically, entries } = await world()
  const numbers = await Promise.all(Array.from({ length: 40 }, () => atomically(({ append }) => append(entry))))
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
  expect(await entries()).toHaveLength(40)
})

test('a transaction whose work fails leaves nothing, and its connection serves the next', async () => {
  const { pool, atomically, entries } = await world()
  for (let i = 0; i < 12; i++)
    await expect(
      atomically(async ({ append, on }) => {
        await append(entry)
        await (i % 2 === 0 ? on.query('select no_such_column') : Promise.reject(new Error('changed its mind')))
      }),
    ).rejects.toThrow()
  expect([await entries(), pool.totalCount, pool.idleCount]).toEqual([[], 1, 1])
})
