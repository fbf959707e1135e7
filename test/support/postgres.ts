import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject, onTestFinished, TestRunner } from 'vitest'
import type { Said } from './postgres-server.ts'

/**
 * The URL of a database of the test's own, dropped when the test is over. The first test that asks starts the server.
 * Without one the test is skipped, or with `CI=true` fails.
 */
export async function emptyPostgres(): Promise<string> {
  const test = TestRunner.getCurrentTest()
  const database = `test_${randomBytes(8).toString('hex')}`
  onTestFinished(() => drop(database))
  const said = await server()
  if ('failed' in said) {
    const why = `There is no PostgreSQL to test on: ${said.failed}`
    if (process.env.CI === 'true') throw new Error(why)
    return test?.context.skip(why) as never
  }
  pool ??= new pg.Pool({ connectionString: `${said.url}/postgres`, allowExitOnIdle: true })
  await pool.query(`create database ${database} template template0 strategy file_copy`)
  return `${said.url}/${database}`
}

let asked: Promise<Said> | undefined
/** For all tests of this process. */
let pool: pg.Pool | undefined

function server(): Promise<Said> {
  asked ??= fetch(inject('postgres')).then(async (answer) => (await answer.json()) as Said)
  return asked
}

async function drop(database: string): Promise<void> {
  await pool?.query(`drop database if exists ${database} with (force)`)
}

/** A connection of the test's own, to look behind the store's back or to get in its way. */
export async function rawPostgres(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  // Whoever waits for an answer is told as well.
  client.on('error', () => {})
  await client.connect()
  onTestFinished(() => client.end())
  return client
}
