import { expect, onTestFinished, test } from 'vitest'
import { startTroubleOf } from '../../../src/storage/engine/trouble.ts'
import { rightsLacking } from '../../../src/storage/postgres/rights.ts'
import { openPostgresStore } from '../../../src/storage/postgres/store.ts'
import { isLocked, troubleOf } from '../../../src/storage/postgres/trouble.ts'
import { guarded } from '../../../src/workflow/log/guarded-store.ts'
import { createHealth } from '../../../src/workflow/log/health.ts'
import { historyInPostgres, key } from '../../support/audited.ts'
import { rawPostgres } from '../../support/postgres.ts'
import { twoRoles } from '../../support/roles.ts'

test('the app runs as the role in docs/scale-out.md, which has all the rights that the app uses', async () => {
  const { app, granted } = await twoRoles()
  await granted()
  expect(await rightsLacking(await rawPostgres(app))).toEqual([])
  await historyInPostgres(app)
  const store = await openPostgresStore({ url: app, key })
  await store.tryToWrite()
  expect(await store.doubt((await store.get(4)).change)).toBeNull()
  await store.close()
})

test('that role may read every table that there is', async () => {
  const { app, granted } = await twoRoles()
  await granted()
  const { rows } = await (await rawPostgres(app)).query(
    `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and not has_table_privilege(oid, 'select')`,
  )
  expect(rows).toEqual([])
})

test('that role can neither change the log, nor drop what keeps it, nor make tables', async () => {
  const { app, granted } = await twoRoles()
  await granted()
  await historyInPostgres(app)
  const raw = await rawPostgres(app)
  for (const attempt of [
    `update audit_events set actor = 'x'`,
    'delete from audit_events',
    'truncate audit_events',
    'alter table audit_events disable trigger all',
    'drop trigger audit_events_keep on audit_events',
    'drop table audit_events',
    'create table mine (one int)',
    'delete from change_requests',
  ])
    await expect(raw.query(attempt), attempt).rejects.toMatchObject({ code: '42501' })
})

test('where there are tables to make, that role changes nothing, and the app says why it does not start', async () => {
  const { app } = await twoRoles()
  const error = await openPostgresStore({ url: app }).catch((error: unknown) => error)
  const said = await startTroubleOf(error, app)
  expect(said).toContain('the role of Countersign may not do this in the database (')
  expect(said).toContain('To start it, run "npm run migrate -- --grant-to ROLE" with the address of the owner')
})

/** The app of docs/scale-out.md, as it runs, in a role whose rights can be taken and given. */
async function running() {
  const { owner, app, role, granted } = await twoRoles()
  await granted()
  const raw = await rawPostgres(owner)
  const told: (string | null)[] = []
  const health = createHealth({ now: () => new Date(), onChange: (why) => told.push(why) })
  const plain = await openPostgresStore({ url: app })
  onTestFinished(plain.close)
  const store = guarded(plain, { health, troubleOf, isLocked })
  const note = () => store.note({ type: 'stopped' }, 'app', null)
  return { app, role, raw, told, health, store, note }
}

const grantTo = (role: string) =>
  `run "npm run migrate -- --grant-to ${role}" with the address of the owner of the tables in COUNTERSIGN_DB`

test('in a role that lacks a right the app does not start, and names it and what to run', async () => {
  const { app, role, raw } = await running()
  await raw.query(`revoke select on homes from ${role}`)
  await expect(openPostgresStore({ url: app })).rejects.toThrow(
    `Countersign can't use its database ${app}: the role ${role} lacks rights that Countersign uses (select on homes). To start it, ${grantTo(role)}, then start it again.`,
  )
  await raw.query(`revoke all on all tables in schema public from ${role}`)
  await expect(openPostgresStore({ url: app })).rejects.toThrow(
    /lacks rights that Countersign uses \(select on \w+, \w+ on \w+, \w+ on \w+, and \d+ more\)\./,
  )
  await raw.query(`grant all on all tables in schema public to ${role}`)
  await (await openPostgresStore({ url: app })).close()
})

test('a right that is taken while the app runs stops all writing from the first refusal on, until it is given', async () => {
  const { role, raw, told, health, store, note } = await running()
  await raw.query(`revoke select on homes from ${role}`)
  const why = `the role ${role} lacks rights that Countersign uses (select on homes): ${grantTo(role)}`
  await expect(store.homes()).rejects.toThrow(why)
  for (const work of [note, store.homes, note, store.tryToWrite]) await expect(work()).rejects.toThrow(why)
  expect([health.trouble()?.why, told]).toEqual([why, [why]])
  await raw.query(`grant select on homes to ${role}`)
  await store.tryToWrite()
  await note()
  await store.homes()
  expect(told).toEqual([why, null])
})

test('a right that is taken while nobody needs it is noticed all the same', async () => {
  const { role, raw, health, store, note } = await running()
  await raw.query(`revoke delete on drafts, homes from ${role}`)
  await note()
  expect(health.trouble()).toBeNull()
  await expect(store.tryToWrite()).rejects.toThrow('(delete on drafts, delete on homes)')
  await expect(note()).rejects.toThrow('(delete on drafts, delete on homes)')
})

test('a change of the structure is told, and kept in the log, even while rights are lacking', async () => {
  const { role, raw, store, note } = await running()
  await raw.query(`revoke select on homes from ${role}; alter table tokens add column more text`)
  await expect(store.homes()).rejects.toThrow('the column "more" on "tokens" was planted')
  await raw.query('alter table tokens drop column more')
  await expect(store.tryToWrite()).rejects.toThrow('(select on homes)')
  await raw.query(`grant select on homes to ${role}`)
  await store.tryToWrite()
  await note()
  expect((await store.events()).map(({ event }) => event.type)).toEqual(['schema_differed', 'stopped'])
})

test('a role that may not even read the list of migrations is told all the same, while the app runs', async () => {
  const { role, raw, store } = await running()
  await raw.query(`revoke select on __drizzle_migrations from ${role}`)
  await expect(store.tryToWrite()).rejects.toThrow('(select on __drizzle_migrations)')
})
