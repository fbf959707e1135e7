import { readFileSync, writeFileSync } from 'node:fs'
import { Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { exportAudit } from '../../../src/cli/audit/export.ts'
import type { AuditKey } from '../../../src/domain/audit/chain.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { historyFile, key, otherKey, secret, historySize as size } from '../../support/audited.ts'
import { createClock } from '../../support/clock.ts'
import { emptyDatabase, rawConnection, temporaryFile } from '../../support/file.ts'
import { writeLongLog } from '../../support/long-log.ts'
import { alice, proposal, settings } from '../../support/world.ts'
import { exported, run, verify } from './around.ts'

async function written(withKey: AuditKey = key) {
  const { path, checkpoints } = await historyFile(withKey)
  return { path, checkpoints, env: { COUNTERSIGN_DB: path, AUDIT_KEY: secret } }
}

function saved(text: string): string {
  const path = temporaryFile('export.ndjson')
  writeFileSync(path, text)
  return path
}

const linesOf = (text: string) => text.trimEnd().split('\n')
const auditor = { AUDIT_KEY: secret }

describe('countersign audit export', () => {
  test('writes every entry whole, and the end of the log, a line each', async () => {
    const { env, path, checkpoints } = await written()
    const { code, written: text, err } = await exported({}, env)
    expect([code, err]).toEqual([0, ''])
    const [head, ...rest] = linesOf(text).map((line) => JSON.parse(line))
    expect(head).toEqual({ countersign: 'audit export', format: 1, since: null, token: null })
    expect(rest.pop()).toEqual({ ...checkpoints.at(-1), entries: size })
    const columns = 'seq, at, actor, change_id as changeId, type, body, version, key, hash'
    const rows = rawConnection(path).prepare(`select ${columns} from audit_events where seq <= ${size}`).all()
    expect(rest.map(({ previous: _, ...entry }) => entry)).toEqual(rows)
    expect(rest.slice(1).map(({ previous }) => previous)).toEqual(rest.slice(0, -1).map(({ hash }) => hash))
  })

  test('is recorded in the log', async () => {
    const { env, path } = await written()
    await exported({ format: 'csv' }, env)
    const last = rawConnection(path)
      .prepare(`select type, body from audit_events where seq = ${size + 1}`)
      .get()
    expect(last).toEqual({ type: 'log_exported', body: `{"entries":${size},"format":"csv"}` })
    await exported({ db: path }, env)
    expect(rawConnection(path).prepare('select max(seq) from audit_events').pluck().get()).toBe(size + 1)
  })

  test('can be verified without the database', async () => {
    const { env, checkpoints } = await written()
    const path = saved((await exported({}, env)).written)
    const anchors = [saved(checkpoints.map((one) => JSON.stringify(one)).join('\n'))]
    const { code, out, err } = await verify({ export: path, anchors }, auditor)
    expect([code, out, err]).toEqual([0, expect.stringContaining('intact: yes\ncomplete: yes\n'), ''])
    const [, ...lines] = linesOf(readFileSync(path, 'utf8'))
    expect(await verify({ export: path, anchors: [saved(lines.pop()!)] }, auditor)).toMatchObject({ code: 0 })
  })

  test.each<[string, Error, string[]]>([
    [
      'says so when it cannot be written to its end',
      new Error('no room left'),
      ['The export could not be written (no room left): what was written so far is incomplete.'],
    ],
    ['says nothing when nobody reads on', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }), []],
  ])('%s, and records nothing', async (_, trouble, words) => {
    const { env, path } = await written()
    const full = new Writable({ write: (_, __, done) => setImmediate(() => done(trouble)) })
    const said: string[] = []
    const around = { tell: () => {}, complain: (line: string) => said.push(line), env }
    expect(await exportAudit({ format: 'ndjson' }, { ...around, out: full })).toBe(2)
    expect(said).toEqual(words)
    expect(rawConnection(path).prepare('select max(seq) from audit_events').pluck().get()).toBe(size)
  })

  test('waits until its output is taken, and keeps little of the rest in memory', async () => {
    const path = temporaryFile()
    writeLongLog(path, 3000, key)
    let waiting = 0
    const most: number[] = []
    const slow = new Writable({
      write: (block, _, done) => {
        waiting += block.length
        most.push(waiting)
        setImmediate(() => {
          waiting -= block.length
          done()
        })
      },
    })
    const around = { tell: () => {}, complain: () => {}, env: auditor }
    expect(await exportAudit({ format: 'ndjson', db: path }, { ...around, out: slow })).toBe(0)
    expect(most.length).toBeGreaterThan(20)
    expect(most.length).toBeLessThan(300)
    expect(Math.max(...most)).toBeLessThan(100_000)
    expect(slow.writableLength).toBe(0)
  })

  test.each<[string, object, RegExp]>([
    ['a format there is not', { format: 'xml' }, /--format xml is neither ndjson nor csv/],
    ['a time that is none', { since: 'yesterday' }, /--since yesterday can't be read/],
    ['a time with words before it', { since: 'on 2026-06-01' }, /--since on 2026-06-01 can't be read/],
    ['a time with words behind it', { since: '2026-06-01 (noon)' }, /--since 2026-06-01 \(noon\) can't be read/],
    ['a day that is none', { since: '2026-13-01' }, /--since 2026-13-01 can't be read/],
    ['a day that its month does not have', { since: '2026-02-30' }, /--since 2026-02-30 can't be read/],
    ['a token that is not there', { token: 'website/nothing' }, /No token in this log is or was called/],
    ['a name of several tokens', { token: 'website/ci-deploy' }, /give one of website\/t1, website\/t2/],
    ['a file that is not there', { db: '/nowhere/at.db' }, /does not exist: set COUNTERSIGN_DB/],
  ])('refuses %s, and writes nothing', async (_, options, words) => {
    const { env } = await written()
    expect(await exported(options, env)).toEqual({ code: 2, written: '', err: expect.stringMatching(words) })
  })

  test('goes to standard output', async () => {
    const { env } = await written()
    const { code, out, err } = await run(['export', '--format', 'ndjson', '--token', 't1'], env)
    expect([code, err]).toEqual([0, ''])
    expect(await verify({ export: saved(out) }, auditor)).toMatchObject({ code: 0 })
  })

  test('that leaves entries out cannot be checked against anchors, and says so', async () => {
    const { env, checkpoints } = await written()
    const { out } = await run(['export', '--format', 'ndjson', '--token', 't1'], env)
    const anchors = saved(checkpoints.map((one) => JSON.stringify(one)).join('\n'))
    const { code, out: said } = await verify({ export: saved(out), anchors: [anchors] }, auditor)
    expect([code, said]).toEqual([2, expect.stringContaining("can't be checked against anchors")])
  })
})

describe('an export that was tampered with is found', () => {
  async function edited(edit: (lines: string[]) => string[]) {
    const { env } = await written()
    const lines = linesOf((await exported({}, env)).written)
    return verify({ export: saved(`${edit(lines).join('\n')}\n`) }, auditor)
  }

  const fields = ['seq', 'at', 'actor', 'changeId', 'type', 'body', 'version', 'key', 'previous', 'hash']

  test.each(fields)('%s, of any entry', async (field) => {
    const { env } = await written()
    const lines = linesOf((await exported({}, env)).written)
    for (let at = 1; at <= size; at++) {
      const entry = JSON.parse(lines[at]!)
      const value = typeof entry[field] === 'number' ? entry[field] + 30 : `${entry[field] ?? ''}1`
      const changed = { ...entry, [field]: field === 'changeId' && entry[field] === null ? 1 : value }
      const { code, out } = await verify({ export: saved(lines.with(at, JSON.stringify(changed)).join('\n')) }, auditor)
      expect([code, out]).toEqual([1, expect.stringMatching(`intact: no\n  - #${field === 'seq' ? at + 30 : at} `)])
    }
  })

  test.each<[string, (lines: string[]) => string[], RegExp]>([
    ['a line from the middle', (lines) => lines.toSpliced(5, 1), /#6 follows #4: #5 is missing/],
    ['two lines exchanged', (lines) => lines.with(5, lines[6]!).with(6, lines[5]!), /#6 follows #4: #5 is missing/],
    [
      'a line twice',
      (lines) => lines.toSpliced(5, 0, lines[5]!),
      /#5 comes after #5[\s\S]*has 22 entries, but its last line says 21/,
    ],
    ['its end', (lines) => lines.slice(0, -1), /the end of the export is missing: it was cut/],
    ['the newest entries', (lines) => lines.toSpliced(-3, 2), /the export has 19 entries, but its last line says 21/],
    ['half a line', (lines) => [...lines.slice(0, 5), lines[5]!.slice(0, 40)], /line 6 of .* can't be read/],
    ['a line after its end', (lines) => [...lines, lines[5]!], /line 24 of .* comes after its end/],
    [
      'an end that says more',
      (lines) => lines.with(-1, ended(lines, { size: size + 1 })),
      /the last entry of the export is not the one that its last line names/,
    ],
    [
      'an end of another log',
      (lines) => lines.with(-1, ended(lines, { head: 'f' })),
      /the last entry of the export is not the one/,
    ],
    ['an end that was made up', (lines) => lines.toSpliced(-3, 3, madeUp(lines)), /is missing|made up/],
  ])('%s', async (_, edit, words) => {
    const { code, out } = await edited(edit)
    expect(out).toMatch(words)
    expect(code).toBeGreaterThan(0)
    expect(out).not.toContain('all that was applied was approved')
  })

  test('and a file that is not an export is refused', async () => {
    const path = saved('{"seq":1}\n')
    expect(await verify({ export: path }, auditor)).toMatchObject({
      code: 2,
      err: expect.stringMatching('does not start like an ndjson export'),
    })
    const ofNoToken = { countersign: 'audit export', format: 1, since: null, token: {} }
    for (const text of ['', JSON.stringify(ofNoToken)])
      expect(await verify({ export: saved(text) }, auditor)).toMatchObject({ code: 2, out: '' })
    expect(await verify({ export: `${path}.gone` }, auditor)).toMatchObject({
      code: 2,
      err: expect.stringMatching('gone'),
    })
  })
})

/** The last line, with these changes. */
function ended(lines: readonly string[], changes: object): string {
  return JSON.stringify({ ...JSON.parse(lines.at(-1)!), ...changes })
}

function madeUp(lines: readonly string[]): string {
  const { seq, hash } = JSON.parse(lines.at(-4)!)
  return JSON.stringify({ size: seq, head: hash, digest: '0'.repeat(64), entries: seq })
}

describe('an export of a part', () => {
  test('has the entries about a token, by uid or by a name that it has or had', async () => {
    const { env, path } = await written()
    const clock = createClock()
    const store = openStore(path, clock.now, key)
    const before = settings({ name: 'only/here' })
    await store.open({ type: 'proposed', at: clock.iso(), ...proposal({ tokenUid: 't9', before }) }, alice, 'view-9')
    const look = { stack: 'website', tokenUid: 't9', before, after: settings(), by: null, editedAt: null }
    await store.note({ type: 'outside_edit', ...look }, 'app', null)
    store.close()
    for (const token of ['t9', 'website/t9', 'only/here', 'website/only/here']) {
      const lines = linesOf((await exported({ token, db: path }, env)).written)
      expect(JSON.parse(lines[0]!)).toMatchObject({ token: { stack: 'website', uid: 't9' } })
      expect(lines.slice(1, -1).map((line) => JSON.parse(line).type)).toEqual(['proposed', 'outside_edit'])
    }
  })

  test('leaves out the token of another stack that has the same uid', async () => {
    const { env, path } = await written()
    const clock = createClock()
    const store = openStore(path, clock.now, key)
    const before = settings({ name: 'shops' })
    for (const stack of ['website', 'shop'])
      await store.open(
        { type: 'proposed', at: clock.iso(), ...proposal({ stack, tokenUid: 't9', before }) },
        alice,
        stack,
      )
    const look = { tokenUid: 't9', before: settings(), after: settings({ name: 'ci' }), by: null, editedAt: null }
    await store.note({ type: 'outside_edit', stack: 'shop', ...look }, 'app', null)
    store.close()
    const lines = linesOf((await exported({ token: 'website/t9', db: path }, env)).written)
    const entries = lines.slice(1, -1).map((line) => JSON.parse(line))
    expect(entries.map(({ type, body }) => [type, JSON.parse(body).stack])).toEqual([['proposed', 'website']])
    expect((await exported({ token: 'shops', db: path }, env)).err).toContain('give one of shop/t9, website/t9')
  })

  test('begins with the entries of the given moment', async () => {
    const { env } = await written()
    const all = linesOf((await exported({ db: env.COUNTERSIGN_DB }, env)).written).map((line) => JSON.parse(line))
    const since = all[9].at
    const { written: text } = await exported({ since, db: env.COUNTERSIGN_DB }, env)
    const lines = linesOf(text).map((line) => JSON.parse(line))
    expect(lines.slice(1, -1)).toEqual(all.slice(1, -1).filter(({ at }) => at >= since))
    expect(lines[1].at).toBe(since)
    expect(await verify({ export: saved(text) }, auditor)).toMatchObject({
      code: 0,
      out: expect.stringContaining('this export leaves entries out on purpose'),
    })
    for (const later of ['2026-06-02', '2026-06-02T01:00:00+01:00', '2026-06-02T00:00:00.000Z']) {
      const { code, written: nothing } = await exported({ since: later, db: env.COUNTERSIGN_DB }, env)
      expect([code, linesOf(nothing).length]).toEqual([0, 2])
      expect(nothing).toContain('"since":"2026-06-02T00:00:00.000Z"')
    }
  })

  test('has the entries written after that moment, though the clock was behind then', async () => {
    const path = emptyDatabase()
    const clock = createClock()
    const store = openStore(path, clock.now, key)
    await store.note({ type: 'started', version: '0.2.0' }, 'app', null)
    clock.pass(60)
    const since = clock.iso()
    await store.open({ type: 'proposed', at: since, ...proposal() }, alice, 'view-1')
    clock.pass(-3600)
    await store.note({ type: 'stopped' }, 'app', null)
    store.close()
    const { written: text } = await exported({ since, db: path }, auditor)
    const lines = linesOf(text).map((line) => JSON.parse(line))
    expect(lines.slice(1, -1).map(({ type }) => type)).toEqual(['proposed', 'stopped'])
    expect(await verify({ export: saved(text) }, auditor)).toMatchObject({ code: 0 })
  })

  test('ends with the checkpoint of the whole log, and its own number of entries', async () => {
    const { env, checkpoints } = await written()
    const lines = linesOf((await exported({ token: 't2' }, env)).written)
    expect(JSON.parse(lines.at(-1)!)).toEqual({ ...checkpoints.at(-1), entries: lines.length - 2 })
  })

  test('is verified entry by entry, and says that nothing can be said of the rest', async () => {
    const { env } = await written()
    const lines = linesOf((await exported({ token: 't2' }, env)).written)
    const { code, out } = await verify({ export: saved(lines.join('\n')) }, auditor)
    expect([code, out]).toEqual([0, expect.stringContaining('this export leaves entries out on purpose')])
    const entry = JSON.parse(lines[3]!)
    const edited = lines.with(3, JSON.stringify({ ...entry, actor: 'U0NOBODY' }))
    expect(await verify({ export: saved(edited.join('\n')) }, auditor)).toMatchObject({
      code: 1,
      out: expect.stringContaining(`#${entry.seq} is not what was written`),
    })
    const cut = lines.toSpliced(3, 1)
    expect(await verify({ export: saved(cut.join('\n')) }, auditor)).toMatchObject({ code: 1 })
  })
})

test('an export made without the key says so when it is verified with it', async () => {
  const { path } = await written()
  const { written: text } = await exported({ db: path }, { COUNTERSIGN_DB: path })
  const { code, out } = await verify({ export: saved(text) }, auditor)
  expect([code, out]).toEqual([2, expect.stringContaining('was made without AUDIT_KEY')])
  expect(await verify({ export: saved(text) }, { AUDIT_KEY_PREVIOUS: secret })).toMatchObject({
    code: 2,
    out: expect.stringContaining('was made without AUDIT_KEY'),
  })
  const { written: withOther } = await exported({ db: path }, { AUDIT_KEY: otherKey.secret })
  expect(await verify({ export: saved(withOther) }, auditor)).toMatchObject({
    code: 2,
    out: expect.stringContaining('was made with a key that you have not given'),
  })
})

test('an export made with an earlier key is verified with that one', async () => {
  const { env } = await written()
  const path = saved((await exported({}, env)).written)
  expect(await verify({ export: path }, { AUDIT_KEY_PREVIOUS: secret })).toMatchObject({ code: 0 })
})

test('an export of an empty log is whole', async () => {
  const path = emptyDatabase()
  const { written: text } = await exported({ db: path }, {})
  const { code, out } = await verify({ export: saved(text) }, {})
  expect([code, out]).toEqual([0, expect.stringContaining('There are no entries.')])
})

describe('csv', () => {
  test('has a line for each entry, as a spreadsheet reads it', async () => {
    const { env } = await written()
    const { written: text } = await exported({ format: 'csv' }, env)
    const rows = read(text)
    expect(rows[0]).toEqual(['seq', 'at', 'actor', 'changeId', 'type', 'body', 'version', 'key', 'previous', 'hash'])
    expect(rows).toHaveLength(size + 1)
    expect(text).toMatch(/^1,2026-[^"]*,started,"[^\n]*\r\n2,/m)
    expect(text.endsWith('\r\n')).toBe(true)
    const entries = linesOf((await exported({ db: env.COUNTERSIGN_DB }, env)).written).map((line) => JSON.parse(line))
    for (const [i, row] of rows.slice(1).entries())
      expect(row).toEqual(Object.values({ ...columns, ...entries[i + 1] }).map((value) => String(value ?? '')))
  })

  test('contains nothing that a spreadsheet would take for a formula', async () => {
    const { env, path } = await written()
    const store = openStore(path, undefined, key)
    const hostile = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://evil","x")']
    for (const actor of hostile) await store.note({ type: 'stopped' }, actor, null)
    store.close()
    const rows = read((await exported({ format: 'csv' }, env)).written)
    expect(rows.slice(-hostile.length).map((row) => row[2])).toEqual(hostile.map((text) => `'${text}`))
    expect(rows.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
  })
})

const columns = {
  seq: 0,
  at: '',
  actor: '',
  changeId: 0,
  type: '',
  body: '',
  version: 0,
  key: '',
  previous: '',
  hash: '',
}

/** By RFC 4180. */
function read(text: string): string[][] {
  const cells = [...text.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g)]
  const rows: string[][] = [[]]
  for (const [, cell, end] of cells) {
    rows.at(-1)!.push(cell!.startsWith('"') ? cell!.slice(1, -1).replaceAll('""', '"') : cell!)
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}
