import { appendFileSync, copyFileSync, rmSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { anchorsIn, requireBorneOut } from '../../src/anchored.ts'
import { putBack } from '../../src/audit/put-back.ts'
import { type AuditKey, auditKey } from '../../src/domain/chain.ts'
import { openStore } from '../../src/storage/store.ts'
import { emptyDatabase, temporaryFile } from '../support/file.ts'
import { leavesKey, listening, verify } from './around.ts'

const secrets = {
  first: 'the key of the first year, which is long enough',
  second: 'the key of the second year, long enough',
}
const first = auditKey(secrets.first)!
const second = auditKey(secrets.second)!
const third = auditKey('the key of the third year, which is long enough')!

type Given = { readonly current: AuditKey; readonly earlier?: readonly NonNullable<AuditKey>[] }

/** A host whose anchors are kept in a file, as the app and its commands find it. */
function host() {
  const [database, file] = [emptyDatabase(), temporaryFile('anchors.ndjson')]
  let ago = 40 * 86_400_000
  const now = () => new Date(Date.now() - ago)
  const env = ({ current, earlier = [] }: Given) => ({
    COUNTERSIGN_DB: database,
    ...(current && { AUDIT_KEY: current.secret }),
    ...(earlier.length > 0 && { AUDIT_KEY_PREVIOUS: earlier.map(({ secret }) => secret).join('\n') }),
  })
  return { database, runs, isPutBack, now, setBack, leaves, verifies }

  function setBack(ms: number): void {
    ago += ms
  }

  /** Starts and stops the app, which keeps an anchor in between. Throws where it does not start. */
  async function runs({ current, earlier = [] }: Given): Promise<void> {
    const anchored = await anchorsIn(file, (error) => expect.unreachable(String(error)))
    const store = openStore(database, now, current, earlier)
    try {
      requireBorneOut({ database, anchors: { file } }, anchored, { current, earlier }, now())
      await store.note({ type: 'started', version: '1', oneWayKeys: true }, 'app', null)
      const kept = { at: now().toISOString(), change: null, ...(await store.checkpoint()) }
      appendFileSync(file, `${JSON.stringify(kept)}\n`)
      await store.note({ type: 'stopped' }, 'app', null)
    } finally {
      store.close()
      ago -= 600_000
    }
  }

  /** The app has run since the backup was made, twice or as is given; it is put back as the README says. */
  async function isPutBack(given: Given, meanwhile: readonly Given[] = [given, given]): Promise<void> {
    const backup = `${database}.backup`
    const sqlite = new Sqlite(database)
    await sqlite.backup(backup)
    sqlite.close()
    for (const other of meanwhile) await runs(other)
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${database}${suffix}`, { force: true })
    copyFileSync(backup, database)
    ago = 0
    const { around, said } = listening(env(given))
    expect([await putBack({ anchors: [file] }, around), said().err]).toEqual([0, ''])
    ago = -1_000
  }

  async function leaves(given: Given): Promise<void> {
    expect((await leavesKey(env(given))).code).toBe(0)
  }

  async function verifies(given: Given) {
    return (await verify({ anchors: [file] }, env(given))).code
  }
}

describe('beside anchors that are kept in a file, the app starts', () => {
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
