import { expect, test } from 'vitest'
import { emptyPostgres, rawPostgres } from './postgres.ts'

test('each test on PostgreSQL has a database of its own', async () => {
  const urls = await Promise.all([emptyPostgres(), emptyPostgres()])
  const [one, other] = await Promise.all(urls.map(rawPostgres))
  await one!.query('create table only_here (name text)')
  await expect(other!.query('select * from only_here')).rejects.toThrow('does not exist')
})

test('the server sorts as most do, so that a column has to say if it wants the order of bytes', async () => {
  const raw = await rawPostgres(await emptyPostgres())
  const { rows } = await raw.query(`select name from (values ('B'), ('a')) as names (name) order by name`)
  expect(rows.map(({ name }) => name)).toEqual(['a', 'B'])
})
