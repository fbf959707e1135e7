import pg from 'pg'
import { briefPostgres } from '../support/postgres.ts'
import { startBetween } from './commits-on-server.ts'

/** For whoever looks in the schema `shifted` first: see `lookingElsewhereFirst`. */
export const shiftableClock = `
  create schema shifted;
  create table shifted.clock (ahead interval not null);
  insert into shifted.clock values ('0');
  create function shifted.clock_timestamp() returns timestamptz language sql volatile
    as 'select pg_catalog.clock_timestamp() + ahead from shifted.clock'`

export async function shiftClock(on: pg.ClientBase | pg.Pool, ms: number): Promise<void> {
  await on.query("update shifted.clock set ahead = ahead + $1 * interval '1 millisecond'", [ms])
}

/** A database on the server whose clock can be put forward. */
export async function databaseOnServer() {
  const { url, drop } = await briefPostgres()
  const raw = new pg.Client({ connectionString: url })
  await raw.connect()
  await raw.query(shiftableClock)
  const commits: string[] = []
  const ways: (() => void)[] = []
  return { url, commits, wayFor, pass, end }

  /** Resolves to the variables for a process that dies there: see `startBetween`. */
  async function wayFor(killAt: string | undefined, kill: () => void): Promise<Record<string, string>> {
    const onCommit = (name: string) => void commits.push(name)
    const between = await startBetween({ url, killAt, kill, onCommit })
    ways.push(between.stop)
    return { COUNTERSIGN_DB: between.url }
  }

  function pass(ms: number): Promise<void> {
    return shiftClock(raw, ms)
  }

  async function end(): Promise<void> {
    for (const stop of ways) stop()
    await raw.end()
    await drop()
  }
}
