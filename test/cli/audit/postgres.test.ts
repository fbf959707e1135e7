import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { putBack } from '../../../src/cli/audit/put-back.ts'
import { backUp } from '../../../src/cli/backup/backup.ts'
import { restore } from '../../../src/cli/backup/restore.ts'
import { cancelChange } from '../../../src/cli/change/cancel.ts'
import { listChanges } from '../../../src/cli/change/list.ts'
import { showChange } from '../../../src/cli/change/show.ts'
import { tellReport } from '../../../src/cli/report/report.ts'
import { tellHistory } from '../../../src/cli/token/history.ts'
import { openPostgresStore } from '../../../src/storage/postgres/store.ts'
import { historyInPostgres, key, otherKey, secret, historySize as size } from '../../support/audited.ts'
import { temporaryFile } from '../../support/file.ts'
import { freePort } from '../../support/port.ts'
import { emptyPostgres, postgresWithTables, rawPostgres } from '../../support/postgres.ts'
import { runCommand } from '../../support/process.ts'
import { twoRoles } from '../../support/roles.ts'
import { atTerminalOf } from '../../support/terminal.ts'
import { exported, leavesKey, listening, verify } from './around.ts'

type Environment = Readonly<Record<string, string>>

async function history() {
  const url = await postgresWithTables()
  const checkpoints = await historyInPostgres(url)
  return { url, checkpoints, env: { COUNTERSIGN_DB: url, AUDIT_KEY: secret } }
}

const open = (url: string, withKey: typeof key | null = key) => openPostgresStore({ url, key: withKey })

async function lastOf(url: string) {
  const { rows } = await (await rawPostgres(url)).query(
    'select seq, actor, type, key from audit_events order by seq desc limit 1',
  )
  return rows[0]
}

/** The last checkpoint of a log that began in the same way and went on for three entries. */
async function goneOn() {
  const { url } = await history()
  const store = await open(url)
  for (let i = 0; i < 3; i++) await store.note({ type: 'started', version: String(i) }, 'app', null)
  const checkpoint = await store.checkpoint()
  await store.close()
  return checkpoint
}

async function puts(env: Environment, anchors?: string[]) {
  const { around, said } = listening(env)
  return { code: await putBack({ ...(anchors && { anchors }) }, around), ...said() }
}

describe('the log in a PostgreSQL database', () => {
  test('is verified, also with anchors and as another database, and what was altered is found', async () => {
    const { url, checkpoints, env } = await history()
    const anchors = temporaryFile('anchors.ndjson')
    const at = '2026-06-01T12:00:00.000Z'
    writeFileSync(anchors, checkpoints.map((one) => `${JSON.stringify({ at, change: null, ...one })}\n`).join(''))
    const { code, out, err } = await verify({ anchors: [anchors] }, env)
    expect([code, err, out]).toEqual([0, '', expect.stringContaining('intact: yes\ncomplete: yes\n')])
    expect(await lastOf(url)).toMatchObject({ seq: size + 1, type: 'log_verified' })
    expect(await verify({ db: url }, { AUDIT_KEY: secret })).toMatchObject({ code: 0, err: '' })
    expect(await lastOf(url)).toMatchObject({ seq: size + 1 })
    await (await rawPostgres(url)).query(
      `alter table audit_events disable trigger all; update audit_events set actor = 'x' where seq = 3;
       alter table audit_events enable trigger all`,
    )
    expect(await verify({}, env)).toMatchObject({ code: 1, out: expect.stringContaining('intact: no\n  - #3 ') })
  })

  test('is exported, and the export verifies; a report is made of it', async () => {
    const { url, env } = await history()
    const { code, written } = await exported({}, env)
    const file = temporaryFile('log.ndjson')
    writeFileSync(file, written)
    expect([code, written.trim().split('\n').length]).toEqual([0, size + 2])
    expect(await lastOf(url)).toMatchObject({ seq: size + 1, type: 'log_exported' })
    expect(await verify({ export: file }, env)).toMatchObject({ code: 0 })
    const { ok, out } = await atTerminalOf(env, (around) =>
      tellReport({ since: '2026-01-01', format: 'csv', db: url }, around),
    )
    expect([ok, out.split('\n').length]).toEqual([true, 2])
  })

  test('is left by its key, or goes on without one that is lost, only while nobody is connected', async () => {
    const { url, env } = await history()
    const store = await open(url)
    await store.openStatuses()
    for (const lost of [false, true])
      expect(await leavesKey(lost ? { COUNTERSIGN_DB: url } : env, { lost })).toEqual({
        ...{ code: 2, out: '' },
        err: `${url} is in use by Countersign, on this machine or another. Stop it everywhere first, then run this again. Nothing was done.`,
      })
    await store.close()
    expect(await leavesKey(env, { lost: true })).toMatchObject({ code: 2, err: expect.stringContaining('is not lost') })
    expect(await leavesKey(env)).toMatchObject({ code: 0, err: '' })
    expect(await lastOf(url)).toMatchObject({
      type: 'key_left',
      key: key.id,
      actor: expect.stringMatching(/^operator:/),
    })
    await (await open(url, null)).close()
    expect(await verify({}, { COUNTERSIGN_DB: url, AUDIT_KEY_PREVIOUS: secret })).toMatchObject({ code: 0 })

    const other = await history()
    const { code, out } = await leavesKey({ COUNTERSIGN_DB: other.url }, { lost: true })
    expect([code, out]).toEqual([0, expect.stringContaining(`nobody has the key ${key.id} any more`)])
    expect(out).not.toMatch(/\bfile\b/)
    expect(await lastOf(other.url)).toMatchObject({ type: 'key_lost', key: null })
    await (await open(other.url, otherKey)).close()
  })
})

describe('a backup in a PostgreSQL database that was put back', () => {
  test('is recorded: approvals no longer count, and verify reports it and what was anchored since', async () => {
    const { url, checkpoints, env } = await history()
    const anchors = temporaryFile('anchors.ndjson')
    const gone = await goneOn()
    const at = '1970-01-01T00:00:00.000Z'
    writeFileSync(
      anchors,
      [...checkpoints, gone].map((one) => `${JSON.stringify({ at, change: null, ...one })}\n`).join(''),
    )
    expect((await verify({ anchors: [anchors] }, { ...env })).code).toBe(1)
    const { rows } = await (await rawPostgres(url)).query('select max(seq)::int as size from audit_events')
    const { code, out, err } = await puts(env, [anchors])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(new RegExp(`ended with #${rows[0].size}\\..*wait for new ones: #4\\.`, 's'))
    expect(await verify({ anchors: [anchors] }, env)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/says that a backup was put back: .* Entries up to #24 had been anchored before that/),
    })
    const store = await open(url)
    const { change, card } = await store.get(4)
    expect([change.status, change.approvals, card]).toEqual(['pending', [], null])
    expect(await store.untoldVoidApprovals(4)).toHaveLength(1)
    await store.close()
  })

  test('is refused while the app runs, with another key, and where there are no tables', async () => {
    const { url, env } = await history()
    const before = await lastOf(url)
    const store = await open(url)
    await store.openStatuses()
    expect(await puts(env)).toMatchObject({ code: 2, err: expect.stringContaining('is in use by Countersign') })
    await store.close()
    const wrong = await puts({ ...env, AUDIT_KEY: otherKey.secret })
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('was not written with AUDIT_KEY') })
    expect(await lastOf(url)).toEqual(before)
    const empty = await emptyPostgres()
    expect(await puts({ ...env, COUNTERSIGN_DB: empty })).toMatchObject({
      code: 2,
      err: expect.stringContaining('has no tables of Countersign'),
    })
  })
})

test('changes in a PostgreSQL database are listed, shown and cancelled at a terminal', async () => {
  const { url, env } = await history()
  const said = async (command: Parameters<typeof atTerminalOf>[1]) => {
    const { ok, out, err } = await atTerminalOf(env, command)
    expect([ok, err]).toEqual([true, ''])
    return out
  }
  expect(await said((around) => listChanges({}, around))).toMatch(/^#4 /m)
  expect(await said((around) => showChange('1', {}, around))).toContain('was applied')
  expect(await said((around) => tellHistory('t1', {}, around))).toContain('#1')
  expect(await said((around) => cancelChange('4', { reason: 'Not needed' }, around))).toContain('#4 was cancelled')
  expect(await lastOf(url)).toMatchObject({ type: 'cancelled', actor: expect.stringMatching(/^operator:/) })
})

test('`backup` and `restore` say how PostgreSQL itself does that, and what to verify', async () => {
  const env = { COUNTERSIGN_DB: 'postgres://countersign@db.example/countersign' }
  const says = async (work: (around: ReturnType<typeof listening>['around']) => Promise<number>) => {
    const { around, said } = listening(env)
    return { code: await work(around), ...said() }
  }
  const kept = await says((around) => backUp('kept.db', around))
  expect(kept).toEqual({
    code: 2,
    out: '',
    err: expect.stringMatching(/pg_dump .*pg_restore .*audit.* verify --db ADDRESS/),
  })
  const back = await says((around) => restore('kept.db', {}, around))
  expect(back).toEqual({
    code: 2,
    out: '',
    err: expect.stringMatching(/pg_restore .*audit.* verify --db .*audit.* put-back/),
  })
})

test('an address with a password is refused for --db, and never shown', async () => {
  const db = 'postgres://me:hush-hush@127.0.0.1/countersign'
  const env = { COUNTERSIGN_DB: 'countersign.db' }
  const report = (around: Parameters<typeof tellReport>[1]) => tellReport({ since: '7d', format: 'csv', db }, around)
  for (const { err } of [await verify({ db }, env), await exported({ db }, env), await atTerminalOf(env, report)])
    expect(err).toMatch(/^--db has a password in it, .*PGPASSWORD.*Nothing was read\.$/)
})

test('a server without TLS is told in words if the address asks for it', async () => {
  const url = `${await postgresWithTables()}?sslmode=verify-full`
  const { code, err } = await verify({}, { COUNTERSIGN_DB: url })
  expect([code, err]).toEqual([2, expect.stringContaining('since its server does not take encrypted connections (')])
})

test('a server that is not there is told in words, with its address', async () => {
  const url = `postgres://countersign@127.0.0.1:${await freePort()}/countersign`
  const env = { COUNTERSIGN_DB: url }
  const why = `Nothing could be read or recorded in ${url}, since the database can't be reached (connect ECONNREFUSED`
  for (const { err } of [
    await verify({}, env),
    await puts(env),
    await atTerminalOf(env, (around) => listChanges({}, around)),
  ])
    expect(err).toContain(why)
})

test('a role that may read nothing is told so by each command that reads the log, which ends', async () => {
  const { owner, app } = await twoRoles()
  await (await openPostgresStore({ url: owner })).close()
  for (const command of [['audit', 'verify'], ['audit', 'export'], ['report']]) {
    const ran = await runCommand(command, { COUNTERSIGN_DB: app })
    expect(ran.err).toContain('the role of Countersign may not do this in the database')
    expect([1, 2]).toContain(ran.code)
  }
})
