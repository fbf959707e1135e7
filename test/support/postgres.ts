import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject, onTestFinished, TestRunner } from 'vitest'
import { asNumbers, connectTo } from '../../src/storage/postgres/connection.ts'
import { bringUpToDate } from '../../src/storage/postgres/migrating.ts'
import type { Said } from './postgres-server.ts'

/** The URL of a database of the test's own, dropped when the test is over. The first test that asks starts the server. */
export async function emptyPostgres(): Promise<string> {
  return ofTheTest(await createPostgres('template0'))
}

/** The same with our tables, as after a first start. */
export async function postgresWithTables(): Promise<string> {
  return ofTheTest(await briefPostgres())
}

function ofTheTest({ url, drop }: Made): string {
  onTestFinished(drop)
  return url
}

type Made = { readonly url: string; drop(): Promise<void> }

/** The same, for whoever drops it: for tests that need many. */
export async function briefPostgres(): Promise<Made> {
  withTables ??= makeTables()
  return createPostgres(await withTables)
}

/** Made once for all tests of this process. */
let withTables: Promise<string> | undefined

async function makeTables(): Promise<string> {
  const { url } = await createPostgres('template0')
  const pool = connectTo(url)
  await bringUpToDate(pool)
  await pool.end()
  return new URL(url).pathname.slice(1)
}

async function createPostgres(template: string): Promise<Made> {
  const url = urlOf(await server())
  pool ??= new pg.Pool({ connectionString: `${url}/postgres`, allowExitOnIdle: true })
  const database = `test_${randomBytes(8).toString('hex')}`
  await pool.query(`create database ${database} template ${template} strategy file_copy`)
  return { url: `${url}/${database}`, drop: () => drop(database) }
}

/** The server's. Without a server the test is skipped, or with `CI=true` fails. */
export function urlOf(said: Said): string {
  if ('url' in said) return said.url
  const why = `There is no PostgreSQL to test on: ${said.failed}`
  if (process.env.CI === 'true') throw new Error(why)
  return TestRunner.getCurrentTest()?.context.skip(why) as never
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
  const client = new pg.Client({ connectionString: url, types: { getTypeParser: asNumbers } })
  // Whoever waits for an answer is told as well.
  client.on('error', () => {})
  await client.connect()
  onTestFinished(() => client.end())
  return client
}
