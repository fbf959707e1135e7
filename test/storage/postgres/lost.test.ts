import { readFile } from 'node:fs/promises'
import pg from 'pg'
import { expect, test } from 'vitest'
import { Outage } from '../../../src/domain/outside-trouble.ts'
import { connectTo } from '../../../src/storage/postgres/connection.ts'
import { isLost } from '../../../src/storage/postgres/lost.ts'
import { outageOf } from '../../../src/storage/postgres/trouble.ts'
import { startCutting } from '../../support/cut-postgres.ts'
import { hasPgBouncer, startPgBouncer } from '../../support/pgbouncer.ts'
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
  ['there is no such socket', 'postgres:///none?host=/no/such/folder'],
])('so does one that could not be made, because %s', async (_, url) => {
  const client = new pg.Client(url)
  expect(isLost(await client.connect().then(failure, failure))).toBe(true)
})

test('a file of the app that is missing does not', async () => {
  const error = await readFile('/no/such/file').then(failure, failure)
  expect(error).toMatchObject({ code: 'ENOENT' })
  expect(isLost(error)).toBe(false)
})

const ofServer = (code: string) => Object.assign(new pg.DatabaseError('in its words', 12, 'error'), { code })

test.each([
  ['is starting', '57P03', true],
  ['is being stopped', '57P01', true],
  ['has crashed', '57P02', true],
  ['takes no more connections', '53300', true],
  ['does not accept the password', '28P01', false],
  ['does not let the role in', '28000', false],
  ['has no such database', '3D000', false],
  ['does not allow it', '42501', false],
  ['has a full disk', '53100', false],
])('a start waits for a server that %s (%s): %s', (_, code, isWaitedFor) => {
  expect(outageOf(ofServer(code), 'postgres://db.example.com/countersign') !== null).toBe(isWaitedFor)
})

test('a start does not wait for a certificate that is not accepted', () => {
  const error = Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  expect(outageOf(error, 'postgres://db.example.com/countersign')).toBeNull()
})

test.each([
  ['is not known to any name server', 'ENOTFOUND', false],
  ['can not be looked up, since no name server answers', 'EAI_AGAIN', true],
])('a start waits for a host that %s: %s, %s', (_, code, isWaitedFor) => {
  const error = Object.assign(new Error(code), { code, syscall: 'getaddrinfo', hostname: 'db.example.com' })
  expect(outageOf(error, 'postgres://db.example.com/countersign') !== null).toBe(isWaitedFor)
})

test.each([
  ['no connection to the server to give', 'query_wait_timeout', true],
  ['too many clients', 'no more connections allowed (max_client_conn)', true],
  ['no server that lets it in', 'server login has been failing, try again later (server_login_retry)', true],
  ['lost the server', 'server conn crashed?', true],
  ['no such database', 'database "none" does not exist', false],
])('a start waits for a pooler that has %s: %s, %s', (_, says, isWaitedFor) => {
  const error = Object.assign(new pg.DatabaseError(says, 12, 'error'), { code: '08P01' })
  expect(outageOf(error, 'postgres://db.example.com/countersign') !== null).toBe(isWaitedFor)
})

test.runIf(hasPgBouncer)('PgBouncer says so in these words while its server is away', async () => {
  const url = await startPgBouncer('postgres://me@127.0.0.1:1/none', 'session', 'query_wait_timeout = 1')
  const client = new pg.Client(url)
  client.on('error', () => {})
  const error = await client.connect().then(failure, failure)
  expect([error, outageOf(error, url)]).toEqual([expect.any(pg.DatabaseError), expect.any(Outage)])
})

test('a connection that is cut while it gets its settings counts as lost, and the next one is made', async () => {
  const cutting = await startCutting(await emptyPostgres())
  const pool = connectTo(cutting.url)
  cutting.fate = (sent) => (sent.includes('set_config') ? 'cut before' : 'pass')
  expect(isLost(await pool.query('select 1').then(failure, failure))).toBe(true)
  cutting.release()
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  await pool.end()
})
