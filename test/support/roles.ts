import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type pg from 'pg'
import { onTestFinished } from 'vitest'
import { openPostgresStore } from '../../src/storage/postgres/store.ts'
import { emptyPostgres, rawPostgres } from './postgres.ts'

/** The statements that docs/scale-out.md gives to the owner, once the tables are made. */
const grants = /```sql\n(grant [^`]*)```/.exec(readFileSync('docs/scale-out.md', 'utf8'))![1]!

/** A database with the two roles of docs/scale-out.md, and the addresses of each. */
export async function twoRoles() {
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
  return { owner: as(owner), app: as(app), role: app, granted }
}

async function drop(admin: pg.Client, ...roles: readonly string[]): Promise<void> {
  await admin.query(`drop owned by ${roles.join(', ')}; alter database "${admin.database}" owner to current_user`)
  await admin.query(`drop role ${roles.join(', ')}`)
}
