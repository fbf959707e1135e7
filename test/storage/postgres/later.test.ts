import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { verifyEvidence } from '../../../src/cli/audit/verify.ts'
import { connectTo } from '../../../src/storage/postgres/connection.ts'
import { columnNames } from '../../../src/storage/postgres/decides-nothing.ts'
import { type Defined, definedIn } from '../../../src/storage/postgres/definitions.ts'
import { openPostgresEvidence } from '../../../src/storage/postgres/evidence.ts'
import { inspectPostgres } from '../../../src/storage/postgres/inspect.ts'
import { bringUpToDate } from '../../../src/storage/postgres/migrating.ts'
import { migrationStateOf } from '../../../src/storage/postgres/migration-state.ts'
import { schemaDifferences } from '../../../src/storage/postgres/schema-check.ts'
import { createSchemaGuard } from '../../../src/storage/postgres/schema-guard.ts'
import type { On } from '../../../src/storage/postgres/statements.ts'
import { openPostgresStore } from '../../../src/storage/postgres/store.ts'
import { moves, releasedPostgres } from '../../cli/move/around.ts'
import { historyInPostgres, key } from '../../support/audited.ts'
import { eventually } from '../../support/eventually.ts'
import { temporaryFile } from '../../support/file.ts'
import { additions, laterVersion } from '../../support/later-version.ts'
import { postgresWithTables, rawPostgres } from '../../support/postgres.ts'

test('a store goes on while a later version adds to its tables, and opens again afterwards', async () => {
  const url = await postgresWithTables()
  const store = await openPostgresStore({ url })
  await store.note({ type: 'stopped' }, 'app', null)
  const later = await laterVersion(additions, { isMarked: true })
  await store.isPresent({ id: 'p1', version: '0.3.0', host: 'app-1', pid: 1, names: [], doubts: [] })
  expect(await later.migrate(url)).toMatchObject({
    code: 0,
    out: expect.stringContaining(
      `The tables in ${url} were brought up to date: 9000_later. The version that used them before can go on with them.`,
    ),
  })
  await store.tryToWrite()
  await store.note({ type: 'stopped' }, 'app', null)
  await store.close()
  const again = await openPostgresStore({ url })
  expect((await again.events()).map(({ event }) => event.type)).toEqual(['stopped', 'stopped'])
  await again.close()
  const evidence = await openPostgresEvidence(url)
  expect(evidence.schema).toEqual([])
  await evidence.close()
  expect(await inspectPostgres(url)).toMatchObject({ isNewer: false, hasLater: true, pending: 0, schema: [] })
})

test('a later version does not change what others could not live with while they run, and names them', async () => {
  const url = await postgresWithTables()
  const store = await openPostgresStore({ url })
  for (const host of ['app-1', 'app-2'])
    await store.isPresent({ id: host, version: '0.3.0', host, pid: 1, names: [], doubts: [] })
  const later = await laterVersion(additions, { isMarked: false })
  const said = await later.migrate(url)
  expect(said).toMatchObject({
    ...{ code: 1, out: '' },
    err: 'Countersign 0.3.0 on app-1 and Countersign 0.3.0 on app-2 still run with the database that COUNTERSIGN_DB names, and could not work with what this version changes in its tables: stop them first. If that has been done, wait half a minute. Nothing was done.\n',
  })
  await store.tryToWrite()
  await store.hasLeft('app-1')
  expect((await later.migrate(url)).err).toContain('Countersign 0.3.0 on app-2 still runs with')
  await store.hasLeft('app-2')
  expect(await later.migrate(url)).toMatchObject({
    ...{ code: 0, err: '' },
    out: expect.stringContaining('9000_later. The version that used them before can no longer be started on them.'),
  })
  await expect(store.tryToWrite()).rejects.toThrow('a newer Countersign has brought the database up to date')
  await store.close()
  await expect(openPostgresStore({ url })).rejects.toThrow('was written by a newer Countersign')
})

test('a later version waits for tables that are in use without keeping everybody else waiting', async () => {
  const url = await postgresWithTables()
  const store = await openPostgresStore({ url })
  const reader = await rawPostgres(url)
  await reader.query('begin; select 1 from tokens; select 1 from audit_events')
  const later = await laterVersion(additions, { isMarked: true })
  const migrated = later.migrate(url)
  const raw = await rawPostgres(url)
  const waiting = `select 1 from pg_locks where not granted and mode = 'AccessExclusiveLock' and relation = 'tokens'::regclass`
  await eventually(async () => expect((await raw.query(waiting)).rows).toHaveLength(1))
  await store.note({ type: 'stopped' }, 'app', null)
  await store.tryToWrite()
  await reader.query('commit')
  expect(await migrated).toMatchObject({ code: 0, err: '' })
  await store.tryToWrite()
  await store.close()
})

test('if others keep the tables locked all the time, nothing is changed, and it says so', async () => {
  const url = await postgresWithTables()
  const raw = await rawPostgres(url)
  await raw.query('drop index audit_events_asked, change_requests_newest_open')
  await raw.query('delete from __drizzle_migrations where id = (select max(id) from __drizzle_migrations)')
  await raw.query('begin; select 1 from log_head for update')
  const pool = connectTo(url)
  onTestFinished(() => pool.end())
  await expect(bringUpToDate(pool, { mostWaits: 2 })).rejects.toThrow(
    'Something keeps the tables locked, most likely pg_dump or "npm run audit -- verify", so they could not be changed: wait until it is over, and try again. Nothing was done.',
  )
  await raw.query('commit')
  expect(await bringUpToDate(pool)).toEqual({ made: false, migrations: ['0002_lookups'], canGoBack: true })
})

test.each([1, 2, 3, 4])(
  'whoever looks while a later version makes what it can not live with says so (after %d queries)',
  async (n) => {
    const url = await postgresWithTables()
    const [raw, other] = [await rawPostgres(url), await rawPostgres(url)]
    const on = meddling(raw, n, () =>
      other.query(`begin; drop index change_requests_open;
      insert into __drizzle_migrations (hash, created_at) values ('later', 99999999999999); commit`),
    )
    await expect(createSchemaGuard().look(on)).rejects.toThrow(
      'a newer Countersign has brought the database up to date',
    )
  },
)

/** Does something once this many queries were answered. */
function meddling(raw: pg.Client, queries: number, meddle: () => Promise<unknown>): On {
  let left = queries
  const query = async (...asked: unknown[]) => {
    const answer = await (raw.query as (...asked: unknown[]) => Promise<unknown>).apply(raw, asked)
    if (--left === 0) await meddle()
    return answer
  }
  return { query } as On
}

test.each([1, 2, 3])(
  'a look at the structure while a later version adds to it finds nothing wrong (after %d queries)',
  async (n) => {
    const url = await postgresWithTables()
    const [raw, other] = [await rawPostgres(url), await rawPostgres(url)]
    const before = await definedIn(other)
    expect(await schemaDifferences(meddling(raw, n, () => plant(other, harmless, before)))).toEqual([])
    expect((await migrationStateOf(raw)).hasLater).toBe(true)
    expect(await schemaDifferences(raw)).toEqual([])
  },
)

test('what a later version has added is not left behind by a move', async () => {
  const url = await releasedPostgres()
  const later = await laterVersion(additions, { isMarked: true })
  await later.migrate(url)
  const { code, err } = await moves(url, temporaryFile())
  expect({ code, err }).toEqual({
    ...{ code: 2 },
    err: `${url} was written by a newer Countersign: move it with that version. Nothing was moved.`,
  })
})

/** Whoever owns the tables can plant anything, and say that a later version has added it. */
async function planted(sql: string, asOfLater = true): Promise<string> {
  const url = await postgresWithTables()
  const raw = await rawPostgres(url)
  const before = await definedIn(raw)
  if (asOfLater) await plant(raw, sql, before)
  else await raw.query(sql)
  return url
}

async function plant(on: pg.Client, sql: string, before: readonly Defined[]): Promise<void> {
  const were = new Set(before.map((one) => JSON.stringify(one)))
  await on.query(`begin; ${sql}`)
  const adds = (await definedIn(on)).filter((one) => !were.has(JSON.stringify(one)))
  await on.query(`insert into __drizzle_migrations (hash, created_at, adds) values ('later', 99999999999999, $1)`, [
    JSON.stringify(adds),
  ])
  await on.query('commit')
}

const harmless = 'alter table tokens add column more text collate "C"'

const func = (name: string, returns: string, body: string) =>
  `create function ${name} returns ${returns} language plpgsql immutable as $$ begin ${body} end $$;`

test.each([
  [
    'a trigger',
    `${func('swallow()', 'trigger', 'return null;').replace('immutable', '')}
     create trigger swallow before insert on audit_events for each row execute function swallow()`,
    'the trigger "swallow" on "audit_events" was planted',
  ],
  [
    'a rule',
    'create rule nothing as on insert to audit_events do instead nothing',
    'the rule "nothing" on "audit_events" was planted',
  ],
  [
    'a policy',
    'create policy hidden on change_requests using (false)',
    'the policy "hidden" on "change_requests" was planted',
  ],
  [
    'a function of ours in another form',
    func('in_json(text)', 'text', 'return null;').replace('in_json(text)', 'audit_events_refuse(text)'),
    'the function "audit_events_refuse" was planted',
  ],
  [
    'a constraint',
    `alter table audit_events add constraint quiet check (type <> 'refused')`,
    'the constraint "quiet" on "audit_events" was planted',
  ],
  [
    'an index that lets nothing be there twice',
    `create unique index once on audit_events (type) where type = 'claimed'`,
    'the index "once" on "audit_events" was planted',
  ],
  [
    'an index with a function in it',
    `${func('refuse(text)', 'text', `if $1 = 'refused' then raise exception 'no'; end if; return $1;`)}
     create index odd on audit_events (refuse(type))`,
    'the index "odd" on "audit_events" was planted',
  ],
  [
    'an index with a function in its condition',
    `${func('refuse(text)', 'boolean', 'return false;')} create index odd on audit_events (seq) where refuse(type)`,
    'the index "odd" on "audit_events" was planted',
  ],
  [
    'a default that is computed',
    `${func('computed()', 'text', `return 'x';`)} alter table tokens add column more text collate "C" default computed()`,
    'the column "more" on "tokens" was planted',
  ],
  [
    'a column that has to be filled',
    'alter table tokens add column more bigint not null',
    'the column "more" on "tokens" was planted',
  ],
  [
    'a column that counts',
    'alter table tokens add column more bigint generated always as identity',
    'the column "more" on "tokens" was planted',
  ],
  [
    'a column that a statement would mean instead of another',
    'alter table audit_events add column id bigint default 1',
    'the column "id" on "audit_events" was planted',
  ],
  [
    'a column of a type of its own',
    'create domain odd as text check (value is not null); alter table tokens add column more odd',
    'the column "more" on "tokens" was planted',
  ],
  [
    'another default for a column that is known',
    'alter table audit_events alter column version set default 2',
    'the column "version" on "audit_events" was altered',
  ],
  [
    'another type for a column that is known',
    'alter table tokens alter column edited_by type varchar(3)',
    'the column "edited_by" on "tokens" was altered',
  ],
  ['rows that some may not see', 'alter table tokens enable row level security', 'the table "tokens" was altered'],
  [
    'an index that is gone',
    'drop index change_requests_open',
    'the index "change_requests_open" on "change_requests" was dropped',
  ],
])('no later version explains %s', async (_, sql, what) => {
  const url = await planted(sql)
  await expect(openPostgresStore({ url })).rejects.toThrow(what)
  const evidence = await openPostgresEvidence(url)
  expect(evidence.schema).toContain(what)
  await evidence.close()
})

test('a column may have any name that no column has yet, also one that is a word in a statement', async () => {
  const columns = wordsInStatements().map((word) => `add column "${word}" text collate "C"`)
  const raw = await rawPostgres(await postgresWithTables())
  const { rows: tables } = await raw.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> '__drizzle_migrations'`,
  )
  const odd = await planted(tables.map(({ name }) => `alter table ${name} ${columns.join(', ')}`).join('; '))
  const plain = await postgresWithTables()
  expect(await seenAfterHistory(odd)).toEqual(await seenAfterHistory(plain))
})

/** Those in SQL of ours, apart from the columns that there are. */
function wordsInStatements(): string[] {
  const folder = 'src/storage/postgres'
  const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
  const texts = sources.flatMap((source) => source.match(/`[^`]*`|'[^'\n]*'/g) ?? [])
  const statements = texts.filter((text) => /\b(select|insert|update|delete|from|as)\b/.test(text))
  const words = new Set(statements.flatMap((text) => text.match(/\b[a-z][a-z0-9_]*\b/g) ?? []))
  const taken = [...columnNames(JSON.parse(readFileSync('migrations/postgres/defined.json', 'utf8'))), ...ofTheServer]
  for (const name of taken) words.delete(name)
  expect(words.size).toBeGreaterThan(200)
  return [...words]
}

/** No column can have the name of one that every table has. */
const ofTheServer = ['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']

/** Writes a history there, and resolves to all that is read of it. */
async function seenAfterHistory(url: string) {
  await historyInPostgres(url)
  const store = await openPostgresStore({ url, key })
  const evidence = await openPostgresEvidence(url)
  const verified = await verifyEvidence(evidence, { current: key, earlier: [] }, null)
  const unproposed = await evidence.withoutProposal()
  await evidence.close()
  const seen = { events: await store.events(), open: await store.get(4), verified, unproposed }
  await store.close()
  return { ...seen, inspected: { ...(await inspectPostgres(url)), hasLater: true, isInOrder: true, added: [] } }
}

test('an addition that would be harmless is a finding if no later version says that it made it', async () => {
  const url = await planted(harmless, false)
  await expect(openPostgresStore({ url })).rejects.toThrow('the column "more" on "tokens" was planted')
  const explained = await planted(harmless)
  await (await openPostgresStore({ url: explained })).close()
  await (await rawPostgres(explained)).query('alter table tokens alter column more set default 1')
  await expect(openPostgresStore({ url: explained })).rejects.toThrow('the column "more" on "tokens" was planted')
})

test.each([null, '', '{}', '[{"type":"column"}]'])(
  'a later version that says %j of what it added can not be lived with',
  async (adds) => {
    const url = await postgresWithTables()
    const raw = await rawPostgres(url)
    await raw.query(`insert into __drizzle_migrations (hash, created_at, adds) values ('later', 99999999999999, $1)`, [
      adds,
    ])
    await expect(openPostgresStore({ url })).rejects.toThrow('was written by a newer Countersign')
  },
)
