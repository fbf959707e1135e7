import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { serverSays } from '../../../src/cli/doctor/server.ts'
import { auditKey } from '../../../src/domain/audit/chain.ts'
import type { ServerInspection } from '../../../src/ports/inspection.ts'
import { openPostgresStore } from '../../../src/storage/postgres/store.ts'
import { historyInPostgres, secret } from '../../support/audited.ts'
import { inShort, startPatient } from '../../support/checkup.ts'
import { ghosts } from '../../support/listening.ts'
import { freePort } from '../../support/port.ts'
import { emptyPostgres, postgresWithTables, rawPostgres } from '../../support/postgres.ts'
import { twoRoles } from '../../support/roles.ts'

async function patient(url: string) {
  const { look, ...rest } = await startPatient()
  const env = { COUNTERSIGN_DB: url, AUDIT_KEY: secret }
  return { ...rest, look: (more: Readonly<Record<string, string>> = {}) => look({ env: { ...env, ...more } }) }
}

describe('the doctor, with a database on a PostgreSQL server', () => {
  test('says that there are no tables yet, and makes none', async () => {
    const url = await emptyPostgres()
    const { of } = await (await patient(url)).look()
    expect(of('database')).toEqual([
      `ok ${url} can be reached and has no tables yet: the first start makes them, or "npm run migrate" in the role that is to own them.`,
    ])
    expect([of('folder'), of('disk')]).toEqual([[], []])
    const { rows } = await (await rawPostgres(url)).query(`select 1 from pg_class where relname = 'audit_events'`)
    expect(rows).toEqual([])
  })

  test('finds nothing wrong with a log in good order, and writes nothing', async () => {
    const url = await postgresWithTables()
    await historyInPostgres(url)
    const raw = await rawPostgres(url)
    const written = async () =>
      (
        await raw.query(
          'select (select max(seq) from audit_events), (select max(xmin::text::bigint) from change_requests)',
        )
      ).rows
    const before = await written()
    const { look, configure } = await patient(url)
    configure({ name: 'intranet' })
    const { of } = await look()
    expect(of('database')).toEqual([`ok ${url} can be reached, and its tables are up to date.`])
    expect(of('audit key')).toEqual(['ok AUDIT_KEY is set.'])
    expect(of('slack command')).toEqual([
      expect.stringContaining('Somebody last used Countersign in Slack on 2026-06-01'),
    ])
    expect(of('stacks')).toEqual([expect.stringContaining('its open changes: #4')])
    expect(await written()).toEqual(before)
  })

  test('finds what somebody did to the tables, a change that cannot be read, and another key', async () => {
    const url = await postgresWithTables()
    await historyInPostgres(url)
    const raw = await rawPostgres(url)
    const { look } = await patient(url)
    await raw.query('drop trigger audit_events_stay on audit_events')
    expect((await look()).of('database')).toEqual([
      expect.stringMatching(/^error .* the trigger "audit_events_stay" on "audit_events" was dropped\. → .*psql/),
    ])
    await raw.query(
      'create trigger audit_events_stay before delete on audit_events for each row execute function audit_events_refuse()',
    )
    await raw.query(`update change_requests set state = '{' where id = 3`)
    const { code, of } = await look({ AUDIT_KEY: 'another key that nobody has ever written with' })
    expect([code, of('database')]).toEqual([1, [expect.stringMatching(/^error .* has a change #3 that can't be read/)]])
    expect(of('audit key')).toEqual([expect.stringMatching(/^error .* was not written with AUDIT_KEY/)])
  })

  test('names the rights that its role lacks, and says so of a server that is not there or lets nobody in', async () => {
    const url = await postgresWithTables()
    const raw = await rawPostgres(url)
    const role = `lacking_${new URL(url).pathname.slice(6)}`
    await raw.query(`create role ${role} login; grant select on all tables in schema public to ${role};
      grant insert on audit_events to ${role}`)
    const own = Object.assign(new URL(url), { username: role }).href
    const { look } = await patient(own)
    const { of } = await look()
    expect(of('database')).toEqual([
      expect.stringMatching(
        `^error The role ${role} lacks rights that Countersign uses in .*: update on log_head; .*insert, update, delete on drafts; .* → Run "npm run migrate -- --grant-to ${role}"`,
      ),
    ])
    expect(of('database')[0]).not.toMatch(/on audit_events/)
    expect(of('database server').join()).toContain(`The role ${role} can neither change the log nor drop it.`)
    await raw.query(`drop owned by ${role}; drop role ${role}`)
    expect((await look()).of('database')).toEqual([
      expect.stringMatching(/^error This could not be checked: .*does not let Countersign in \(.*does not exist\)/),
    ])
    const nowhere = `postgres://me@127.0.0.1:${await freePort()}/countersign`
    expect((await look({ COUNTERSIGN_DB: nowhere })).of('database')).toEqual([
      expect.stringMatching(/^error This could not be checked: .* since the database can't be reached/),
    ])
    expect((await look({ COUNTERSIGN_DB: 'postgres://me@no-such-host.invalid/countersign' })).of('database')).toEqual([
      expect.stringMatching(
        /^error This could not be checked: .* since there is no machine of the name "no-such-host\.invalid"/,
      ),
    ])
  })

  test('names everything to a role without any right, and says nothing of a log that it could not see', async () => {
    const { app, role } = await withoutRights()
    const { look, configure } = await patient(app)
    configure({}, { anchors: { file: '/nowhere/anchors.ndjson' } })
    const { code, of } = await look()
    expect([code, of('database')]).toEqual([
      1,
      [
        expect.stringMatching(
          `^error The role ${role} lacks .*: select, insert on audit_events; select, update on log_head; .*select on __drizzle_migrations\\. → Run "`,
        ),
      ],
    ])
    expect([of('anchors'), of('stacks')]).toEqual([[], []])
    expect(of('slack command').join()).toMatch(/^warning .* this app: the audit log, .*, could not be read\. →/)
  })

  test('says what is wrong with the structure beside the rights that are lacking, and not that all is up to date', async () => {
    const { owner, app, role, granted } = await twoRoles()
    await granted()
    const raw = await rawPostgres(owner)
    await raw.query(`revoke select on homes from ${role}; drop trigger audit_events_stay on audit_events`)
    expect((await (await patient(app)).look()).of('database')).toEqual([
      expect.stringMatching(`^error The role ${role} lacks .*: select on homes\\. →`),
      expect.stringContaining('the trigger "audit_events_stay" on "audit_events" was dropped'),
    ])
  })

  test.each([
    ['a password', 'postgres://me:hush-hush@127.0.0.1/countersign', 'has a password in it'],
    ['something else', 'xoxb-1234567890-abcdefghijklmnop', 'holds what looks like a secret'],
  ])('looks at no other database if the address has %s in it', async (_, address, why) => {
    const { look, configure } = await patient(address)
    configure({}, { anchors: { file: '/nowhere/anchors.ndjson' } })
    const { code, findings, of } = await look()
    expect([code, of('settings').join()]).toEqual([1, expect.stringContaining(`error COUNTERSIGN_DB ${why}`)])
    expect(of('database')).toEqual(["warning No database was looked at, since COUNTERSIGN_DB can't be used."])
    for (const area of ['database server', 'folder', 'disk', 'anchors', 'stacks']) expect(of(area), area).toEqual([])
    expect(JSON.stringify(findings)).not.toMatch(/countersign\.db|hush-hush|xoxb-1234/)
  })

  test('says who may bring the tables of an older version up to date', async () => {
    const { owner, app, role, granted } = await twoRoles()
    await granted()
    const raw = await rawPostgres(owner)
    await raw.query('delete from __drizzle_migrations where id = (select max(id) from __drizzle_migrations)')
    expect((await (await patient(owner)).look()).of('database')).toEqual([
      `ok ${owner} can be reached, and its tables are brought up to date at the next start (1 to go).`,
    ])
    expect((await (await patient(app)).look()).of('database')).toEqual([
      `error ${app} has the tables of an older version (1 to go), which the role ${role} may not change: Countersign does not start. → Run "npm run migrate -- --grant-to ${role}" with the address of the owner of the tables in COUNTERSIGN_DB.`,
    ])
  })

  test('names the instances that run, and warns of connections to Slack only if there are more than theirs', async () => {
    const url = await postgresWithTables()
    const store = await openPostgresStore({ url, key: auditKey(secret) })
    onTestFinished(store.close)
    const about = { version: '0.3.0', names: [], doubts: [] }
    for (const [pid, host] of ['app-1', 'app-2'].entries())
      await store.isPresent({ ...about, id: `${pid}`, host, pid: pid + 7 })
    const { look, slack } = await patient(url)
    await ghosts(slack, 4)
    const explained = await look()
    expect(explained.of('slack delivery')).toEqual([expect.stringMatching(/^ok /)])
    expect(explained.of('instances')).toEqual([
      'ok 2 instances run on this database: process 7 on app-1 and process 8 on app-2.',
    ])
    await slack.waitFor(() => slack.connections === 4, 'the end of the connection')
    await ghosts(slack, 1)
    expect((await look()).of('slack delivery')).toEqual([
      expect.stringMatching(
        /^warning .* counts 6 connections for this app, including that one\. The 2 instances on this database use two each, so another .* → Stop any that runs with another database\. /,
      ),
    ])
    await slack.waitFor(() => slack.connections === 5, 'the end of the connection')
    await ghosts(slack, 2)
    expect((await look()).of('slack delivery')).toEqual([
      expect.stringMatching(
        /^warning .* counts 8 connections .* → Stop any process that runs with another database\. /,
      ),
    ])
  })

  test('warns of a PGPASSFILE that others can read', async () => {
    const { look, folder } = await patient(await postgresWithTables())
    const PGPASSFILE = join(folder, 'pgpass')
    writeFileSync(PGPASSFILE, '*:*:*:*:hush')
    chmodSync(PGPASSFILE, 0o644)
    expect((await look({ PGPASSFILE })).of('file rights')).toEqual([
      `warning ${PGPASSFILE} is open to others on this machine. → chmod 600 ${PGPASSFILE}`,
    ])
  })
})

async function withoutRights() {
  const { owner, app, role } = await twoRoles()
  await (await openPostgresStore({ url: owner })).close()
  return { app, role }
}

const inOrder: ServerInspection = {
  ...{ version: 16, isEncrypted: true, isPooled: false, isStandby: false, fsync: 'on', synchronousCommit: 'on' },
  ...{ replicas: 1, namesSynchronous: true, clockAhead: 20, role: 'countersign_app', isSuperuser: false },
  ...{ ownsTables: false, lacking: [], maxConnections: 100, usedAtMost: 10 },
}

describe('the server of a database', () => {
  const says = (changes: Partial<ServerInspection>, url = 'postgres://countersign_app@db.example/countersign') =>
    serverSays({ ...inOrder, ...changes }, url).map(inShort)

  test('is in order if nothing can be read on the way, lost or changed', () => {
    expect(says({}).filter((line) => !line.startsWith('ok '))).toEqual([])
  })

  test.each<[string, Partial<ServerInspection>, RegExp]>([
    ['no TLS', { isEncrypted: false }, /^warning The connection .* is not encrypted: .*sslmode=verify-full/],
    [
      'synchronous_commit off',
      { synchronousCommit: 'off' },
      /^error synchronous_commit is off .*an approval can be lost/,
    ],
    ['fsync off', { fsync: 'off' }, /^error fsync is off/],
    [
      'replicas that nobody waits for',
      { namesSynchronous: false },
      /^ok Commits do not wait .* a failover can lose the last approvals/,
    ],
    ['replicas that this role does not wait for', { synchronousCommit: 'local' }, /^ok Commits do not wait/],
    ['no replica', { namesSynchronous: false, replicas: 0 }, /^ok No replica is connected: .* the last backup/],
    [
      'a clock ahead',
      { clockAhead: 60_000 },
      /^warning The clock of the database is 60 seconds ahead of this machine's/,
    ],
    ['a clock behind', { clockAhead: -86_400_000 }, /^warning .* 86400 seconds behind this machine's/],
    [
      'a superuser',
      { isSuperuser: true },
      /^warning The role countersign_app is a superuser, which is more than .* → Make a role .*migrate -- --grant-to ROLE"/,
    ],
    [
      'an owner',
      { ownsTables: true },
      /^warning The role countersign_app owns the tables, which is more than .* → Make/,
    ],
    ['few connections', { maxConnections: 15 }, /^warning Each process .* at most 10 .* allows 15 in all/],
  ])('is told about: %s', (_, changes, line) => {
    expect(says(changes)).toContainEqual(expect.stringMatching(line))
  })

  test.each(['127.0.0.1', 'localhost', '[::1]'])('needs no TLS on %s', (host) => {
    const [first] = says({ isEncrypted: false }, `postgres://countersign_app@${host}/countersign`)
    expect(first).toBe('ok The connection to the database is not encrypted, and does not leave this machine.')
  })
})
