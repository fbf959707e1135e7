import { is } from 'drizzle-orm'
import { getTableConfig as inPostgres, PgTable } from 'drizzle-orm/pg-core'
import { getTableConfig as inSqlite, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { expect, onTestFinished, test } from 'vitest'
import { definedIn } from '../../../src/storage/postgres/definitions.ts'
import { openPostgresEvidence } from '../../../src/storage/postgres/evidence.ts'
import * as postgres from '../../../src/storage/postgres/schema.ts'
import { createSchemaGuard } from '../../../src/storage/postgres/schema-guard.ts'
import { openPostgresStore } from '../../../src/storage/postgres/store.ts'
import * as sqlite from '../../../src/storage/sqlite/schema.ts'
import { emptyPostgres, postgresWithTables, rawPostgres } from '../../support/postgres.ts'

/**
 * Of PostgreSQL alone: the lock of writers, the order of saving, which SQLite keeps in its own row numbers, and the
 * processes on one database.
 */
const onlyHere = ['log_head.only', 'drafts.saved']

test('both engines have the same tables and columns, and require the same of them', () => {
  const ofPostgres = Object.values(postgres).flatMap((table) =>
    is(table, PgTable) && table !== postgres.instances ? columnsOf(inPostgres(table)) : [],
  )
  const ofSqlite = Object.values(sqlite).flatMap((table) => (is(table, SQLiteTable) ? columnsOf(inSqlite(table)) : []))
  expect(ofPostgres.filter((column) => !onlyHere.includes(column)).sort()).toEqual(ofSqlite.sort())
})

function columnsOf({ name, columns }: { name: string; columns: { name: string; notNull: boolean }[] }): string[] {
  return columns.map((column) => `${name}.${column.name}${column.notNull ? '' : ', perhaps'}`)
}

test('the list of what the migrations define is what they define', async () => {
  const raw = await rawPostgres(await postgresWithTables())
  const listed = `${JSON.stringify(await definedIn(raw), null, 1)}\n`
  await expect(listed).toMatchFileSnapshot('../../../migrations/postgres/defined.json')
})

test.each([
  ['update audit_events set actor = actor'],
  ['delete from audit_events'],
  ['truncate audit_events'],
  ['truncate change_requests cascade'],
  [`insert into audit_events (seq, at, actor, type, body) values (1, '', '', '', '{}')`],
])('the log is append-only: %s', async (statement) => {
  const url = await postgresWithTables()
  const store = await openPostgresStore({ url })
  await store.note({ type: 'stopped' }, 'app', null)
  await store.close()
  const raw = await rawPostgres(url)
  await expect(raw.query(statement)).rejects.toThrow('the audit log is append-only')
})

const planted = `create function planted() returns trigger language plpgsql as $$ begin return null; end $$;
  create trigger planted before insert on audit_events for each row execute function planted()`

test.each([
  ['a trigger that swallows what is written', planted, 'the trigger "planted" on "audit_events" was planted'],
  [
    'a trigger that is switched off',
    'alter table audit_events disable trigger audit_events_keep',
    'the trigger "audit_events_keep" on "audit_events" was altered',
  ],
  [
    'a rule that writes nothing',
    'create rule nothing as on insert to audit_events do instead nothing',
    'the rule "nothing" on "audit_events" was planted',
  ],
  [
    'a function of the log that does nothing',
    'create or replace function audit_events_refuse() returns trigger language plpgsql as $$ begin return new; end $$',
    'the function "audit_events_refuse" was altered',
  ],
  [
    'an index that is gone',
    'drop index change_requests_open',
    'the index "change_requests_open" on "change_requests" was dropped',
  ],
  [
    'rows that some may not see',
    'alter table change_requests enable row level security',
    'the table "change_requests" was altered',
  ],
  ['a column more', 'alter table tokens add column more text', 'the column "more" on "tokens" was planted'],
])('the app says what is wrong with the structure, and writes nothing: %s', async (_, statement, what) => {
  const url = await postgresWithTables()
  const store = await openPostgresStore({ url })
  await store.note({ type: 'stopped' }, 'app', null)
  const raw = await rawPostgres(url)
  await raw.query(statement)
  await expect(store.tryToWrite()).rejects.toThrow(what)
  await expect(store.note({ type: 'stopped' }, 'app', null)).rejects.toThrow(what)
  await store.close()
  await expect(openPostgresStore({ url })).rejects.toThrow(what)
  const evidence = await openPostgresEvidence(url)
  expect(evidence.schema).toContain(what)
  await evidence.close()
})

test('once the structure is right again, the log says that it was not', async () => {
  const url = await postgresWithTables()
  const store = await openPostgresStore({ url })
  const raw = await rawPostgres(url)
  await raw.query('alter table tokens add column more text')
  await expect(store.tryToWrite()).rejects.toThrow('was planted')
  await raw.query('alter table tokens drop column more')
  await store.tryToWrite()
  await store.note({ type: 'stopped' }, 'app', null)
  const events = (await store.events()).map(({ event }) => event)
  expect(events).toEqual([
    { type: 'schema_differed', what: 'the column "more" on "tokens" was planted' },
    { type: 'stopped' },
  ])
  await store.close()
})

test('tables and functions of others in the same database are none of its business', async () => {
  const url = await postgresWithTables()
  const raw = await rawPostgres(url)
  await raw.query('create table theirs (id int); create function theirs() returns int language sql as $$ select 1 $$')
  const store = await openPostgresStore({ url })
  await store.close()
})

test('a structure that is changed again while the log is told of it is told again', async () => {
  const raw = await rawPostgres(await postgresWithTables())
  const guard = createSchemaGuard()
  const [plant, remove] = ['add column more text', 'drop column more'].map(
    (what) => () => raw.query(`alter table tokens ${what}`),
  )
  await plant!()
  await expect(guard.look(raw)).rejects.toThrow('was planted')
  await remove!()
  await guard.look(raw)
  const told = guard.differed()
  await plant!()
  await expect(guard.look(raw)).rejects.toThrow('was planted')
  guard.recorded(told!)
  await remove!()
  await guard.look(raw)
  expect([told, guard.differed()]).toEqual(Array(2).fill('the column "more" on "tokens" was planted'))
  guard.recorded(told!)
  expect(guard.differed()).toBeNull()
})

test('twenty that start at once on an empty database make its tables once', async () => {
  const url = await emptyPostgres()
  const stores = await Promise.all(Array.from({ length: 20 }, () => openPostgresStore({ url })))
  await Promise.all(stores.map((store) => store.note({ type: 'stopped' }, 'app', null)))
  expect((await stores[0]!.events()).map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
  await Promise.all(stores.map((store) => store.close()))
})

test('a database that a newer version made is left as it is', async () => {
  const url = await postgresWithTables()
  const raw = await rawPostgres(url)
  await raw.query(`insert into __drizzle_migrations (hash, created_at) values ('newer', 99999999999999)`)
  await expect(openPostgresStore({ url })).rejects.toThrow('was written by a newer Countersign')
})

test.each(['database', 'role'])(
  'tables of the same names in another schema that the %s names first are neither read nor written',
  async (of) => {
    const url = await postgresWithTables()
    const raw = await rawPostgres(url)
    const [{ name, role }] = (await raw.query('select current_database() as name, current_user as role')).rows
    await raw.query('create schema other; create table other.audit_events (like public.audit_events including all)')
    const whose = of === 'database' ? `database ${name}` : `role ${role} in database ${name}`
    await raw.query(`alter ${whose} set search_path = other, public`)
    const store = await openPostgresStore({ url })
    onTestFinished(store.close)
    await store.note({ type: 'stopped' }, 'app', null)
    const { rows } = await raw.query(
      'select (select count(*) from public.audit_events) as ours, (select count(*) from other.audit_events) as other',
    )
    expect(rows).toEqual([{ ours: 1, other: 0 }])
    expect(await store.checkpoint()).toMatchObject({ size: 1 })
  },
)
