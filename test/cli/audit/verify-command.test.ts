import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { describe, expect, test } from 'vitest'
import { type AuditKey, type Checkpoint, checkpointOf } from '../../../src/domain/audit/chain.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { historyFile, key, otherKey, secret, historySize as size } from '../../support/audited.ts'
import { rawConnection, temporaryFile } from '../../support/file.ts'
import { fileOfTheFirstRelease } from '../../support/first-release.ts'
import { failWrites, pastTheTriggers } from '../../support/tamper.ts'
import { run, verify } from './around.ts'

/** A database with a history, its settings, and checkpoints taken of it. */
async function written(withKey: AuditKey = key) {
  const { path, checkpoints } = await historyFile(withKey)
  return { path, checkpoints, env: { COUNTERSIGN_DB: path, AUDIT_KEY: secret } }
}

function fileOf(checkpoints: readonly Checkpoint[]): string {
  const path = temporaryFile('anchors.ndjson')
  const at = '2026-06-01T09:00:00.000Z'
  writeFileSync(path, `${checkpoints.map((one) => JSON.stringify({ at, change: 1, ...one })).join('\n')}\n\n  \n  `)
  return path
}

function tampered(path: string): void {
  const db = rawConnection(path)
  pastTheTriggers(db, () => db.exec(`update audit_events set actor = 'U0NOBODY' where seq = 6`))
}

function lastEntry(path: string) {
  return rawConnection(path).prepare('select seq, actor, type, body from audit_events order by seq desc limit 1').get()
}

describe('countersign audit verify', () => {
  test('says that a log is intact, and that only an anchor can tell if it is complete', async () => {
    const { env, checkpoints } = await written()
    const { code, out, err } = await verify({}, env)
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('intact: yes\ncomplete: not known without an anchor')
    expect(out).toContain(`${size} entries; the hash of the last is ${checkpoints.at(-1)!.head}.`)
    expect(out).toContain(`${size} with a key, 0 without one, 0 from before the log was chained.`)
  })

  test('checks it against anchors in files', async () => {
    const { env, checkpoints } = await written()
    const anchors = [fileOf(checkpoints.slice(0, 1)), fileOf(checkpoints.slice(1))]
    const { code, out } = await verify({ anchors }, env)
    expect([code, out]).toEqual([0, expect.stringContaining('intact: yes\ncomplete: yes\n')])
    expect(out).toContain('Checked against 3 anchors.')
  })

  test('names the first wrong entry, and ends with 1', async () => {
    const { env, path } = await written()
    tampered(path)
    const { code, out } = await verify({}, env)
    expect([code, out]).toEqual([1, expect.stringContaining('intact: no\n  - #6 is not what was written')])
  })

  test('says what is missing if an anchor knew more, and which line of which file says so', async () => {
    const { env, checkpoints } = await written()
    const anchors = fileOf([...checkpoints, checkpointOf(50, 'f'.repeat(64), key)])
    const { code, out } = await verify({ anchors: [anchors] }, env)
    expect(code).toBe(1)
    expect(out).toContain(`complete: no\n  - #21 is the last one, but line 4 of ${anchors} says that there were 50`)
  })

  test('gives all of it to a program', async () => {
    const { env, path } = await written()
    expect(JSON.parse((await verify({ json: true }, env)).out)).toMatchObject({
      exitCode: 0,
      intact: { holds: true, wrong: { count: 0 } },
      complete: { holds: null },
      size,
      counts: { keyed: size },
    })
    tampered(path)
    const { intact, exitCode } = JSON.parse((await verify({ json: true }, env)).out)
    expect([exitCode, intact.wrong.first[0].seq]).toEqual([1, 6])
  })

  test('knows the earlier keys', async () => {
    const { path } = await written(otherKey)
    const store = openStore(path, undefined, key, [otherKey])
    await store.note({ type: 'started', version: '1' }, 'app', null)
    store.close()
    const env = { COUNTERSIGN_DB: path, AUDIT_KEY: secret }
    expect(await verify({}, env)).toMatchObject({ code: 2, out: expect.stringContaining(`the key ${otherKey.id}`) })
    expect(lastEntry(path)).toMatchObject({ type: 'started' })
    const earlier = temporaryFile('earlier-keys')
    writeFileSync(earlier, `a key from even before that, long enough for one\n${otherKey.secret}\n`)
    expect(await verify({}, { ...env, AUDIT_KEY_PREVIOUS_FILE: earlier })).toMatchObject({ code: 0 })
    expect(await verify({}, { ...env, AUDIT_KEY_PREVIOUS: otherKey.secret })).toMatchObject({ code: 0 })
  })

  test('without a key checks a log without one, and says what that is worth', async () => {
    const { path } = await written(null)
    const { code, out } = await verify({}, { COUNTERSIGN_DB: path })
    expect(code).toBe(0)
    expect(out).toContain(
      '21 were written without a key: whoever could write to the database at that time could have rewritten them.',
    )
  })

  test.each<[string, (path: string) => object, RegExp]>([
    ['there is no key', (path) => ({ COUNTERSIGN_DB: path }), /AUDIT_KEY/],
    ['the key is too short', (path) => ({ COUNTERSIGN_DB: path, AUDIT_KEY: 'short' }), /AUDIT_KEY is shorter than/],
    [
      'there is no file',
      (path) => ({ COUNTERSIGN_DB: `${path}.gone`, AUDIT_KEY: secret }),
      /\.gone does not exist: set COUNTERSIGN_DB as for the app\. Nothing was checked/,
    ],
    [
      'the file is no database',
      () => ({ COUNTERSIGN_DB: 'package.json', AUDIT_KEY: secret }),
      /package\.json can't be/,
    ],
  ])('ends with 2 when %s', async (_, settings, words) => {
    const { path } = await written()
    const { code, out, err } = await verify({}, settings(path) as Record<string, string>)
    expect([code, out + err]).toEqual([2, expect.stringMatching(words)])
    expect(existsSync(`${path}.gone`)).toBe(false)
  })

  test('ends with 2 for a database of another version or make, which it leaves as it is', async () => {
    const { env } = await written()
    const first = temporaryFile('first.db')
    fileOfTheFirstRelease(first).close()
    const newer = temporaryFile('newer.db')
    openStore(newer).close()
    rawConnection(newer).exec('update __drizzle_migrations set created_at = created_at * 2')
    const other = temporaryFile('other.db')
    rawConnection(other).exec('create table audit_events (seq integer)')
    for (const [db, words] of [
      [first, /is from an older Countersign/],
      [newer, /was written by a newer Countersign/],
      [other, /is from an older Countersign, or from another program/],
    ] as const) {
      const before = readFileSync(db)
      expect(await verify({ db }, env)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(words) })
      expect(readFileSync(db).equals(before)).toBe(true)
    }
  })

  test('ends with 2 for anchors that are not anchors, or cannot be read', async () => {
    const { env, path } = await written()
    const anchors = temporaryFile('anchors.ndjson')
    writeFileSync(anchors, '{"size":1}\n')
    expect(await verify({ anchors: [anchors] }, env)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/line 1 of .* is not an anchor/),
    })
    expect(await verify({ anchors: [`${path}.gone`] }, env)).toMatchObject({
      code: 2,
      err: expect.stringMatching('gone'),
    })
    writeFileSync(anchors, JSON.stringify(checkpointOf(size, 'f'.repeat(64), otherKey)))
    expect(await verify({ anchors: [anchors] }, env)).toMatchObject({
      code: 2,
      out: expect.stringMatching(/complete: not known\n {2}- line 1 of .* may be made up/),
    })
  })

  test('works on the file of an app that runs, as it is at that moment', async () => {
    const { env, path } = await written()
    const store = openStore(path, undefined, key)
    await store.note({ type: 'started', version: '1' }, 'app', null)
    expect(await verify({ json: true }, env)).toMatchObject({ code: 0, out: expect.stringContaining('"size": 22') })
    await store.note({ type: 'stopped' }, 'app', null)
    store.close()
    expect(await verify({}, env)).toMatchObject({ code: 0 })
  })
})

describe('verifying is recorded in the log', () => {
  test('with its outcome, and who asked for it', async () => {
    const { env, path, checkpoints } = await written()
    await verify({}, env)
    expect(lastEntry(path)).toMatchObject({ seq: 22, type: 'log_verified', actor: `operator:${userInfo().username}` })
    const { body } = lastEntry(path) as { body: string }
    expect(JSON.parse(body)).toEqual({ intact: true, complete: null, size, head: checkpoints.at(-1)!.head })
    expect(await verify({}, env)).toMatchObject({ code: 0 })
    tampered(path)
    await verify({}, env)
    expect(lastEntry(path)).toMatchObject({ body: expect.stringContaining('"intact":false') })
  })

  test("but not in another file than the app's", async () => {
    const { env, path } = await written()
    const copy = temporaryFile('copy.db')
    copyFileSync(path, copy)
    const before = readFileSync(copy)
    expect(await verify({ db: copy }, env)).toMatchObject({ code: 0, err: '' })
    expect(readFileSync(copy).equals(before)).toBe(true)
    expect(lastEntry(path)).toMatchObject({ seq: size })
  })

  test('and never after an entry without the key, which that would cover up', async () => {
    const { path, env } = await written(null)
    for (const _ of [1, 2])
      expect(await verify({}, env)).toMatchObject({
        code: 1,
        err: expect.stringContaining('was not recorded in the log'),
      })
    expect(lastEntry(path)).toMatchObject({ seq: size })
  })

  test('and says so if it cannot be, which does not affect the outcome', async () => {
    const { env } = await written()
    failWrites('insert into "audit_events"', { message: 'the disk is full' })
    expect(await verify({}, env)).toEqual({
      code: 0,
      out: expect.stringContaining('intact: yes'),
      err: 'This could not be recorded in the log: the disk is full',
    })
  })
})

describe('on the command line', () => {
  test('it ends with 0 when all is well, 1 when it is not, 2 when it could not be looked at', async () => {
    const { env, path, checkpoints } = await written()
    const anchors = ['--anchors', fileOf(checkpoints.slice(0, 1)), '--anchors', fileOf(checkpoints.slice(1))]
    expect(await run(['verify', ...anchors], env)).toMatchObject({
      code: 0,
      out: expect.stringMatching('complete: yes'),
    })
    const copy = temporaryFile('copy.db')
    copyFileSync(path, copy)
    tampered(copy)
    expect(await run(['verify', '--db', copy, '--json'], env)).toMatchObject({
      code: 1,
      out: expect.stringMatching('#?6'),
    })
    expect(await run(['verify', '--db', `${path}.gone`], env)).toMatchObject({ code: 2, out: '' })
    expect(await run(['verify', '--bd', copy], env)).toMatchObject({ code: 2, out: '' })
  })
})
