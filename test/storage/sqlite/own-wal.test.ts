import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { backUp } from '../../../src/cli/backup/backup.ts'
import { restore } from '../../../src/cli/backup/restore.ts'
import { auditKey } from '../../../src/domain/audit/chain.ts'
import { inspectDatabase } from '../../../src/storage/sqlite/inspect.ts'
import { requireOwnWal } from '../../../src/storage/sqlite/own-wal.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { listening, verify } from '../../cli/audit/around.ts'
import { secret } from '../../support/audited.ts'
import { emptyDatabase, temporaryFile } from '../../support/file.ts'
import { alice, proposal } from '../../support/world.ts'

const key = auditKey(secret)
const at = '2026-06-01T09:00:00.000Z'

/** A database that the app has open. */
function opened(path: string) {
  const store = openStore(path, undefined, key)
  onTestFinished(store.close)
  let asked = 0
  /** As between two rounds of the app. */
  const tidied = async () => {
    await store.tidy()
    await store.tidy()
  }
  return { ...store, tidied, ask: () => store.open({ type: 'proposed', at, ...proposal() }, alice, `view-${++asked}`) }
}

/** The files that its kill would leave. */
function killed(path: string): string {
  const left = temporaryFile()
  for (const end of ['', '-wal', '-shm']) copyFileSync(`${path}${end}`, `${left}${end}`)
  return left
}

async function entries(path: string): Promise<number> {
  const store = openStore(path, undefined, key)
  const { size } = await store.checkpoint()
  store.close()
  return size
}

const contents = (path: string) =>
  readdirSync(dirname(path))
    .sort()
    .map((name) => [name, readFileSync(join(dirname(path), name), 'base64')])

const mine = /-wal was not left by the database that is at .* now: .*Nothing was changed\. Stop Countersign, and move /

describe('a -wal that a killed app left', () => {
  test.each([
    ['before anything was moved into the database', async () => {}],
    ['after all of it was', (app: ReturnType<typeof opened>) => app.tidied()],
    [
      'after some of it was',
      async (app: ReturnType<typeof opened>) => {
        await app.tidied()
        await app.ask()
      },
    ],
    [
      'after many rounds',
      async (app: ReturnType<typeof opened>) => {
        for (let i = 0; i < 5; i++) {
          await app.ask()
          await app.tidied()
          await app.tryToWrite()
        }
        await app.ask()
      },
    ],
  ])('is read into its database: %s', async (_, before) => {
    for (const path of [emptyDatabase(), temporaryFile()]) {
      const app = opened(path)
      await app.ask()
      await before(app)
      const { size } = await app.checkpoint()
      expect(await entries(killed(path))).toBe(size)
    }
  })
})

/** An app, killed some time after its database was copied, and the copy put in place by hand. */
async function replaced(copy: (path: string, to: string) => Promise<unknown>, later: 'at once' | 'tidied') {
  const path = emptyDatabase()
  const app = opened(path)
  await app.ask()
  await app.tidied()
  const kept = temporaryFile('kept.db')
  await copy(path, kept)
  await app.ask()
  if (later === 'tidied') await app.tidied()
  if (later === 'tidied') await app.ask()
  const left = killed(path)
  copyFileSync(kept, left)
  return { left, kept }
}

const copies: [string, 'at once' | 'tidied', (path: string, to: string) => Promise<unknown>][] = [
  ['countersign backup', 'at once', (path, to) => backs(path, to)],
  ['countersign backup', 'tidied', (path, to) => backs(path, to)],
  ['.backup', 'tidied', byHand],
]

const backs = (path: string, to: string) => backUp(to, listening({ COUNTERSIGN_DB: path, AUDIT_KEY: secret }).around)

async function byHand(path: string, to: string): Promise<void> {
  const sqlite = new Sqlite(path, { readonly: true })
  await sqlite.backup(to)
  sqlite.close()
}

describe.each(copies)('beside a copy that %s made, put in place by hand (%s)', (_, later, copy) => {
  test('a start is refused in words, and leaves both as they were', async () => {
    const { left } = await replaced(copy, later)
    const before = contents(left)
    expect(() => openStore(left, undefined, key)).toThrow(mine)
    expect(contents(left)).toEqual(before)
  })

  test('everything that reads or replaces the database says so, and leaves both as they were', async () => {
    const { left, kept } = await replaced(copy, later)
    const before = contents(left)
    const env = { COUNTERSIGN_DB: left, AUDIT_KEY: secret }
    expect(await verify({}, env)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(mine) })
    const { around, said } = listening(env)
    expect(await restore(kept, {}, around)).toBe(2)
    expect(said().err).toMatch(mine)
    await expect(inspectDatabase(left)).rejects.toThrow(mine)
    expect(contents(left)).toEqual(before)
  })

  test('what it says helps', async () => {
    const { left, kept } = await replaced(copy, later)
    for (const end of ['-wal', '-shm']) rmSync(`${left}${end}`)
    expect(await entries(left)).toBe(await entries(kept))
  })
})

describe('the -wal of another database', () => {
  async function another() {
    const path = emptyDatabase()
    const app = opened(path)
    await app.ask()
    await app.tidied()
    await app.ask()
    return { path, left: killed(path) }
  }

  test('beside one, or where there is none, or an empty file, is not read, and stays', async () => {
    const { left } = await another()
    const { path } = await another()
    for (const put of [() => copyFileSync(path, left), () => writeFileSync(left, ''), () => rmSync(left)]) {
      put()
      const before = contents(left)
      expect(() => openStore(left, undefined, key)).toThrow(mine)
      expect(contents(left)).toEqual(before)
    }
  })

  test('made by an earlier version, without a mark, is not read beside another log', async () => {
    const unmarked = async (asked: number) => {
      const path = emptyDatabase()
      const app = opened(path)
      for (let i = 0; i < asked; i++) await app.ask()
      await app.tidied()
      const sqlite = new Sqlite(path)
      sqlite.pragma('user_version = 0')
      sqlite.pragma('wal_checkpoint(truncate)')
      sqlite.exec(`update change_requests set origin = 'other' where id = 1`)
      const left = killed(path)
      sqlite.close()
      return left
    }
    const [one, other] = [await unmarked(2), await unmarked(3)]
    expect(await entries(killed(one))).toBe(2)
    vi.stubEnv('TMPDIR', join(dirname(one), 'nowhere'))
    expect(() => openStore(one, undefined, key)).toThrow(/-wal belongs to .*could not be made in .*nowhere: ENOENT/)
    vi.unstubAllEnvs()
    copyFileSync(`${one}-wal`, `${other}-wal`)
    expect(() => openStore(other, undefined, key)).toThrow(
      /do not make one sound database: .*Stop Countersign, and move /,
    )
  })
})

test('a -wal that holds nothing whole is nothing to tell about', async () => {
  const path = emptyDatabase()
  writeFileSync(`${path}-wal`, 'of something else')
  openStore(path).close()
  expect(existsSync(`${path}-wal`)).toBe(false)
})

test.each([true, false])(
  'a -wal that comes and goes while others open and close the file is no trouble (marked: %s)',
  async (marked) => {
    const path = temporaryFile()
    openStore(path, undefined, key).close()
    const stop = new Int32Array(new SharedArrayBuffer(4))
    const worker = new Worker(new URL('./reopens.ts', import.meta.url), { workerData: { path, stop, marked } })
    const ended = new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject))
    await new Promise((resolve) => worker.once('message', resolve))
    const look = () => {
      try {
        requireOwnWal(path)
        return []
      } catch (error) {
        return [String(error)]
      }
    }
    const failed = Array.from({ length: 1000 }, look).flat()
    Atomics.store(stop, 0, 1)
    await ended
    expect(failed).toEqual([])
  },
)
