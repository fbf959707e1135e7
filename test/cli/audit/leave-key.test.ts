import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { AuditKey } from '../../../src/domain/audit/chain.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { openBesideTheApp } from '../../../src/storage/sqlite/beside-the-app.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { troubleOf } from '../../../src/storage/sqlite/trouble.ts'
import { historyFile, key, otherKey, secret, historySize as size } from '../../support/audited.ts'
import { rawConnection, temporaryFile } from '../../support/file.ts'
import { pastTheTriggers } from '../../support/tamper.ts'
import { exported, leavesKey, run, verify } from './around.ts'

async function keyed() {
  const { path, checkpoints } = await historyFile()
  return { path, checkpoints, env: { COUNTERSIGN_DB: path, AUDIT_KEY: secret } }
}

/** The app starts with this file, does something and stops. */
async function runs(path: string, withKey: AuditKey, earlier: NonNullable<AuditKey>[] = []): Promise<void> {
  const store = openStore(path, undefined, withKey, earlier)
  await store.note({ type: 'stopped' }, 'app', null)
  store.close()
}

const last = (path: string) =>
  rawConnection(path).prepare('select seq, actor, type, key from audit_events order by seq desc limit 1').get()

describe('an app with a wrong AUDIT_KEY, or none', () => {
  test.each<[string, AuditKey, RegExp]>([
    ['none', null, /AUDIT_KEY is not set\. Set it as before/],
    ['another one', otherKey, /was not written with AUDIT_KEY/],
  ])('does not open a log that was written with one: %s', async (_, wrong, words) => {
    const { path } = await keyed()
    const digest = () => createHash('sha256').update(readFileSync(path)).digest('hex')
    const before = digest()
    expect(() => openStore(path, undefined, wrong)).toThrow(Refusal)
    expect(() => openStore(path, undefined, wrong)).toThrow(words)
    expect(() => openBesideTheApp({ path, now: () => new Date(), key: wrong })).toThrow(Refusal)
    expect(digest()).toBe(before)
  })

  test('can still be read at a terminal, and not written to', async () => {
    const { path } = await keyed()
    const store = openBesideTheApp({ path, now: () => new Date() })
    expect(await store.events()).toHaveLength(size)
    await expect(store.note({ type: 'stopped' }, 'app', null)).rejects.toThrow()
    store.close()
    expect(last(path)).toMatchObject({ seq: size })
  })

  test('does not continue what another process has begun to write with another key', async () => {
    const { path } = await historyFile(null)
    const store = openStore(path)
    await store.note({ type: 'stopped' }, 'app', null)
    await runs(path, key)
    const error = await store.note({ type: 'stopped' }, 'app', null).catch((error: unknown) => error)
    expect(troubleOf(error)).toBe('its last entry was written with a key that this process does not have')
    expect(last(path)).toMatchObject({ key: key.id })
    store.close()
  })
})

test('a key is changed by giving the one before, and the first key needs nothing', async () => {
  const { path } = await historyFile(null)
  await runs(path, otherKey)
  await runs(path, key, [otherKey])
  await runs(path, key)
  const env = { COUNTERSIGN_DB: path, AUDIT_KEY: secret, AUDIT_KEY_PREVIOUS: otherKey.secret }
  expect(await verify({}, env)).toMatchObject({ code: 0, out: expect.stringContaining('3 with a key') })
})

describe('countersign audit leave-key', () => {
  test('records with the key that the log goes on without one; then the app starts without it, and verify understands', async () => {
    const { path, checkpoints, env } = await keyed()
    const { code, out } = await leavesKey(env)
    const words = /goes on without a key from here[\s\S]*start it again[\s\S]*AUDIT_KEY_PREVIOUS/
    expect([code, out]).toEqual([0, expect.stringMatching(words)])
    expect(last(path)).toMatchObject({ type: 'key_left', key: key.id, actor: expect.stringMatching(/^operator:/) })
    await runs(path, null)
    await runs(path, null)
    const anchors = temporaryFile('anchors.ndjson')
    writeFileSync(anchors, checkpoints.map((one) => JSON.stringify(one)).join('\n'))
    for (const AUDIT_KEY of ['', secret]) {
      const verified = await verify(
        { anchors: [anchors], db: path },
        { COUNTERSIGN_DB: path, AUDIT_KEY, AUDIT_KEY_PREVIOUS: secret },
      )
      expect(verified).toMatchObject({ code: 0, err: '' })
      expect(verified.out).toMatch(/intact: yes\ncomplete: yes/)
      expect(verified.out).toMatch(/#22, by operator:.*, says that the log goes on without a key from there/)
      expect(verified.out).toContain('2 were written without a key')
    }
  })

  test.each([false, true])(
    'is refused while the app has the file open, and works once it has stopped (lost: %s)',
    async (lost) => {
      const { path, env } = await keyed()
      const settings = lost ? { ...env, AUDIT_KEY: '' } : env
      const app = openStore(path, undefined, key)
      const open = /is open in another process.*Stop it first.*Nothing was done/
      expect(await leavesKey(settings, { lost })).toEqual({ code: 2, out: '', err: expect.stringMatching(open) })
      await app.note({ type: 'stopped' }, 'app', null)
      expect((await app.events()).map(({ event }) => event.type)).not.toContain(lost ? 'key_lost' : 'key_left')
      app.close()
      expect(await leavesKey(settings, { lost })).toMatchObject({ code: 0 })
      await runs(path, null)
      expect(last(path)).toMatchObject({ type: 'stopped', key: null })
    },
  )

  test('so do an export of everything, and one of a part', async () => {
    const { path, env } = await keyed()
    await leavesKey(env)
    await runs(path, null)
    const without = { COUNTERSIGN_DB: path, AUDIT_KEY_PREVIOUS: secret }
    for (const part of [{}, { token: 't1' }, { since: '2100-01-01' }]) {
      const { written } = await exported({ db: path, ...part }, without)
      const file = temporaryFile('export.ndjson')
      writeFileSync(file, written)
      expect(written).toContain('key_left')
      const { out } = await verify({ export: file }, without)
      expect(out).toMatch(/^intact: (yes|can't be told)/)
      expect(out).not.toContain('though entries before it have one')
    }
  })

  test('afterwards a key can be set again, and a later entry without one is an alarm as before', async () => {
    const { path, env } = await keyed()
    await leavesKey(env)
    await runs(path, null)
    await runs(path, otherKey, [key])
    const keys = { COUNTERSIGN_DB: path, AUDIT_KEY: otherKey.secret, AUDIT_KEY_PREVIOUS: secret }
    expect((await verify({ db: path }, keys)).code).toBe(0)
    expect(() => openStore(path)).toThrow(/AUDIT_KEY is not set/)
    rawConnection(path).exec(
      `insert into audit_events (seq, at, actor, type, body, version, hash) select seq + 1, at, actor, type, body, version, hash from audit_events order by seq desc limit 1`,
    )
    expect((await verify({ db: path }, keys)).out).toContain('though entries before it have one')
  })

  test('made up by somebody without the key, is found', async () => {
    const { path, env } = await keyed()
    rawConnection(path).exec(
      `insert into audit_events (seq, at, actor, type, body, version, key, hash) select seq + 1, at, 'operator:x', 'key_left', '{}', version, key, hash from audit_events order by seq desc limit 1`,
    )
    await runs(path, null)
    const { code, out } = await verify({ db: path }, env)
    expect([code, out]).toEqual([1, expect.stringContaining('#22 is not what was written')])
  })

  test.each([
    ['without the key', {}, /only somebody with the key may leave it/],
    ['with another one', { AUDIT_KEY: otherKey.secret }, /written with another AUDIT_KEY/],
  ])('records nothing %s', async (_, given, words) => {
    const { path } = await keyed()
    const { code, err } = await leavesKey({ COUNTERSIGN_DB: path, ...given })
    expect([code, err]).toEqual([2, expect.stringMatching(words)])
    expect(last(path)).toMatchObject({ seq: size })
  })

  test('is a command of its own', async () => {
    const { path } = await keyed()
    expect(await run(['leave-key'], { COUNTERSIGN_DB: path })).toMatchObject({
      code: 2,
      err: expect.stringContaining('AUDIT_KEY is not set'),
    })
  })
})

describe('countersign audit leave-key --lost', () => {
  async function lost(env: Record<string, string> = {}) {
    const { path, checkpoints } = await keyed()
    const without = { COUNTERSIGN_DB: path, ...env }
    return { path, checkpoints, without, said: await leavesKey(without, { lost: true }) }
  }

  test('records that nobody has the key any more, and up to where that matters; then the app starts without it', async () => {
    const { path, without, said } = await lost()
    expect([said.code, said.out]).toEqual([
      0,
      expect.stringMatching(
        new RegExp(
          `nobody has the key ${key.id} any more[\\s\\S]*up to #${size} can no longer be verified[\\s\\S]*a new AUDIT_KEY`,
        ),
      ),
    ])
    expect(last(path)).toMatchObject({ type: 'key_lost', key: null, actor: expect.stringMatching(/^operator:/) })
    await runs(path, null)
    const { code, out } = await verify({ db: path }, without)
    expect(code).toBe(2)
    expect(out).toMatch(/^intact: not known/)
    expect(out).toMatch(new RegExp(`#22, by operator:\\S+, says that nobody has the key ${key.id} any more`))
  })

  test('chains later entries to the earlier ones, with a new key or without', async () => {
    const { path } = await lost()
    await runs(path, null)
    await runs(path, otherKey)
    const keys = { COUNTERSIGN_DB: path, AUDIT_KEY: otherKey.secret }
    expect((await verify({ db: path }, keys)).out).toMatch(/^intact: not known/)
    const raw = rawConnection(path)
    pastTheTriggers(raw, () => raw.exec(`update audit_events set actor = 'mallory' where seq = 23`))
    expect((await verify({ db: path }, keys)).out).toMatch(/^intact: no\n {2}- #23 is not what was written/)
    expect(() => openStore(path)).toThrow(/A lost key/)
  })

  test('does not fool anybody who has the key: for them it is an alarm', async () => {
    const { path } = await lost()
    await runs(path, null)
    const { code, out } = await verify({ db: path }, { COUNTERSIGN_DB: path, AUDIT_KEY_PREVIOUS: secret })
    expect([code, out]).toEqual([
      1,
      expect.stringContaining(`#22 says that the key ${key.id} was lost, but you have given it`),
    ])
  })

  test('is in an export of a part as well', async () => {
    const { path, without } = await lost()
    await runs(path, null)
    const { written } = await exported({ db: path, since: '2100-01-01' }, without)
    expect(written).toContain('key_lost')
  })

  test.each([
    ['a key that is set', { AUDIT_KEY: secret }, /is not lost: it is the one you have set/],
    ['one that is given as an earlier one', { AUDIT_KEY_PREVIOUS: secret }, /is not lost/],
  ])('records nothing of %s', async (_, env, words) => {
    const { path, said } = await lost(env)
    expect([said.code, said.err]).toEqual([2, expect.stringMatching(words)])
    expect(last(path)).toMatchObject({ seq: size })
  })

  test('records nothing where no key is needed, and not twice', async () => {
    const { path, without } = await lost()
    const again = await run(['leave-key', '--lost'], without)
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('there is no key to lose')])
    expect(last(path)).toMatchObject({ seq: size + 1 })
  })

  test('such an entry about another key than the one before it is an alarm', async () => {
    const { path } = await keyed()
    const store = openStore(path, undefined, key)
    await store.note({ type: 'key_lost', key: otherKey.id, upTo: 1 }, 'operator:x', null)
    store.close()
    const { out } = await verify({ db: path }, { COUNTERSIGN_DB: path, AUDIT_KEY: secret })
    expect(out).toContain('#22 says that a key was lost, but not the key of the entry before it')
  })
})
