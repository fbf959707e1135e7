import { expect, test } from 'vitest'
import { startTroubleOf } from '../../../src/storage/engine/trouble.ts'
import { rightsLacking } from '../../../src/storage/postgres/rights.ts'
import { openPostgresStore } from '../../../src/storage/postgres/store.ts'
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
