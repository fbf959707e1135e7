import { execFile, spawn } from 'node:child_process'
import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { backUp } from '../../../src/cli/backup/backup.ts'
import { restore } from '../../../src/cli/backup/restore.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { historyFile, key, secret, historySize as size } from '../../support/audited.ts'
import { rawConnection, temporaryFile } from '../../support/file.ts'
import { bundled, runCommand } from '../../support/process.ts'
import { filesOf, releasedKey, releases } from '../../support/released.ts'
import { pastTheTriggers } from '../../support/tamper.ts'
import { listening, verify } from '../audit/around.ts'

const files = (path: string) => readdirSync(dirname(path)).sort()

async function history() {
  const { path, checkpoints } = await historyFile()
  const env = { COUNTERSIGN_DB: path, AUDIT_KEY: secret }
  const anchors = temporaryFile('anchors.ndjson')
  const at = '1970-01-01T00:00:00.000Z'
  writeFileSync(anchors, checkpoints.map((one) => `${JSON.stringify({ at, change: null, ...one })}\n`).join(''))
  return { path, env, anchors, file: temporaryFile('kept.db') }
}

type Env = Awaited<ReturnType<typeof history>>['env']

async function backs(env: Env, file: string) {
  const { around, said } = listening(env)
  return { code: await backUp(file, around), ...said() }
}

async function restores(env: Env, file: string, anchors: string[] = [], now?: () => Date) {
  const { around, said } = listening(env)
  return { code: await restore(file, { anchors }, { ...around, ...(now && { now }) }), ...said() }
}

/** The errors of a command that may write no longer file than this, in KB: as on a disk that fails. */
async function writingAtMost(kb: number, args: readonly string[], env: Env): Promise<string> {
  const limited = `trap '' XFSZ; ulimit -f ${kb}; exec "$@"`
  const typed = ['-c', limited, 'bash', process.execPath, await bundled(), ...args]
  const failed = promisify(execFile)('bash', typed, { env: { ...process.env, ...env } })
  return failed.then(
    () => 'It worked.',
    ({ stderr }: { stderr: string }) => stderr,
  )
}

/** As the running app does. */
async function opened(path: string) {
  const store = openStore(path, undefined, key)
  await store.note({ type: 'started', version: 'later' }, 'app', null)
  return store
}

describe('countersign backup', () => {
  test('copies all that was recorded while the app has the database open, and verifies the copy', async () => {
    const { path, env, file } = await history()
    const store = await opened(path)
    const { code, out, err } = await backs(env, file)
    store.close()
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain(`${path} was copied to ${file}, which only you can read. The log in the copy:\nintact: yes\n`)
    expect((await verify({ db: file }, env)).out).toContain(`${size + 1} entries`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('overwrites nothing', async () => {
    const { env, file } = await history()
    writeFileSync(file, 'something else')
    const err = `${file} is there already, and is not overwritten. Nothing was done.`
    expect(await backs(env, file)).toEqual({ code: 2, out: '', err })
    expect(readFileSync(file, 'utf8')).toBe('something else')
  })

  test('leaves nothing behind where it cannot write, or if the database cannot be read', async () => {
    const { path, env, file } = await history()
    const nowhere = join(dirname(file), 'nowhere', 'kept.db')
    expect(await backs(env, nowhere)).toMatchObject({
      code: 2,
      err: expect.stringContaining("can't be written: ENOENT"),
    })
    writeFileSync(path, 'no database at all')
    const err = `${path} can't be read as a database (file is not a database). Nothing was done.`
    expect(await backs(env, file)).toEqual({ code: 2, out: '', err })
    expect(existsSync(file)).toBe(false)
  })

  test('says in words that there is no place to read the database, or no room for the copy', async () => {
    const { path, env, file } = await history()
    expect(await runCommand(['backup', file], { ...env, TMPDIR: join(dirname(file), 'nowhere') })).toEqual({
      ...{ code: 2, out: '' },
      err: expect.stringMatching(
        /^.* can't be read: it could not be copied to .*nowhere.*ENOENT.*Nothing was done\.\n$/,
      ),
    })
    const store = await opened(path)
    const full = await writingAtMost(64, ['backup', file], env)
    store.close()
    expect(full).toMatch(/^.* could not be copied to .*kept\.db: there, the disk failed\. Nothing was done\.\n$/)
    expect(existsSync(file)).toBe(false)
  })

  test('says so, with 1, if the log that it copied is not intact', async () => {
    const { path, env, file } = await history()
    const db = rawConnection(path)
    pastTheTriggers(db, () => db.exec("update audit_events set actor = 'x' where seq = 3"))
    expect(await backs(env, file)).toMatchObject({ code: 1, out: expect.stringContaining('intact: no\n  - #3 ') })
  })
})

describe('countersign restore', () => {
  test('puts a backup in place, keeps what was there, takes approvals back, and says what the anchors know', async () => {
    const { path, env, file, anchors } = await history()
    await backs(env, file)
    const store = await opened(path)
    const { size: gone, head, ...rest } = await store.checkpoint()
    store.close()
    const at = '1970-01-01T00:00:00.000Z'
    writeFileSync(anchors, `${JSON.stringify({ at, change: null, size: gone, head, ...rest })}\n`, { flag: 'a' })

    const { code, out, err } = await restores(env, file, [anchors])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^.* is that backup now\. The database as it was is at .*\.before-\d{8}T\d{6}Z\.\n/)
    expect(out).toContain('which no longer count, and wait for new ones: #4.')
    expect(out).toContain(`one that ends with #${size}. Entries up to #${gone} had been anchored before that`)
    expect(out).toContain('intact: yes\ncomplete: yes\n')
    const aside = files(path).find((name) => name.includes('.before-'))!
    expect((await verify({ db: join(dirname(path), aside) }, env)).out).toContain(`${gone} entries`)
    expect((await verify({ db: file }, env)).out).toContain(`${size} entries`)
    expect(files(path).filter((name) => name.includes('restoring'))).toEqual([])
  })

  test('twice within a second keeps what was there before each', async () => {
    const { path, env, file } = await history()
    await backs(env, file)
    const store = await opened(path)
    const { size: gone } = await store.checkpoint()
    store.close()
    const now = () => new Date('2026-06-01T09:00:00.000Z')
    for (const _ of ['first', 'second']) expect(await restores(env, file, [], now)).toMatchObject({ code: 0 })
    const kept = files(path).filter((name) => name.includes('.before-'))
    expect(kept).toEqual([
      expect.stringMatching(/before-20260601T090000Z$/),
      expect.stringMatching(/before-20260601T090000Z-2$/),
    ])
    expect((await verify({ db: join(dirname(path), kept[0]!) }, env)).out).toContain(`${gone} entries`)
  })

  test('is refused while the app has the database open, and changes nothing', async () => {
    const { path, env, file } = await history()
    await backs(env, file)
    const store = await opened(path)
    const before = files(path)
    const { code, err } = await restores(env, file)
    expect([code, err]).toEqual([2, expect.stringContaining('is open in another process')])
    expect(files(path)).toEqual(before)
    store.close()
    expect((await verify({}, env)).out).toContain(`${size + 1} entries`)
  })

  test('takes away what an earlier database left beside its name, so that none of it is read into the backup', async () => {
    const { path, env, file } = await history()
    await backs(env, file)
    writeFileSync(path, 'damaged')
    writeFileSync(`${path}-wal`, 'of the old one')
    writeFileSync(`${path}-shm`, 'of the old one')
    expect(await restores(env, file)).toMatchObject({ code: 0, err: '' })
    const name = basename(path)
    expect(files(path).filter((file) => file.startsWith(`${name}-`))).toEqual([])
    const [aside] = files(path).filter((file) => file.startsWith(`${name}.before-`))
    expect(readFileSync(join(dirname(path), aside!), 'utf8')).toBe('damaged')
  })

  test.skipIf(process.getuid?.() !== 0)(
    'put back by root, belongs to the user that the one before belonged to',
    async () => {
      const { path, env, file } = await history()
      await backs(env, file)
      chownSync(path, 12_345, 12_346)
      expect(await restores(env, file)).toMatchObject({ code: 0 })
      expect(statSync(path)).toMatchObject({ uid: 12_345, gid: 12_346 })
    },
  )

  test('works where there is no database any more', async () => {
    const { path, env, file } = await history()
    const elsewhere = { ...env, COUNTERSIGN_DB: join(dirname(path), 'new.db') }
    await backs(env, file)
    const { code, out } = await restores(elsewhere, file)
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/new\.db is that backup now\. There was no database before\.\n/),
    ])
  })

  test('is refused for a backup whose log is not intact, which names the first thing that is wrong', async () => {
    const { path, env, file } = await history()
    await backs(env, file)
    const db = rawConnection(file)
    pastTheTriggers(db, () => db.exec("update audit_events set actor = 'x' where seq = 3"))
    db.close()
    const before = readFileSync(path)
    const { code, err } = await restores(env, file)
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/has a log that is not intact \(#3 .*\): .*Nothing was done\.$/),
    ])
    expect(readFileSync(path)).toEqual(before)
    expect(files(path).filter((name) => name.includes('restoring'))).toEqual([])
  })

  test('leaves a link to the database, and puts the backup where it leads, also if nothing is there any more', async () => {
    const { path, env, file } = await history()
    await backs(env, file)
    const disk = join(dirname(path), 'disk')
    mkdirSync(disk)
    const place = join(disk, 'countersign.db')
    renameSync(path, place)
    symlinkSync('disk/countersign.db', path)
    expect(await restores(env, file)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`${place} is that backup now.`),
    })
    expect(readdirSync(disk)).toEqual(['countersign.db', expect.stringContaining('countersign.db.before-')])
    rmSync(place)
    expect(await restores(env, file)).toMatchObject({ code: 0, out: expect.stringContaining('There was no database') })
    expect(readlinkSync(path)).toBe('disk/countersign.db')
    expect(existsSync(place)).toBe(true)
  })

  test('takes away what a restore that was killed has left, and nothing of one that is at work', async () => {
    const { path, env, file } = await history()
    await backs(env, file)
    const other = spawn('sleep', ['600'])
    const copy = `${path}.restoring-${other.pid}`
    for (const end of ['', '-wal']) writeFileSync(`${copy}${end}`, 'under way')
    expect(await restores(env, file)).toMatchObject({ code: 0 })
    expect(readFileSync(copy, 'utf8')).toBe('under way')
    const ended = new Promise((resolve) => other.once('exit', resolve))
    other.kill()
    await ended
    expect(await restores(env, file)).toMatchObject({ code: 0 })
    expect(files(path).filter((name) => name.includes('restoring'))).toEqual([])
  })

  test('is refused for what can be no backup, and keeps the database and that file', async () => {
    const { path, env, file } = await history()
    const left = `${path}.restoring-12`
    await backs(env, left)
    writeFileSync(file, '')
    const nothing = temporaryFile('nothing.db')
    rawConnection(nothing).exec('vacuum')
    const newer = temporaryFile('newer.db')
    await backs(env, newer)
    const raw = rawConnection(newer)
    raw.exec("insert into __drizzle_migrations (hash, created_at) values ('', 99999999999999)")
    const before = readFileSync(path)
    for (const [given, why] of [
      [left, / was left by a restore that was cut off: give the backup itself\. Nothing was done\.$/],
      [file, / is not a backup: it is empty\. Nothing was done\.$/],
      [nothing, /nothing\.db is not a backup: Countersign has recorded nothing in it\. Nothing was done\.$/],
      [newer, /newer\.db was written by a newer Countersign: put it back with that version\. Nothing was done\.$/],
      [dirname(file), / can't be read: .*EISDIR.*Nothing was done\.$/],
    ] as const) {
      const kept = statSync(given).size
      const { code, out, err } = await restores(env, given)
      expect([code, out, err]).toEqual([2, '', expect.stringMatching(why)])
      expect(err).not.toContain('\n')
      expect(statSync(given).size).toBe(kept)
      expect(readFileSync(path).equals(before)).toBe(true)
    }
  })

  test.each(releases())(
    'is refused for a backup by %s whose log is not intact, as for one of today',
    async (release) => {
      const { path, file } = await history()
      const env = { COUNTERSIGN_DB: path, AUDIT_KEY: releasedKey }
      copyFileSync(filesOf(release).database, file)
      const before = readFileSync(path)
      const raw = rawConnection(file)
      pastTheTriggers(raw, () => raw.exec("update audit_events set actor = 'x' where seq = 3"))
      raw.close()
      const { code, out, err } = await restores(env, file)
      expect([code, out]).toEqual([2, ''])
      expect(err).toMatch(/^.*kept\.db has a log that is not intact \(#3 .*Nothing was done\.$/)
      expect(readFileSync(path).equals(before)).toBe(true)
    },
  )

  test('is refused with the wrong key, and for a file that is not there', async () => {
    const { env, file } = await history()
    await backs(env, file)
    const other = { ...env, AUDIT_KEY: 'another secret that has thirty-two characters' }
    expect(await restores(other, file)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^[^.]*kept\.db .*AUDIT_KEY/),
    })
    const missing = `${file}-that-is-not-there`
    const err = `${missing} does not exist. Nothing was done.`
    expect(await restores(env, missing)).toEqual({ code: 2, out: '', err })
  })
})
