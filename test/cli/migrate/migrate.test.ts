import { existsSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { type MigrateOptions, migrate } from '../../../src/cli/migrate/migrate.ts'
import { migrationStateOf } from '../../../src/storage/postgres/migration-state.ts'
import { rightsLacking } from '../../../src/storage/postgres/rights.ts'
import { openPostgresStore } from '../../../src/storage/postgres/store.ts'
import { temporaryFile } from '../../support/file.ts'
import { rawPostgres } from '../../support/postgres.ts'
import { twoRoles } from '../../support/roles.ts'
import { atTerminalOf } from '../../support/terminal.ts'

function migrates(database: string, options: MigrateOptions = {}) {
  return atTerminalOf({ COUNTERSIGN_DB: database }, (terminal) => migrate(options, terminal))
}

test('the owner makes the tables and grants the role of the app its rights, and the app runs in that role', async () => {
  const { owner, app, role } = await twoRoles()
  const { ok, out, err } = await migrates(owner, { grantTo: role })
  expect({ ok, err }).toEqual({ ok: true, err: '' })
  const [made, granted] = out.split('\n')
  expect(made).toBe(`The tables in ${owner} were made.`)
  expect(granted).toMatch(
    new RegExp(`^${role} was granted select, insert on audit_events; select, update on log_head; .+\\.$`),
  )
  expect(await rightsLacking(await rawPostgres(app))).toEqual([])
  const store = await openPostgresStore({ url: app })
  await store.note({ type: 'stopped' }, 'app', null)
  await store.close()
})

test('the GRANTs in docs/scale-out.md are those that it runs', async () => {
  const [byHand, byCommand] = [await twoRoles(), await twoRoles()]
  await byHand.granted()
  await migrates(byCommand.owner, { grantTo: byCommand.role })
  expect(await rightsOf(byCommand)).toEqual(await rightsOf(byHand))
})

async function rightsOf({ owner, role }: { owner: string; role: string }) {
  const { rows } = await (await rawPostgres(owner)).query(
    `select table_name, privilege_type from information_schema.role_table_grants where grantee = $1 order by 1, 2`,
    [role],
  )
  expect(rows.length).toBeGreaterThan(30)
  return rows
}

test('run again, it says that there was nothing to do', async () => {
  const { owner, role } = await twoRoles()
  await migrates(owner, { grantTo: role })
  expect(await migrates(owner, { grantTo: role })).toEqual({
    ok: true,
    out: `The tables in ${owner} are up to date.\n${role} has all the rights that the app uses.`,
    err: '',
  })
})

test('grants what the role lacks, and says so', async () => {
  const { owner, role } = await twoRoles()
  await migrates(owner, { grantTo: role })
  await (await rawPostgres(owner)).query(
    `revoke insert, update on tokens from ${role}; revoke select on homes from ${role}`,
  )
  const { out } = await migrates(owner, { grantTo: role })
  expect(out).toContain(`${role} was granted insert, update on tokens; select on homes.`)
})

test('grants the use of the schema too, where it was taken from everybody', async () => {
  const { owner, app, role } = await twoRoles()
  await (await rawPostgres(owner)).query('revoke all on schema public from public')
  await migrates(owner)
  const starting = () => openPostgresStore({ url: app })
  await expect(starting()).rejects.toThrow('(usage on schema public, select on audit_events, ')
  const { out } = await migrates(owner, { grantTo: role })
  expect(out).toContain(`${role} was granted usage on schema public; select, insert on audit_events; `)
  await (await starting()).close()
  expect((await migrates(owner, { grantTo: role })).out).toContain(`${role} has all the rights that the app uses.`)
})

test('names a role as it is, whatever is in its name', async () => {
  const { owner } = await twoRoles()
  const admin = await rawPostgres(Object.assign(new URL(owner), { username: 'countersign' }).href)
  const odd = `App "1"; ${Math.random()}`
  const quoted = admin.escapeIdentifier(odd)
  await admin.query(`create role ${quoted}`)
  onTestFinished(async () => void (await admin.query(`drop owned by ${quoted}; drop role ${quoted}`)))
  expect((await migrates(owner, { grantTo: odd })).out).toContain(`${odd} was granted `)
  expect(await rightsLacking(admin, odd)).toEqual([])
})

test('brings tables of an older version up to date, names what it did, and says what to run for a role', async () => {
  const { owner } = await twoRoles()
  await migrates(owner)
  const raw = await rawPostgres(owner)
  await raw.query(
    'drop index audit_events_asked, change_requests_newest_open; delete from __drizzle_migrations where id = (select max(id) from __drizzle_migrations)',
  )
  expect(await migrates(owner)).toEqual({
    ok: true,
    out: `The tables in ${owner} were brought up to date: 0002_lookups. The version that used them before can go on with them.\nIf the app has a role of its own, run "npm run migrate -- --grant-to ROLE" as well.`,
    err: '',
  })
  expect(await migrationStateOf(raw)).toMatchObject({ pending: 0 })
})

test('for a role that is not there, nothing is made', async () => {
  const { owner } = await twoRoles()
  const { ok, out, err } = await migrates(owner, { grantTo: 'countersing_app' })
  expect({ ok, out, err }).toEqual({
    ok: false,
    out: '',
    err: `${owner} is on a server that has no role "countersing_app": make it there first. Nothing was done.`,
  })
  expect(await migrationStateOf(await rawPostgres(owner))).toMatchObject({ applied: 0 })
})

test('in another role than the owner, it makes no tables and grants nothing, and says whose address it needs', async () => {
  const { owner, app, role } = await twoRoles()
  const refused = (said: string) => ({
    ...{ ok: false, out: '' },
    err: `${app} does not let the role in this address do this (${said}): for this command, set COUNTERSIGN_DB to an address with the owner of the tables. Nothing was done.`,
  })
  expect(await migrates(app)).toEqual(refused('permission denied for schema public'))
  await migrates(owner, { grantTo: role })
  await (await rawPostgres(owner)).query(`revoke update on tokens from ${role}`)
  expect(await migrates(app, { grantTo: role })).toEqual(refused('no privileges were granted'))
})

test('grants nothing where somebody has changed the structure', async () => {
  const { owner, role } = await twoRoles()
  await migrates(owner)
  const raw = await rawPostgres(owner)
  await raw.query('alter table tokens add column more text')
  const { ok, err } = await migrates(owner, { grantTo: role })
  expect(ok).toBe(false)
  expect(err).toContain('the column "more" on "tokens" was planted')
  expect(await rightsLacking(raw, role)).not.toEqual([])
})

test('leaves a SQLite file to the app, which makes its tables when it starts, and grants nothing there', async () => {
  const file = temporaryFile()
  expect(await migrates(file)).toEqual({
    ok: true,
    out: `${file} is a SQLite file, and the app makes and changes the tables in it when it starts. There was nothing to do.`,
    err: '',
  })
  expect(await migrates(file, { grantTo: 'countersign_app' })).toEqual({
    ok: false,
    out: '',
    err: `COUNTERSIGN_DB names a SQLite file, ${file}, which has no roles to grant anything to: set it to the address in PostgreSQL, or leave --grant-to out. Nothing was done.`,
  })
  expect(existsSync(file)).toBe(false)
})
