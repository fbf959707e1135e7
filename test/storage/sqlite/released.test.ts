import { copyFileSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { verifyDatabase } from '../../../src/cli/audit/verify.ts'
import { restore } from '../../../src/cli/backup/restore.ts'
import { auditKey } from '../../../src/domain/audit/chain.ts'
import { sealOf } from '../../../src/domain/change/seal.ts'
import { openDatabase } from '../../../src/storage/sqlite/database.ts'
import { bringUpToDate } from '../../../src/storage/sqlite/migrating.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { listening } from '../../cli/audit/around.ts'
import { rawConnection, temporaryFile } from '../../support/file.ts'
import { fileOfTheFirstRelease } from '../../support/first-release.ts'
import { filesOf, releasedKey, releases } from '../../support/released.ts'
import { alice, proposal } from '../../support/world.ts'

const key = auditKey(releasedKey)

/**
 * The output of `npm run fixture` when it made the file: the end of its log, and each change with its status, revision
 * and seal.
 */
const known: Record<string, { checkpoint: { size: number; head: string; digest: string }; sealed: unknown[] }> = {
  '0.2.0': {
    checkpoint: {
      size: 46,
      head: '7973beb6f7928b6109c03ee75893e72f11f755766f4e22d1ca9bdd93d0401c8b',
      digest: '494cf6f881dec8511699f647c495c3d5119a4891385a8b739e3017b3483555a7',
    },
    sealed: [
      ['expired', 1, '544e758416e41d9b4feac59c7bdc47adcea0748d84f549570561cd1b7b1961e5'],
      ['applied', 1, '889f041594f6d35ffd25737daab8de1461fdbf4839f8985332be9098268d046b'],
      ['rejected', 1, '5244027b0d33221c43f6ae9468f402707b757f339e50af717f8d7c54bc56fef7'],
      ['cancelled', 1, '73a3a27a6bddb610c177fb74ec2d83433f2425cf10de4d2f840d373df75f4c0c'],
      ['failed', 1, '4bdaefa646a1af936f74111628cf179207173d38bac0e1bc6d1a16e2a45ed32e'],
      ['drifted', 1, '5a7519bb07ade3c02ecb1f4da8df0106b0c68a5be36ca4a82be5017fa096809f'],
      ['drifted', 1, '23dca727f49827495c3de4d36b78797ac9b971e3d8d8afe195cb8d8b819999dc'],
      ['pending', 1, '128e6412c04a8e28564d96dc818faa89d98962e364264636d7715056cd8b5999'],
      ['pending', 2, '4573ffd50a5b852f541b5432ee409f85bce3b49e86eecf94363aff1228d210de'],
      ['applying', 1, '164254924a21515cbd7db75570217078fb0a5363ac1eedfc98e6ad77b1ffcc24'],
      ['approved', 1, '96bf81aabaa3c8dcfaf3b8782c3a415523457ed9a61783bf5338493349671c81'],
    ],
  },
}

test('the contents of every kept file of a release are known', () => {
  expect(Object.keys(known)).toEqual(releases())
})

describe.each(Object.entries(known))('the file that %s left', (release, { checkpoint, sealed }) => {
  test('is intact and complete once it is brought up to date, by a checkpoint from then', async () => {
    const path = copied(release)
    openStore(path, undefined, key).close()
    const anchors = [{ ...checkpoint, from: 'its anchor' }]
    const { intact, complete, counts } = await verifyDatabase(path, { current: key, earlier: [] }, anchors)
    expect({ intact, complete, counts }).toMatchObject({
      intact: { holds: true },
      complete: { holds: true },
      counts: { keyed: checkpoint.size, keyless: 0, unchained: 0 },
    })
  })

  test('has every change in its state, under the same seal', async () => {
    const changes = await opened(release).changes({ most: 99 })
    const read = changes.map(({ change }) => [change.status, change.revision, sealOf(change)])
    expect(read.reverse()).toEqual(sealed)
  })

  test('has approvals that are bound to the current request', async () => {
    const open = await opened(release).openChanges()
    const approved = open.filter(({ change }) => change.approvals.length > 0)
    expect(approved.length).toBeGreaterThan(0)
    for (const { change } of approved)
      for (const { seal } of change.approvals) expect([change.id, seal]).toEqual([change.id, sealOf(change)])
  })

  test('has its cards, tokens, forms and Homes', async () => {
    const store = opened(release)
    const changes = await store.changes({ most: 99 })
    expect(changes.every(({ card }) => card !== null)).toBe(true)
    expect((await store.knownTokens()).map(({ settings }) => settings.name)).toContain('to-draft')
    expect(await store.knownFacts('website')).toMatchObject({ title: 'Website' })
    expect((await store.homes()).map(({ person }) => person)).toEqual(['U0CAROL'])
    expect(drafted(release)).not.toEqual([])
    for (const id of drafted(release)) expect(await store.draft(id)).toMatchObject({ person: 'U0ALICE' })
  })
})

function copied(release: string): string {
  const path = temporaryFile()
  copyFileSync(filesOf(release).database, path)
  return path
}

function opened(release: string) {
  const store = openStore(copied(release), undefined, key)
  onTestFinished(store.close)
  return store
}

/** The ids of the forms that its people have open, or had. */
function drafted(release: string): string[] {
  return rawConnection(copied(release)).prepare<[], string>('select id from drafts').pluck().all()
}

/** A copy of what it stored itself. */
function ofTheFirstRelease(): string {
  const path = temporaryFile()
  const raw = rawConnection(path)
  raw.exec(readFileSync(new URL('../../fixtures/0.1.0.sql', import.meta.url), 'utf8'))
  raw.pragma('journal_mode = WAL')
  raw.close()
  return path
}

describe('the file that 0.1.0 left', () => {
  test('with changes in every state is refused in words by a start and by putting it back, and stays as it is', async () => {
    const path = ofTheFirstRelease()
    const before = readFileSync(path)
    const says =
      /has changes that were stored as 0\.1\.0 stored them.*Nothing was changed: .*set COUNTERSIGN_DB to a new path/
    expect(() => openStore(path, undefined, key)).toThrow(says)
    const { around, said } = listening({ COUNTERSIGN_DB: temporaryFile(), AUDIT_KEY: releasedKey })
    expect(await restore(path, {}, around)).toBe(2)
    expect(said().err).toMatch(says)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('without changes is brought up to date, verifies, and goes on', async () => {
    const path = temporaryFile()
    const old = fileOfTheFirstRelease(path)
    const at = '2026-11-23T19:00:01.000Z'
    old
      .prepare(`insert into audit_events (seq, at, actor, type, body) values (1, ?, 'app', 'started', ?)`)
      .run(at, '{"version":"0.1.0"}')
    old.close()
    const store = openStore(path, undefined, key)
    await store.open({ type: 'proposed', at, ...proposal() }, alice, 'view-1')
    store.close()
    const { intact } = await verifyDatabase(path, { current: key, earlier: [] }, null)
    expect(intact).toMatchObject({ holds: true })
  })
})

test('a migration that makes a table anew keeps every row, and all that refers to it', async () => {
  const path = copied('0.2.0')
  openStore(path, undefined, key).close()
  const folder = dirname(temporaryFile())
  cpSync(new URL('../../../migrations', import.meta.url), folder, { recursive: true })
  const db = openDatabase(path)
  const dump = (table: string) => db.$client.prepare(`select * from ${table} order by 1`).all()
  const kept = ['change_requests', 'audit_events', 'sqlite_sequence']
  const before = kept.map(dump)
  expect(before[0]!.length).toBeGreaterThan(5)
  addMigration(folder, anew(db.$client, 'change_requests'))
  bringUpToDate(db, folder)
  expect(kept.map(dump)).toEqual(before)
  expect(db.$client.pragma('foreign_key_check')).toEqual([])
  expect(db.$client.pragma('foreign_keys', { simple: true })).toBe(1)
  db.$client.close()
})

/** As drizzle-kit writes it. */
function anew(sqlite: Database, table: string): string {
  const made = sqlite.prepare<[string], string>(`select sql from sqlite_schema where tbl_name = ? and sql is not null`)
  const [create, ...indexes] = made.pluck().all(table)
  return [
    'PRAGMA foreign_keys=OFF',
    create!.replace(table, `__new_${table}`),
    `INSERT INTO __new_${table} SELECT * FROM ${table}`,
    `DROP TABLE ${table}`,
    `ALTER TABLE __new_${table} RENAME TO ${table}`,
    'PRAGMA foreign_keys=ON',
    ...indexes,
  ].join(';--> statement-breakpoint\n')
}

function addMigration(folder: string, sql: string): void {
  const file = join(folder, 'meta', '_journal.json')
  const journal = JSON.parse(readFileSync(file, 'utf8'))
  const tag = '9999_anew'
  journal.entries.push({ idx: 9999, version: '6', when: 99999999999999, tag, breakpoints: true })
  writeFileSync(file, JSON.stringify(journal))
  writeFileSync(join(folder, `${tag}.sql`), sql)
}

test.each(['stopped', 'killed'])('a file of the next version, which was %s, is refused and stays as it is', (how) => {
  const path = copied('0.2.0')
  openStore(path, undefined, key).close()
  const next = rawConnection(path)
  next.pragma('wal_autocheckpoint = 0')
  next.exec(`insert into __drizzle_migrations (hash, created_at) values ('of the next version', 99999999999999)`)
  next.exec('create table of_the_next_version (id integer primary key) strict')
  const left = temporaryFile()
  if (how === 'stopped') next.close()
  for (const end of ['', '-wal', '-shm'])
    if (existsSync(`${path}${end}`)) copyFileSync(`${path}${end}`, `${left}${end}`)
  const contents = () =>
    ['', '-wal'].map((end) => existsSync(`${left}${end}`) && readFileSync(`${left}${end}`, 'base64'))
  const before = contents()
  expect(() => openStore(left, undefined, key)).toThrow(/was written by a newer Countersign.*Nothing was changed/)
  expect(contents()).toEqual(before)
})
