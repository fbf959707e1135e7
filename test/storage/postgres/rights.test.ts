import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { startTroubleOf } from '../../../src/storage/engine/trouble.ts'
import { rightsLacking } from '../../../src/storage/postgres/rights.ts'
import { openPostgresStore } from '../../../src/storage/postgres/store.ts'
import { historyInPostgres, key } from '../../support/audited.ts'
import { emptyPostgres, rawPostgres } from '../../support/postgres.ts'

/** The statements that docs/scale-out.md gives to the owner, once the tables are made. */
const grants = /```sql\n(grant [^`]*)```/.exec(readFileSync('docs/scale-out.md', 'utf8'))![1]!

/** A database with the two roles of docs/scale-out.md, and the addresses of each. */
async function twoRoles() {
  const url = await emptyPostgres()
  const admin = await rawPostgres(url)
  const end = randomBytes(4).toString('hex')
  const [owner, app] = [`owner_${end}`, `app_${end}`]
  const { pathname } = new URL(url)
  await admin.query(`create role ${owner} login; create role ${app} login;
    alter database ${pathname.slice(1)} owner to ${owner}; revoke create on schema public from public`)
  onTestFinished(() => drop(admin, owner, app))
  const as = (username: string) => Object.assign(new URL(url), { username }).href
  const granted = async () => {
    await (await openPostgresStore({ url: as(owner) })).close()
    await (await rawPostgres(as(owner))).query(grants.replaceAll('countersign_app', app))
  }
  return { owner: as(owner), app: as(app), granted }
}

async function drop(admin: pg.Client, ...roles: readonly string[]): Promise<void> {
  await admin.query(`drop owned by ${roles.join(', ')}; alter database "${admin.database}" owner to current_user`)
  await admin.query(`drop role ${roles.join(', ')}`)
}

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
  expect(await startTroubleOf(error, app)).toContain('the role of Countersign may not do this in the database (')
})
