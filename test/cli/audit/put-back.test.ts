import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type Sqlite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { anchorsIn, requireBorneOut } from '../../../src/app/anchored.ts'
import { putBack } from '../../../src/cli/audit/put-back.ts'
import { borneOutCheck } from '../../../src/cli/doctor/borne-out.ts'
import { type Attested, type Checkpoint, checkpointOf, entryHash } from '../../../src/domain/audit/chain.ts'
import type { Keys } from '../../../src/domain/audit/chain-check.ts'
import { canonicalJson } from '../../../src/domain/canonical.ts'
import { recordPutBack } from '../../../src/storage/sqlite/put-back.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { historyFile, key, otherKey, secret, historySize as size } from '../../support/audited.ts'
import { databaseBefore, rawConnection, temporaryFile } from '../../support/file.ts'
import { hollow, pastTheTriggers } from '../../support/tamper.ts'
import { alice, proposal } from '../../support/world.ts'
import { listening, verify } from './around.ts'

const longAgo = '1970-01-01T00:00:00.000Z'
const later = '9999-01-01T00:00:00.000Z'

/** A restored backup; the app had gone on for three entries, which were anchored. */
async function backup() {
  const { path, checkpoints } = await historyFile()
  const gone = await goesOn(path, 3)
  await historyFile(key, path)
  const file = temporaryFile('anchors.ndjson')
  keep(file, [...checkpoints, gone])
  return { path, file, env: { COUNTERSIGN_DB: path, AUDIT_KEY: secret } }
}

async function goesOn(path: string, entries: number): Promise<Checkpoint> {
  const store = openStore(path, undefined, key)
  for (let i = 0; i < entries; i++) await store.note({ type: 'started', version: String(i) }, 'app', null)
  const checkpoint = await store.checkpoint()
  store.close()
  return checkpoint
}

function keep(file: string, checkpoints: readonly Checkpoint[], at = longAgo): void {
  writeFileSync(file, checkpoints.map((one) => `${JSON.stringify({ at, change: null, ...one })}\n`).join(''), {
    flag: 'a',
  })
}

async function puts(env: Readonly<Record<string, string>>, anchors?: string[]) {
  const { around, said } = listening(env)
  return { code: await putBack({ ...(anchors && { anchors }) }, around), ...said() }
}

const keys: Keys = { current: key, earlier: [] }

/** The app's complaint about it at its start; null if it would go on. */
async function start(database: string, file: string, { current, earlier }: Keys = keys): Promise<string | null> {
  const anchored = await anchorsIn(file, (error) => expect.unreachable(String(error)))
  try {
    await requireBorneOut({ database, anchors: { file } }, anchored, { current, earlier }, new Date())
    return null
  } catch (error) {
    return (error as Error).message
  }
}

describe('a backup that was put back', () => {
  test('keeps the app from starting beside anchors that know more, until it is recorded; then verify reports it and checks the rest', async () => {
    const { path, file, env } = await backup()
    expect(await start(path, file)).toMatch(
      new RegExp(`line 4 of ${file} has an entry #24 .*Put the right one in its place\\. .*put-back --anchors ${file}`),
    )
    expect((await verify({ anchors: [file] }, env)).code).toBe(1)
    await historyFile(key, path)

    expect(await puts(env, [file])).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/ended with #21.*wait for new ones: #4\./s),
    })
    expect(await start(path, file)).toBeNull()
    for (let run = 0; run < 2; run++) {
      const { code, out } = await verify({ anchors: [file] }, env)
      expect([code, out]).toEqual([0, expect.stringContaining('intact: yes\ncomplete: yes\n')])
      expect(out).toMatch(
        /#22, by operator:.* says that a backup was put back: one that ends with #21\. Entries up to #24 had been anchored before that/,
      )
      expect(out).toContain('Checked against 3 anchors.')
    }
    expect((await verify({}, env)).out).toMatch(/#22, by .*, says that a backup was put back/)
  })

  test('once it is recorded, raises no alarm for an anchor with a key that is no longer at hand either', async () => {
    const { file, env } = await backup()
    keep(file, [checkpointOf(24, 'f'.repeat(64), otherKey)])
    expect((await puts(env, [file])).code).toBe(0)
    expect(await verify({ anchors: [file] }, env)).toMatchObject({
      code: 0,
      out: expect.stringContaining('complete: yes'),
    })
    keep(file, [checkpointOf(24, 'e'.repeat(64), otherKey)], later)
    const { code, out } = await verify({ anchors: [file] }, env)
    expect([code, out]).toEqual([2, expect.stringMatching(/line 6 .*was not made with a key that you have given/)])
  })

  test('is still an alarm once entries are missing that were anchored since', async () => {
    const { path, file, env } = await backup()
    await puts(env, [file])
    keep(file, [checkpointOf(30, 'f'.repeat(64), key)], later)
    expect((await verify({ anchors: [file] }, env)).code).toBe(1)
    expect(await start(path, file)).toContain('line 5')
  })

  test('can be recorded long after, when the log has gone on', async () => {
    const { path, file, env } = await backup()
    await goesOn(path, 30)
    expect(await start(path, file)).toContain('has an entry #24')
    expect((await puts(env, [file])).code).toBe(0)
    expect(await start(path, file)).toBeNull()
    expect(await verify({ anchors: [file] }, env)).toMatchObject({
      code: 0,
      out: expect.stringContaining('Entries up to #24'),
    })
  })

  test('has its approvals taken back and reported, and every open card redrawn', async () => {
    const { path } = await historyFile()
    const store = openStore(path, undefined, key)
    await store.open({ type: 'proposed', at: longAgo, ...proposal({ tokenUid: 't5' }) }, alice, 'view-5')
    const seqOf = async (id: number) => (await store.get(id)).seq
    for (const id of [4, 5]) await store.cardStands(id, { channel: 'C1', ts: `${id}`, seq: await seqOf(id) })
    store.close()

    const said = { code: 0, out: expect.stringContaining('wait for new ones: #4.') }
    expect(await puts({ COUNTERSIGN_DB: path, AUDIT_KEY: secret })).toMatchObject(said)
    const after = openStore(path, undefined, key)
    expect((await after.get(4)).change).toMatchObject({
      status: 'pending',
      approvals: [],
      putBackAt: expect.any(String),
    })
    expect(await after.untoldVoidApprovals(4)).toMatchObject([{ why: expect.stringContaining('put back') }])
    for (const id of [4, 5]) expect((await after.get(id)).card?.seq).toBeLessThan(0)
    expect(await after.doubt((await after.get(4)).change)).toBeNull()
    after.close()
    const { code, out } = await verify({}, { COUNTERSIGN_DB: path, AUDIT_KEY: secret })
    expect([code, out]).toEqual([0, expect.not.stringContaining('had been anchored before that')])
  })

  test('lets nothing be written on earlier approvals that it could not take back either, since their change was hidden', async () => {
    const { path, env } = await backup()
    const state = swapState('{}')
    expect(await puts(env)).toMatchObject({ code: 0, out: expect.stringContaining('No open change had approvals') })
    swapState(state)

    const store = openStore(path, undefined, key)
    const { change } = await store.get(4)
    expect(change.approvals).toHaveLength(1)
    for (let time = 0; time < 2; time++)
      expect(await store.doubt(change)).toBe(
        'it was approved before a backup of the database was put back, and not since',
      )
    store.close()

    function swapState(put: string): string {
      const raw = rawConnection(path)
      const state = raw.prepare<[], string>('select state from change_requests where id = 4').pluck().get()!
      raw.prepare('update change_requests set state = ? where id = 4').run(put)
      raw.close()
      return state
    }
  })

  test('may be from before an upgrade: it is migrated without first writing anything approved in it', async () => {
    const { path, raw } = databaseBefore('_sent_and_missing')
    raw.exec(readFileSync(new URL('../../fixtures/keyed-file-before-0007.sql', import.meta.url), 'utf8'))
    raw.close()
    const env = { COUNTERSIGN_DB: path, AUDIT_KEY: secret }
    const before = readFileSync(path)
    const wrong = { ...env, AUDIT_KEY: `${secret}, or not` }
    expect(await puts(wrong)).toMatchObject({ code: 2, err: expect.stringContaining('Nothing was changed') })
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(await puts(env)).toMatchObject({ code: 0, err: '', out: expect.stringContaining('wait for new ones: #') })
    expect((await verify({}, env)).out).toContain('intact: yes')
  })

  test('may have an index that leaves something out: it is rebuilt, and the log says so', async () => {
    const { path, env } = await backup()
    const raw = rawConnection(path)
    hollow(raw, 'audit_events_by_change', `type <> 'approved'`)
    raw.close()
    expect(await puts(env)).toMatchObject({ code: 0, out: expect.stringContaining('wait for new ones: #4.') })
    const store = openStore(path, undefined, key)
    expect((await store.events()).slice(size, size + 2).map(({ event }) => event.type)).toEqual([
      'schema_put_back',
      'log_put_back',
    ])
    store.close()
  })

  test('is not recorded while the app runs, without the key, or with a missing anchors file', async () => {
    const { path, file, env } = await backup()
    const app = openStore(path, undefined, key)
    expect(await puts(env, [file])).toMatchObject({
      code: 2,
      err: expect.stringContaining('is open in another process'),
    })
    app.close()
    expect(await puts({ COUNTERSIGN_DB: path }, [file])).toMatchObject({
      code: 2,
      err: expect.stringContaining('AUDIT_KEY'),
    })
    expect(await puts(env, [`${file}.gone`])).toMatchObject({ code: 2, err: expect.stringContaining("can't be read") })
    expect((await verify({ db: path }, env)).out).toContain(`${size} entries`)
  })
})

const saysLeft = `update audit_events set type = 'key_left', body = '{}' where seq = 21`

describe('an entry that says that a backup was put back explains nothing at a start', () => {
  /** Forges an entry that says a backup was put back: over an entry already in the log, or behind the last. */
  function claim(
    path: string,
    seq: number,
    attested: (entry: Attested) => { key: string | null; hash: string } | null,
  ): void {
    const raw = rawConnection(path)
    const hashOf = raw.prepare<[number], string>('select hash from audit_events where seq = ?').pluck()
    const body = canonicalJson({ size: 1, head: hashOf.get(1)!, upTo: 1 })
    const entry = {
      seq,
      at: new Date().toISOString(),
      actor: 'operator:root',
      changeId: null,
      type: 'log_put_back',
      body,
    }
    const made = attested({ ...entry, version: 1 }) ?? { key: key!.id, hash: hashOf.get(seq) }
    pastTheTriggers(raw, () =>
      raw
        .prepare('insert or replace into audit_events values (?, ?, ?, ?, ?, ?, ?, ?, ?)')
        .run(seq, entry.at, entry.actor, null, entry.type, body, 1, made.key, made.hash),
    )
    raw.close()
  }

  test('if somebody without a key wrote it over another', async () => {
    const { path, file } = await backup()
    claim(path, 2, () => null)
    expect(await start(path, file)).toContain('has an entry #24')
  })

  test('for anchors that a newer key made, if it was made with a replaced one', async () => {
    const { path, file } = await backup()
    const raw = rawConnection(path)
    const previous = raw.prepare<[], string>('select hash from audit_events where seq = 21').pluck().get()!
    raw.close()
    claim(path, size + 1, (entry) => ({ key: key!.id, hash: entryHash(previous, entry, key) }))
    const changed = { current: otherKey, earlier: [key!] }
    expect(await start(path, file, changed)).toBeNull()
    keep(file, [checkpointOf(30, 'f'.repeat(64), otherKey)])
    expect(await start(path, file, changed)).toContain('has an entry #30')
  })

  test.each([
    ['behind entries with one that nobody has left', () => {}],
    ['behind an entry that only says that it was left', (raw: Sqlite.Database) => raw.exec(saysLeft)],
  ])('without a key, %s', async (_, forge) => {
    const { path, file } = await backup()
    const raw = rawConnection(path)
    pastTheTriggers(raw, () => forge(raw))
    const previous = raw.prepare<[], string>('select hash from audit_events where seq = 21').pluck().get()!
    raw.close()
    claim(path, size + 1, (entry) => ({ key: null, hash: entryHash(previous, entry, null) }))
    expect(await start(path, file)).toContain('has an entry #24')
    expect(await start(path, file, { current: null, earlier: [key!] })).toContain('has an entry #24')
  })
})

test.each([['the hash that was anchored'], ['no hash']])(
  'entries that anybody can add, with %s, do not pass for those that were anchored',
  async (what) => {
    const { path, file } = await backup()
    const raw = rawConnection(path)
    const add = raw.prepare('insert into audit_events values (?, ?, ?, null, ?, ?, 1, ?, ?)')
    for (const seq of [22, 23, 24])
      add.run(
        seq,
        longAgo,
        'app',
        'started',
        '{"version":"1"}',
        key!.id,
        what === 'no hash' ? null : hashAnchored(file),
      )
    raw.close()
    expect(await start(path, file)).toContain('has an entry #24')
  },
)

function hashAnchored(file: string): string {
  return JSON.parse(readFileSync(file, 'utf8').trim().split('\n').at(-1)!).head
}

test('anchors of a newer key keep a host from starting that was put back with its settings', async () => {
  const { path, env } = await backup()
  const file = temporaryFile('anchors.ndjson')
  keep(file, [checkpointOf(24, 'f'.repeat(64), otherKey)])
  expect(await start(path, file)).toMatch(
    /has an entry #24 .*made with a key that you have not given.*AUDIT_KEY_PREVIOUS/,
  )
  expect((await puts(env, [file])).code).toBe(0)
  expect(await start(path, file)).toBeNull()
})

test('recorded by a clock that was ahead, it explains no anchor that was kept after a later entry', async () => {
  const { path } = await historyFile()
  const [ahead, right] = [new Date('1999-06-01T10:00:00.000Z'), new Date('1999-06-01T09:00:00.000Z')]
  recordPutBack(path, { keys, actor: 'operator:root', now: ahead, contradicted: [] })
  const store = openStore(path, () => right, key)
  await store.note({ type: 'started', version: '1' }, 'app', null)
  store.close()
  const file = temporaryFile('anchors.ndjson')
  const gone = checkpointOf(40, 'f'.repeat(64), key)
  keep(file, [gone], right.toISOString())
  expect(await start(path, file)).toBeNull()
  keep(file, [gone], '1999-06-01T09:30:00.000Z')
  expect(await start(path, file)).toContain('has an entry #40')
})

test('if the only anchors went with the backup, the log says so, and not that none was given', async () => {
  const { path } = await historyFile()
  const gone = await goesOn(path, 3)
  await historyFile(key, path)
  const file = temporaryFile('anchors.ndjson')
  keep(file, [gone])
  const env = { COUNTERSIGN_DB: path, AUDIT_KEY: secret }
  await puts(env, [file])
  expect((await verify({ anchors: [file] }, env)).out).toContain('complete: not known: every given anchor is')
  expect((await verify({}, env)).out).toContain('complete: not known without an anchor')
})

test('half a line among the anchors keeps neither the app from starting nor a backup from being recorded', async () => {
  const { path, file, env } = await backup()
  writeFileSync(file, '{"at":"1970', { flag: 'a' })
  expect(await start(path, file)).toContain('#24')
  expect((await puts(env, [file])).code).toBe(0)
  expect(await start(path, file)).toBeNull()
})

test('an unreadable file of anchors keeps the app from nothing, and is reported at the start and by the doctor', async () => {
  const [database, file] = [temporaryFile(), temporaryFile('anchors.ndjson')]
  mkdirSync(file)
  const told: unknown[] = []
  expect(await anchorsIn(file, (error) => told.push(error))).toEqual([])
  expect(told).toEqual([expect.objectContaining({ message: expect.stringContaining("can't be read") })])
  const { look } = borneOutCheck({ database, file, keys: { current: key, earlier: [] }, inspection: async () => null })
  const says = expect.stringMatching(/^The log was not checked against .*anchors\.ndjson: .*can't be read/)
  expect(await look()).toEqual([{ level: 'warning', says }])
})
