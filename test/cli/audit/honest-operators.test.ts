import { appendFileSync, copyFileSync, rmSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { anchorsIn, requireBorneOut } from '../../../src/app/anchored.ts'
import { putBack } from '../../../src/cli/audit/put-back.ts'
import { type AuditKey, auditKey } from '../../../src/domain/audit/chain.ts'
import type { Keys } from '../../../src/domain/audit/chain-check.ts'
import { contradictedIn } from '../../../src/storage/sqlite/contradicted.ts'
import { recordPutBack } from '../../../src/storage/sqlite/put-back.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { emptyDatabase, temporaryFile } from '../../support/file.ts'
import { leavesKey, listening, verify } from './around.ts'

const secrets = {
  first: 'the key of the first year, which is long enough',
  second: 'the key of the second year, long enough',
}
const first = auditKey(secrets.first)!
const second = auditKey(secrets.second)!
const third = auditKey('the key of the third year, which is long enough')!

type Given = { readonly current: AuditKey; readonly earlier?: readonly NonNullable<AuditKey>[] }

/** A host that keeps anchors in a file, as the app and its commands find it. */
function host() {
  const [database, file] = [emptyDatabase(), temporaryFile('anchors.ndjson')]
  let ago = 40 * 86_400_000
  const now = () => new Date(Date.now() - ago)
  const env = ({ current, earlier = [] }: Given) => ({
    COUNTERSIGN_DB: database,
    ...(current && { AUDIT_KEY: current.secret }),
    ...(earlier.length > 0 && { AUDIT_KEY_PREVIOUS: earlier.map(({ secret }) => secret).join('\n') }),
  })
  return { database, file, runs, isPutBack, saysPutBack, now, setBack, leaves, loses, verifies }

  function setBack(ms: number): void {
    ago += ms
  }

  /** Starts and stops the app, which keeps an anchor in between. Throws if it does not start. */
  async function runs({ current, earlier = [] }: Given): Promise<void> {
    const anchored = await anchorsIn(file, (error) => expect.unreachable(String(error)))
    const store = openStore(database, now, current, earlier)
    try {
      await requireBorneOut({ database, anchors: { file } }, anchored, { current, earlier }, now())
      await store.note({ type: 'started', version: '1', oneWayKeys: true }, 'app', null)
      const kept = { at: now().toISOString(), change: null, ...(await store.checkpoint()) }
      appendFileSync(file, `${JSON.stringify(kept)}\n`)
      await store.note({ type: 'stopped' }, 'app', null)
    } finally {
      store.close()
      ago -= 600_000
    }
  }

  /**
   * The app has run since the backup was made, twice or as given; then the backup is restored as docs/recovery.md
   * says.
   */
  async function isPutBack(given: Given, meanwhile: readonly Given[] = [given, given]): Promise<void> {
    const backup = `${database}.backup`
    const sqlite = new Sqlite(database)
    await sqlite.backup(backup)
    sqlite.close()
    for (const other of meanwhile) await runs(other)
    takeAway(database)
    copyFileSync(backup, database)
    await saysPutBack(given)
  }

  async function saysPutBack(given: Given): Promise<void> {
    ago = 0
    const { around, said } = listening(env(given))
    expect([await putBack({ anchors: [file] }, around), said().err]).toEqual([0, ''])
    ago = -1_000
  }

  async function leaves(given: Given): Promise<void> {
    expect((await leavesKey(env(given))).code).toBe(0)
  }

  /** Nobody has the key any more. */
  async function loses(): Promise<void> {
    expect((await leavesKey(env({ current: null }), { lost: true })).code).toBe(0)
  }

  async function verifies(given: Given) {
    return (await verify({ anchors: [file] }, env(given))).code
  }
}

describe('with anchors kept in a file, the app starts', () => {
  test('with a first key', async () => {
    const { runs } = host()
    for (const current of [null, null, first, first]) await runs({ current })
  })

  test('with a new key long after another one was left', async () => {
    const { runs, leaves } = host()
    await runs({ current: first })
    await leaves({ current: first })
    for (const current of [null, null, second, second]) await runs({ current, earlier: [first] })
  })

  test('with a new key though a backup was put back under the one before', async () => {
    const { runs, isPutBack, verifies } = host()
    await runs({ current: first })
    await isPutBack({ current: first })
    await runs({ current: first })
    const changed = { current: second, earlier: [first] }
    await runs(changed)
    await runs(changed)
    expect(await verifies(changed)).toBe(0)
  })

  test('after a backup from before two changes of keys was put back, and another change of keys', async () => {
    const { runs, isPutBack, verifies } = host()
    await runs({ current: first })
    const now = { current: third, earlier: [second, first] }
    await isPutBack(now, [{ current: second, earlier: [first] }, now])
    await runs(now)
    expect(await verifies(now)).toBe(0)
    const next = {
      current: auditKey('the key of the fourth year, long enough as well'),
      earlier: [third, second, first],
    }
    await runs(next)
    expect(await verifies(next)).toBe(0)
  })

  test('after a second backup was put back', async () => {
    const { runs, isPutBack, verifies } = host()
    const given = { current: first }
    for (let run = 0; run < 2; run++) await runs(given)
    await isPutBack(given)
    for (let run = 0; run < 3; run++) await runs(given)
    await isPutBack(given)
    await runs(given)
    expect(await verifies(given)).toBe(0)
  })

  test('without a key, or with a first one, though a backup was put back before', async () => {
    const left = host()
    await left.runs({ current: first })
    await left.isPutBack({ current: first })
    await left.leaves({ current: first })
    for (let run = 0; run < 2; run++) await left.runs({ current: null, earlier: [first] })
    const begun = host()
    await begun.runs({ current: null })
    await begun.isPutBack({ current: null })
    for (const current of [null, first, first]) await begun.runs({ current })
  })

  test.each([
    ['without a key', null],
    ['with a new one', second],
  ])(
    '%s after the key was lost under which a backup had been put back, once that was said again',
    async (_, current) => {
      for (const saidWith of new Set([null, current])) {
        const { runs, isPutBack, saysPutBack, loses } = host()
        await runs({ current: first })
        await isPutBack({ current: first })
        await runs({ current: first })
        await loses()
        await saysPutBack({ current: saidWith })
        for (let run = 0; run < 2; run++) await runs({ current })
      }
    },
  )

  test('after a backup was put back long after the key was lost', async () => {
    const { runs, isPutBack, loses } = host()
    await runs({ current: first })
    await loses()
    await runs({ current: null })
    await isPutBack({ current: null })
    for (let run = 0; run < 2; run++) await runs({ current: null })
  })

  test('after a backup from before the first key was put back, and verify does not doubt what was kept without one', async () => {
    const { runs, isPutBack, verifies } = host()
    await runs({ current: null })
    const keyed = { current: first }
    await isPutBack(keyed, [{ current: null }, keyed, keyed])
    for (let run = 0; run < 2; run++) await runs(keyed)
    expect(await verifies(keyed)).toBe(0)
  })

  test('with a clock that was behind for a moment, or is, though a backup was put back', async () => {
    const { runs, isPutBack, setBack, verifies } = host()
    const given = { current: first }
    await runs(given)
    await isPutBack(given)
    setBack(60 * 86_400_000)
    await runs(given)
    setBack(-60 * 86_400_000)
    await runs(given)
    expect(await verifies(given)).toBe(0)
  })
})

describe('nobody can make up that a backup was put back, not even while the key changes,', () => {
  const later = { current: third, earlier: [second, first] }

  test('with a replaced key, and an older file', async () => {
    const { database, file, runs, verifies } = host()
    await runs({ current: first })
    const older = `${database}.older`
    const sqlite = new Sqlite(database)
    await sqlite.backup(older)
    sqlite.close()
    const replaced = { current: second, earlier: [first] }
    for (let run = 0; run < 3; run++) await runs(replaced)
    takeAway(database)
    copyFileSync(older, database)
    await madeUp({ database, file }, { current: first, earlier: [] })

    for (const given of [replaced, later]) {
      await expect(runs(given)).rejects.toThrow('is not the database that the anchors belong to')
      expect(await verifies(given)).toBe(1)
    }
  })

  test('without a key, by rewriting the log', async () => {
    const { database, file, runs, verifies } = host()
    const used = { current: first }
    for (let run = 0; run < 3; run++) await runs(used)
    takeAway(database)
    openStore(database).close()
    await madeUp({ database, file }, { current: null, earlier: [] })

    for (const given of [used, { current: second, earlier: [first] }, { current: null, earlier: [first] }])
      await expect(runs(given)).rejects.toThrow('is not the database that the anchors belong to')
    expect(await verifies(used)).toBe(1)
  })

  async function madeUp({ database, file }: { database: string; file: string }, keys: Keys): Promise<void> {
    const by = { keys, actor: 'operator:root', now: new Date() }
    const anchors = await anchorsIn(file, (error) => expect.unreachable(String(error)))
    recordPutBack(database, { ...by, contradicted: await contradictedIn(database, anchors, keys, by.now) })
  }
})

function takeAway(database: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${database}${suffix}`, { force: true })
}
