import { chownSync, copyFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { verifyEvidence } from '../../../src/cli/audit/verify.ts'
import { auditKey } from '../../../src/domain/audit/chain.ts'
import type { Keys } from '../../../src/domain/audit/chain-check.ts'
import type { Store } from '../../../src/ports/store.ts'
import { tables } from '../../../src/storage/moving.ts'
import { migratePostgres } from '../../../src/storage/postgres/as-owner.ts'
import { openPostgresEvidence } from '../../../src/storage/postgres/evidence.ts'
import { openPostgresStore } from '../../../src/storage/postgres/store.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { rawConnection, temporaryFile } from '../../support/file.ts'
import { fileOfTheFirstRelease } from '../../support/first-release.ts'
import { emptyPostgres, postgresWithTables, rawPostgres } from '../../support/postgres.ts'
import { twoRoles } from '../../support/roles.ts'
import { alice, proposal } from '../../support/world.ts'
import { contentOf, key, moved, moves, releasedFile, releasedPostgres } from './around.ts'

async function openedPostgres(url: string, withKey = key, earlier: Keys['earlier'] = []): Promise<Store> {
  const store = await openPostgresStore({ url, key: withKey, earlier })
  onTestFinished(store.close)
  return store
}

/** The number of the next change, and of its entry. */
async function goesOn(store: Store) {
  const at = new Date().toISOString()
  const { id } = await store.open({ type: 'proposed', at, ...proposal() }, alice, 'view-after-the-move')
  return { id, size: (await store.checkpoint()).size }
}

async function verified(url: string, keys: Keys) {
  const evidence = await openPostgresEvidence(url)
  const found = await verifyEvidence(evidence, keys, null)
  await evidence.close()
  return found
}

test('there and back again, everything that a release left is as it was, row for row', async () => {
  const from = releasedFile()
  const before = contentOf(from)
  expect(Object.entries(before).filter(([, rows]) => rows.length === 0)).toEqual([])
  const back = await moved(await moved(from, await emptyPostgres()), temporaryFile())
  expect(contentOf(back)).toEqual(before)
})

test('says what was moved, and what to do next', async () => {
  const [from, to] = [releasedFile(), await emptyPostgres()]
  const { audit_events: entries, tokens } = contentOf(from)
  const { out } = await moves(from, to)
  expect(out).toContain(
    `Everything in ${from} is in ${to} as well: ${entries!.length} entries, 11 changes, ${tokens!.length} tokens. Each row was read back and compared.`,
  )
  const hash = (entries!.at(-1) as { hash: string }).hash
  expect(out).toContain(`The log verifies at both ends, and ends with #${entries!.length} and the hash ${hash}.`)
  expect(out).toContain(
    `If the app is to run in a role of its own, now run "npm run migrate -- --grant-to ROLE" with COUNTERSIGN_DB set to ${to}, and then set it to the same address with that role. Otherwise, set it to ${to}. Then start the app. Keep ${from} as a record`,
  )
  const back = temporaryFile()
  expect((await moves(to, back)).out).toContain(
    `Now set COUNTERSIGN_DB to ${back}, and start the app. Keep ${to} as a record`,
  )
})

test('once the role of the app is granted its rights, as it says, the app starts in that role', async () => {
  const { owner, app, role } = await twoRoles()
  await moved(releasedFile(), owner)
  await expect(openPostgresStore({ url: app, key })).rejects.toThrow(`--grant-to ${role}`)
  await migratePostgres(owner, role)
  await goesOn(await openedPostgres(app))
})

test('the server knows at once how much is in each table, and which pages everybody sees', async () => {
  const raw = await rawPostgres(await moved(releasedFile(), await emptyPostgres()))
  const { rows } = await raw.query(
    `select relname from pg_stat_user_tables where relname = any($1) and (last_vacuum is null or last_analyze is null)`,
    [tables],
  )
  expect(rows).toEqual([])
})

test('in either database, the log and the numbers of changes go on without a gap', async () => {
  const from = releasedFile()
  const [last] = contentOf(from).audit_events!.slice(-1) as { seq: number }[]
  const url = await moved(from, await emptyPostgres())
  const store = await openedPostgres(url)
  expect(await goesOn(store)).toEqual({ id: 12, size: last!.seq + 1 })
  await store.close()
  const back = openStore(await moved(url, temporaryFile()), undefined, key)
  onTestFinished(back.close)
  const at = new Date().toISOString()
  expect(await back.open({ type: 'proposed', at, ...proposal() }, alice, 'view-back')).toMatchObject({ id: 13 })
  expect(await back.checkpoint()).toMatchObject({ size: last!.seq + 2 })
})

test('forms that people have open are forgotten in the order in which they were saved, as before', async () => {
  const on = await rawPostgres(await releasedPostgres())
  const { rows } = await on.query('select id from drafts order by saved desc limit 3')
  expect(rows.map(({ id }) => id)).toEqual(['m', 'a', 'z'])
})

test('a log keeps its entries from before it was chained, and those of an earlier key', async () => {
  const secrets = { AUDIT_KEY: 'the key of now, which is long enough to be one', AUDIT_KEY_PREVIOUS: 'the one before' }
  const [current, old] = [auditKey(secrets.AUDIT_KEY)!, auditKey(secrets.AUDIT_KEY_PREVIOUS)!]
  const from = temporaryFile()
  const raw = fileOfTheFirstRelease(from)
  const entry = raw.prepare(`insert into audit_events (seq, at, actor, type, body) values (?, ?, 'app', 'started', ?)`)
  for (const seq of [1, 2]) entry.run(seq, `2026-01-0${seq}T00:00:00.000Z`, '{"version":"0.1.0"}')
  raw.close()
  for (const keys of [
    { current: old, earlier: [] },
    { current, earlier: [old] },
  ]) {
    const store = openStore(from, undefined, keys.current, keys.earlier)
    await store.note({ type: 'started', version: '1', oneWayKeys: true }, 'app', null)
    store.close()
  }
  const url = await moved(from, await emptyPostgres(), secrets)
  const store = await openedPostgres(url, current, [old])
  await store.note({ type: 'stopped' }, 'app', null)
  expect(await verified(url, { current, earlier: [old] })).toMatchObject({
    intact: { holds: true },
    size: 5,
    counts: { keyed: 3, keyless: 0, unchained: 2 },
  })
  await store.close()
  const back = contentOf(await moved(url, temporaryFile(), secrets)).audit_events
  expect(back!.slice(0, 4)).toEqual(contentOf(from).audit_events)
})

test('tables that Countersign made in PostgreSQL are used if they are empty', async () => {
  const from = releasedFile()
  const url = await moved(from, await postgresWithTables())
  expect(contentOf(await moved(url, temporaryFile()))).toEqual(contentOf(from))
})

test('the file that everything was moved from stays as it is, byte for byte', async () => {
  const from = releasedFile()
  const files = readdirSync(dirname(from))
  const before = readFileSync(from)
  await moved(from, await emptyPostgres())
  expect(readFileSync(from).equals(before)).toBe(true)
  expect(readdirSync(dirname(from))).toEqual(files)
})

test('the database in PostgreSQL that everything was moved from stays as it is', async () => {
  const from = await releasedPostgres()
  const on = await rawPostgres(from)
  const state = async () => {
    const rows = []
    for (const table of [...tables, 'log_head'])
      rows.push((await on.query(`select ${table}::text, xmin, xmax from ${table} order by 1`)).rows)
    return rows
  }
  const before = await state()
  await moved(from, temporaryFile())
  expect(await state()).toEqual(before)
})

test('what an app that was killed had recorded last is moved as well', async () => {
  const from = releasedFile()
  const store = openStore(from, undefined, key)
  await store.note({ type: 'stopped' }, 'app', null)
  const killed = temporaryFile()
  for (const end of ['', '-wal']) copyFileSync(`${from}${end}`, `${killed}${end}`)
  const { size } = await store.checkpoint()
  await store.close()
  const { out } = await moves(killed, await emptyPostgres())
  expect(out).toContain(`${size} entries`)
})

test('only the user who moved it can read the new file, which has nothing beside it', async () => {
  const to = await moved(await releasedPostgres(), temporaryFile())
  expect(statSync(to).mode & 0o777).toBe(0o600)
  expect(readdirSync(dirname(to))).toEqual(['countersign.db'])
  expect(existsSync(`${to}-wal`)).toBe(false)
  const raw = rawConnection(to)
  expect(raw.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(raw.pragma('user_version', { simple: true }), 'the mark by which its -wal is known').toBeGreaterThan(0)
})

test.skipIf(process.getuid?.() !== 0)(
  'moved by root, the file belongs to the user that its folder belongs to',
  async () => {
    const to = temporaryFile()
    chownSync(dirname(to), 12_345, 12_346)
    await moved(await releasedPostgres(), to)
    expect(statSync(to)).toMatchObject({ uid: 12_345, gid: 12_346 })
  },
)
