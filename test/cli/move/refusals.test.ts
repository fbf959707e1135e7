import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openPostgresStore } from '../../../src/storage/postgres/store.ts'
import { moveToFile } from '../../../src/storage/sqlite/moving.ts'
import { databaseBefore, rawConnection, temporaryFile } from '../../support/file.ts'
import { emptyPostgres, postgresWithTables, rawPostgres } from '../../support/postgres.ts'
import { pastTheTriggers } from '../../support/tamper.ts'
import { key, moves, releasedFile, releasedPostgres } from './around.ts'

/** A file with one thing done to it. */
function fileAfter(sql: string): string {
  const path = releasedFile()
  const raw = rawConnection(path)
  pastTheTriggers(raw, () => raw.exec(sql))
  raw.close()
  return path
}

async function after(url: string, sql: string): Promise<string> {
  const on = await rawPostgres(url)
  await on.query(sql)
  return url
}

/** The tables and functions in the database, and how many rows each table has. */
async function stateOf(url: string) {
  const on = await rawPostgres(url)
  const { rows: tables } = await on.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
  )
  const { rows: functions } = await on.query(
    `select proname from pg_proc where pronamespace = 'public'::regnamespace order by 1`,
  )
  const counts: Record<string, number | null> = {}
  for (const { name } of tables) counts[name] = (await on.query(`select * from "${name}"`)).rowCount
  const state = { functions, counts }
  await on.end()
  return state
}

test.each<[string, () => Promise<string>, string]>([
  [
    'Countersign has recorded something in it',
    async () => after(await postgresWithTables(), `insert into stacks values ('website', '{}')`),
    'is not empty: Countersign has recorded something in it (in "stacks"), and two logs can\'t be made one. Give an empty database. Nothing was moved.',
  ],
  [
    'another program has a table in it',
    async () => after(await emptyPostgres(), 'create table orders (id int)'),
    'is not empty: another program has "orders" in it. Give a database of its own. Nothing was moved.',
  ],
  [
    'somebody gave its tables another structure',
    async () => after(await postgresWithTables(), 'alter table tokens add column more text'),
    'does not have the structure that Countersign gives it (the column "more" on "tokens" was planted)',
  ],
  [
    'a newer Countersign made its tables',
    async () => after(await postgresWithTables(), `update __drizzle_migrations set created_at = 99999999999999`),
    'was written by a newer Countersign: move it with that version. Nothing was moved.',
  ],
  [
    'a Countersign uses it',
    async () => {
      const url = await postgresWithTables()
      const store = await openPostgresStore({ url })
      onTestFinished(store.close)
      await store.knownTokens()
      return url
    },
    'is in use, most likely by Countersign: stop it on every machine, and run this again. Nothing was moved.',
  ],
])('nothing is moved to PostgreSQL if %s', async (_, make, why) => {
  const to = await make()
  const before = await stateOf(to)
  const { code, out, err } = await moves(releasedFile(), to)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(`${to} ${why}`)
  expect(await stateOf(to)).toEqual(before)
})

const oddText = `has a text that PostgreSQL can't keep, with a NUL character or bytes that are not UTF-8, in the row of "tokens" with stack, uid = website, blt`

test.each<[string, () => string, string]>([
  ['is not there', () => temporaryFile(), 'does not exist: give the path of the database that the app has used'],
  ['is empty', emptyFile, 'is empty: nothing is recorded in it'],
  [
    'is of an older version',
    () => databaseBefore('0010_oauth_grants').path,
    'was written by an older Countersign: start this one on it once',
  ],
  [
    'is of a newer version',
    () => fileAfter(`insert into __drizzle_migrations (hash, created_at) values ('', 99999999999999)`),
    'was written by a newer Countersign: move it with that version',
  ],
  [
    'is of another program',
    () => {
      const path = temporaryFile()
      rawConnection(path).exec('create table orders (id integer)')
      return path
    },
    'has no tables of Countersign',
  ],
  [
    'has another structure',
    () => fileAfter('create trigger planted after insert on tokens begin select 1; end'),
    'does not have the structure that Countersign gave it: the trigger "planted" on "tokens" was planted',
  ],
  [
    'has a log that was tampered with',
    () => fileAfter(`update audit_events set actor = 'U0MALLORY' where seq = 7`),
    'has a log that does not verify (#7 ',
  ],
  ['has a NUL character in a text', () => fileAfter(`update tokens set edited_by = 'a' || char(0) || 'b'`), oddText],
  ['has a text that is not UTF-8', () => fileAfter(`update tokens set edited_by = cast(x'61ff' as text)`), oddText],
  [
    'has a number that is not read as it is',
    () => fileAfter('update oauth_grants set renewing = 9007199254740993'),
    'has a number that is too great to be moved as it is, about 9007199254740992, in "oauth_grants". Nothing was moved.',
  ],
  [
    'has a number that PostgreSQL can not keep',
    () => fileAfter('update repeated_refusals set times = 3000000000000'),
    `can't keep a row of "repeated_refusals" (value "3000000000000" is out of range for type integer). Nothing was moved.`,
  ],
])('nothing is moved from a file that %s', async (_, make, why) => {
  const [from, to] = [make(), await emptyPostgres()]
  const { code, out, err } = await moves(from, to)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(why)
  expect(err).toMatch(/Nothing was moved|nothing was done/)
  expect(await stateOf(to)).toEqual({ functions: [], counts: {} })
})

function emptyFile(): string {
  const path = temporaryFile()
  writeFileSync(path, '')
  return path
}

test('nothing is moved without the key of the log', async () => {
  const from = releasedFile()
  const { code, err } = await moves(from, await emptyPostgres(), {})
  expect(code).toBe(2)
  expect(err).toContain(`${from} has a log that can't be verified (`)
  expect(err).toContain('gives the details, with AUDIT_KEY and AUDIT_KEY_PREVIOUS as for the app. Nothing was moved.')
})

const holdOpen = `
  const db = new (require('better-sqlite3'))(process.argv[1])
  db.prepare('select count(*) from tokens').get()
  console.log('open')
  setInterval(() => {}, 9999)`

test('nothing is moved from a file that another process has open', async () => {
  const [from, to] = [releasedFile(), await emptyPostgres()]
  const child = spawn(process.execPath, ['-e', holdOpen, from], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  const { code: ended, err } = await moves(from, to)
  expect({ ended, err }).toEqual({
    ended: 2,
    err: `${from} is open in another process, most likely Countersign. Stop it first, then run this again. Nothing was done.`,
  })
})

test.each<[string, (url: string) => Promise<unknown>, string]>([
  [
    'a Countersign uses',
    async (url) => {
      const store = await openPostgresStore({ url, key })
      onTestFinished(store.close)
    },
    'is in use, most likely by Countersign',
  ],
  [
    'somebody writes to',
    async (url) => (await rawPostgres(url)).query('begin; lock table tokens in row exclusive mode'),
    'is in use, most likely by Countersign',
  ],
  [
    'a newer Countersign wrote',
    (url) => after(url, 'update __drizzle_migrations set created_at = 99999999999999'),
    'was written by a newer Countersign',
  ],
  [
    'has no tables in',
    (url) => after(url, 'drop schema public cascade; create schema public'),
    'has no tables of Countersign',
  ],
  [
    'has another structure in',
    (url) => after(url, 'alter table tokens add column more text'),
    'does not have the structure that Countersign gives it (the column "more" on "tokens" was planted)',
  ],
  [
    'tampered with the log in',
    (url) => after(url, `set session_replication_role = replica; update audit_events set actor = 'U0M' where seq = 7`),
    'has a log that does not verify (#7 ',
  ],
])('nothing is moved from a database in PostgreSQL that somebody %s', async (_, tamper, why) => {
  const [from, to] = [await releasedPostgres(), temporaryFile()]
  await tamper(from)
  const { code, err } = await moves(from, to)
  expect(code).toBe(2)
  expect(err).toContain(`${from} ${why}`)
  expect(readdirSync(dirname(to))).toEqual([])
})

test.each(['', '-wal', '-shm'])('nothing is moved to a file if there is one that ends in "%s"', async (end) => {
  const [from, to] = [await releasedPostgres(), temporaryFile()]
  writeFileSync(`${to}${end}`, 'something else')
  const { code, err } = await moves(from, to)
  expect({ code, err }).toEqual({
    code: 2,
    err: `${to}${end} is there already, and is not overwritten: give the path of a new file. Nothing was moved.`,
  })
  expect(readFileSync(`${to}${end}`, 'utf8')).toBe('something else')
  expect(readdirSync(dirname(to))).toHaveLength(1)
})

test('two moves to the same file do not mix: the second is refused', async () => {
  const to = temporaryFile()
  const first = moveToFile(to)
  const { code, err } = await moves(await releasedPostgres(), to)
  expect(code).toBe(2)
  expect(err).toContain(`${to}.moving is open in another process`)
  await first.finish()
  await first.close()
  expect(readdirSync(dirname(to))).toEqual(['countersign.db'])
})

test('nothing is moved to PostgreSQL while a Countersign makes its tables there', async () => {
  const to = await emptyPostgres()
  await (await rawPostgres(to)).query('select pg_advisory_lock(7265001)')
  const { code, err } = await moves(releasedFile(), to)
  expect(code).toBe(2)
  expect(err).toContain(`${to} can't be used: another program keeps the database locked`)
})

test('a file that somebody put there meanwhile stays as it is', async () => {
  const to = temporaryFile()
  const target = moveToFile(to)
  writeFileSync(to, 'something else')
  await expect(target.finish()).rejects.toThrow(
    `${to} is there now, and is not overwritten: give the path of a new file. Nothing was moved.`,
  )
  await target.close()
  expect(readFileSync(to, 'utf8')).toBe('something else')
  expect(readdirSync(dirname(to))).toEqual(['countersign.db'])
})

test('nothing is moved to a folder that is not there', async () => {
  const to = join(dirname(temporaryFile()), 'missing', 'countersign.db')
  const { err } = await moves(await releasedPostgres(), to)
  expect(err).toBe(`${to} can't be made, since ${dirname(to)} is not there: make it. Nothing was moved.`)
})

test.each<[string, string, string, RegExp]>([
  ['two files', 'one.db', 'two.db', /^Neither is an address in PostgreSQL.*"npm run backup".*Nothing was moved\.$/],
  [
    'two addresses',
    'postgres://u@h/a',
    'postgresql://u@h/b',
    /^Both are addresses.*pg_dump and psql\. Nothing was moved\.$/,
  ],
  ['a password', 'one.db', 'postgres://u:hunter2@h/a', /^--to has a password in it.*PGPASSWORD.*Nothing was moved\.$/],
  ['no name of the database', 'postgres://u@h', 'one.db', /^--from does not say which database.*Nothing was moved\.$/],
])('%s are refused in words, and no password is shown', async (_, from, to, says) => {
  const { code, err } = await moves(from, to)
  expect(code).toBe(2)
  expect(err).toMatch(says)
  expect(err).not.toContain('hunter2')
  expect(existsSync(to)).toBe(false)
})

test('says so in words if nobody answers at the address', async () => {
  const to = 'postgres://nobody@127.0.0.1:1/countersign'
  const { code, err } = await moves(releasedFile(), to)
  expect(code).toBe(2)
  expect(err).toMatch(
    /^postgres:\/\/nobody@127\.0\.0\.1:1\/countersign can't be used: the database can't be reached \(.*ECONNREFUSED.*\)\. Nothing was moved\.$/,
  )
})

test('says so in words if the server has no such database', async () => {
  const to = `${await emptyPostgres()}_more`
  const { code, err } = await moves(releasedFile(), to)
  expect(code).toBe(2)
  expect(err).toContain(`${to} can't be used: the server has no database of that name (`)
})
