import pg from 'pg'
import { expect, test } from 'vitest'
import { isLost } from '../../../src/storage/postgres/lost.ts'
import { emptyPostgres, rawPostgres } from '../../support/postgres.ts'

const failure = (error: unknown) => error

test('a connection that the server ends in the middle of a statement counts as lost', async () => {
  const url = await emptyPostgres()
  const [raw, other] = [await rawPostgres(url), await rawPostgres(url)]
  const { rows } = await raw.query('select pg_backend_pid() as pid')
  const waiting = raw.query('select pg_sleep(60)').then(failure, failure)
  await other.query(`select pg_terminate_backend($1, 60000)`, [rows[0].pid])
  const error = await waiting
  expect(error).toBeInstanceOf(pg.DatabaseError)
  expect(isLost(error)).toBe(true)
})

test('a statement that the server refuses does not', async () => {
  const raw = await rawPostgres(await emptyPostgres())
  expect(isLost(await raw.query('select no_such_column').then(failure, failure))).toBe(false)
})

test.each([
  ['nobody listens', 'postgres://127.0.0.1:1/none'],
  ['there is no such host', 'postgres://no-such-host.invalid/none'],
])('so does one that could not be made, because %s', async (_, url) => {
  const client = new pg.Client(url)
  expect(isLost(await client.connect().then(failure, failure))).toBe(true)
})
