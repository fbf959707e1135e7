import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { evolve, open } from '../../../src/domain/change/evolve.ts'
import { type Database, lockWaits, openDatabase } from '../../../src/storage/sqlite/database.ts'
import { openEvidence } from '../../../src/storage/sqlite/evidence.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { entriesOf } from '../../support/entries.ts'
import { rawConnection, temporaryFile } from '../../support/file.ts'
import { fileOfTheFirstRelease } from '../../support/first-release.ts'
import { asOneFile } from '../../support/process.ts'
import { alice, proposal } from '../../support/world.ts'

function opened(path = temporaryFile()): Database {
  const db = openDatabase(path)
  onTestFinished(() => {
    db.$client.close()
  })
  return db
}

function pragma(db: Database, name: string): unknown {
  return db.$client.pragma(name, { simple: true })
}

test('an empty file becomes a database with every table, all of them STRICT', () => {
  const tables = opened()
    .$client.prepare(
      `select name, strict from pragma_table_list where schema = 'main' and name not like '%\\_\\_%' escape '\\' and name not like 'sqlite%' order by name`,
    )
    .all()
  const names = [
    'audit_events',
    'change_requests',
    'drafts',
    'homes',
    'left_cards',
    'oauth_grants',
    'repeated_refusals',
    'stacks',
    'tokens',
    'void_approvals',
  ]
  expect(tables).toEqual(names.map((name) => ({ name, strict: 1 })))
})

test("a new file can be read and written by the app's account alone, and an existing one stays as it is", () => {
  const path = temporaryFile()
  const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8)
  opened(path)
  expect([path, `${path}-wal`].map(modeOf)).toEqual(['600', '600'])
  chmodSync(path, 0o640)
  opened(path)
  expect(modeOf(path)).toBe('640')
})

test('a column refuses a value of another type', () => {
  const insert = opened().$client.prepare(`insert into stacks (name, facts) values ('website', x'00')`)
  expect(() => insert.run()).toThrow('cannot store BLOB value in TEXT column stacks.facts')
})

test('a commit is on disk when it returns, readers do not wait for a writer, and references must hold', () => {
  const db = opened()
  expect(pragma(db, 'journal_mode')).toBe('wal')
  expect(pragma(db, 'synchronous')).toBe(2)
  expect(pragma(db, 'foreign_keys')).toBe(1)
  expect(pragma(db, 'busy_timeout')).toBe(5000)
})

test('an event of a change that does not exist is refused', () => {
  const insert = opened().$client.prepare(
    `insert into audit_events (seq, at, actor, change_id, type, body) values (1, '', 'app', 7, 'cancelled', '{}')`,
  )
  expect(() => insert.run()).toThrow('FOREIGN KEY constraint failed')
})

test('a file that is opened again keeps its contents', async () => {
  const path = temporaryFile()
  const first = openStore(path)
  await first.open({ type: 'proposed', at: '', ...proposal() }, alice, 'view-1')
  first.close()
  const second = openStore(path)
  onTestFinished(second.close)
  expect((await second.get(1)).change.requester).toBe(alice)
})

test('a change kept by the first release says since when it asks for what it does, as its log says', async () => {
  const path = temporaryFile()
  const old = fileOfTheFirstRelease(path)
  const insert = old.prepare(
    `insert into change_requests (stack, token_uid, requester, status, revision, state, origin, seq) values ('website', 't1', '${alice}', 'pending', ?, ?, ?, 1)`,
  )
  const log = old.prepare(
    `insert into audit_events (seq, at, actor, change_id, type, body) values (?, '', 'x', ?, ?, ?)`,
  )
  const proposed = { type: 'proposed', at: '2026-06-01T09:00:00.000Z', ...proposal() } as const
  const amended = { type: 'amended', at: '2026-06-01T10:00:00.000Z', by: alice, ...proposal(), voids: [] } as const
  const changes = [open(1, proposed), evolve(open(2, proposed), amended)]
  for (const { revisedAt: _, ...state } of changes)
    insert.run(state.revision, JSON.stringify(state), `view-${state.id}`)
  for (const [i, { type, ...body }] of [proposed, amended].entries()) log.run(i + 1, 2, type, JSON.stringify(body))
  insert.run(1, 'damaged', 'view-3')
  old.close()

  const store = openStore(path)
  onTestFinished(store.close)
  expect((await store.get(1)).change).toEqual(changes[0])
  expect((await store.get(2)).change).toEqual(changes[1])
})

test('a file written by a newer version is refused, and not a byte of it is changed', () => {
  const path = temporaryFile()
  openDatabase(path).$client.close()
  const newer = rawConnection(path)
  newer.exec(`insert into __drizzle_migrations (hash, created_at) values ('from the future', 99999999999999)`)
  newer.exec('create table from_the_future (id integer primary key) strict')
  newer.pragma('journal_mode = DELETE')
  newer.close()
  const before = readFileSync(path)

  expect(() => openDatabase(path)).toThrow(/was written by a newer Countersign.*Nothing was changed/)
  expect(readFileSync(path).equals(before)).toBe(true)
  expect(readdirSync(dirname(path))).toEqual(['countersign.db'])
})

test('a file that is not a database is refused, and left as it was', () => {
  const path = temporaryFile()
  writeFileSync(path, 'a shopping list, long enough to hold a header of its own\n'.repeat(20))
  const before = readFileSync(path)
  expect(() => openDatabase(path)).toThrow('file is not a database')
  expect(readFileSync(path).equals(before)).toBe(true)
})

test.each([
  'update audit_events set actor = actor',
  'delete from audit_events',
  `replace into audit_events (seq, at, actor, type, body) values (1, '', 'app', 'started', '{}')`,
  `insert into audit_events (seq, at, actor, type, body) values (0, '', 'app', 'started', '{}')`,
])('the audit log refuses "%s"', async (sql) => {
  const path = temporaryFile()
  const store = openStore(path)
  onTestFinished(store.close)
  await store.note({ type: 'stopped' }, 'app', null)
  expect(() => rawConnection(path).exec(sql)).toThrow('the audit log is append-only')
  expect(await store.events()).toHaveLength(1)
})

test('commits leave the database file alone until it is tidied, and the file beside it does not grow after that', async () => {
  const path = temporaryFile()
  const store = openStore(path)
  onTestFinished(store.close)
  const pages = async (count: number) => {
    const facts = { title: 'x'.repeat(count * 4096), branchesEnabled: false, branches: [], aliases: [] }
    await store.rememberFacts('website', { ...facts, organisationLimits: null, rateLimitsGoverned: false })
  }
  await store.tidy()
  await store.tidy()
  const empty = statSync(path).size

  await pages(1500)
  expect(statSync(path).size).toBe(empty)
  const beside = statSync(`${path}-wal`).size
  await store.tidy()
  expect(statSync(path).size).toBeGreaterThan(1500 * 4096)

  await pages(1400)
  expect(statSync(`${path}-wal`).size).toBe(beside)
})

test('at start nothing is tidied', async () => {
  const path = temporaryFile()
  const store = openStore(path)
  onTestFinished(store.close)
  await store.note({ type: 'stopped' }, 'app', null)
  const untouched = statSync(path).size
  await store.tidy()
  expect(statSync(path).size).toBe(untouched)
  await store.tidy()
  expect(statSync(path).size).toBeGreaterThan(untouched)
})

test('commits that nobody tidies do not let the file beside the database grow for ever', async () => {
  const path = temporaryFile()
  const store = openStore(path)
  onTestFinished(store.close)
  const known = (title: string) => ({ title, branchesEnabled: false, branches: [], aliases: [] })
  for (let i = 0; i < 12; i++)
    await store.rememberFacts('website', {
      ...known(String(i).repeat(1000 * 4096)),
      organisationLimits: null,
      rateLimitsGoverned: false,
    })
  expect(statSync(`${path}-wal`).size).toBeLessThan(6000 * 4096)
})

test('processes that open a new file at the same moment all find it ready', async () => {
  const threads = 2
  const paths = Array.from({ length: 20 }, (_, i) => temporaryFile(`countersign-${i}.db`))
  const gate = new Int32Array(new SharedArrayBuffer(4 * paths.length))
  const opening = await asOneFile(fileURLToPath(new URL('./opens.ts', import.meta.url)))
  const opens = () =>
    new Promise<string[]>((resolve, reject) => {
      const failed: string[] = []
      const worker = new Worker(opening, { workerData: { gate, threads, paths } })
      worker.on('message', (failure: string | null) => failure !== null && failed.push(failure))
      worker.on('error', reject).on('exit', () => resolve(failed))
    })
  expect((await Promise.all(Array.from({ length: threads }, opens))).flat()).toEqual([])
})

test('a database that the app itself has open waits for nobody for long', () => {
  const db = openDatabase(temporaryFile(), lockWaits.brief)
  onTestFinished(() => void db.$client.close())
  expect(pragma(db, 'busy_timeout')).toBe(lockWaits.brief)
  expect(lockWaits.brief).toBeLessThanOrEqual(50)
})

test('the app waits for nobody who reads its database, however long they take', async () => {
  const path = temporaryFile()
  const store = openStore(path, undefined, null, [], 0)
  onTestFinished(store.close)
  const propose = (origin: string) =>
    store.open({ type: 'proposed', at: '2026-06-01T09:00:00.000Z', ...proposal() }, alice, origin)
  await propose('view-1')
  const evidence = openEvidence(path)
  onTestFinished(evidence.close)
  const [first] = await entriesOf(evidence)
  expect(first?.seq).toBe(1)
  const second = await propose('view-2')
  await store.tidy()
  expect(await store.events(second.id)).toHaveLength(1)
})

test('while one decides, nobody else can write: what was read is still true when it is written', async () => {
  const path = temporaryFile()
  const store = openStore(path)
  onTestFinished(store.close)
  await store.open({ type: 'proposed', at: '2026-06-01T09:00:00.000Z', ...proposal() }, alice, 'view-1')
  const other = rawConnection(path)
  await store.record(1, alice, () => {
    expect(() => other.exec('begin immediate')).toThrow('database is locked')
    return { type: 'cancelled', at: '2026-06-01T09:00:00.000Z', by: alice }
  })
  expect(() => other.exec('begin immediate')).not.toThrow()
})
