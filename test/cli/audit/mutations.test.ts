import { copyFileSync, createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportAudit } from '../../../src/cli/audit/export.ts'
import { verifyExport } from '../../../src/cli/audit/export-file.ts'
import { verifyDatabase } from '../../../src/cli/audit/verify.ts'
import { type AuditKey, type Checkpoint, checkpointOf, entryHash, genesis } from '../../../src/domain/audit/chain.ts'
import type { Entry } from '../../../src/domain/audit/chain-check.ts'
import type { Answer } from '../../../src/domain/audit/finding.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { historyFile, key, otherKey, secret, historySize as size } from '../../support/audited.ts'
import { temporaryFile } from '../../support/file.ts'
import { schemaTampering, unguarded } from '../../support/schema-tampering.ts'
import { pastTheTriggers } from '../../support/tamper.ts'

/** Its entries that move a change. */
const moving = [2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]
const everyEntry = Array.from({ length: size }, (_, i) => i + 1)

const folder = mkdtempSync(join(tmpdir(), 'countersign-mutations-'))
const original = join(folder, 'original.db')
let checkpoints: Checkpoint[] = []

beforeAll(async () => {
  const history = await historyFile(key, original)
  checkpoints = history.checkpoints
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A copy that somebody has tampered with freely, leaving its schema as it was. */
function mutated(mutate: (db: Sqlite.Database) => void): string {
  const path = temporaryFile()
  copyFileSync(original, path)
  const db = new Sqlite(path)
  db.exec('pragma foreign_keys = off; pragma synchronous = off')
  pastTheTriggers(db, () => mutate(db))
  db.close()
  return path
}

async function verified(path: string, { anchored = false } = {}) {
  const anchors = anchored ? checkpoints.map((one, i) => ({ ...one, from: `anchor ${i + 1}` })) : null
  return await verifyDatabase(path, { current: key, earlier: [] }, anchors)
}

const wrongSeqs = ({ wrong }: Answer) => wrong.first.map(({ seq }) => seq)
const wrongWords = ({ wrong }: Answer) => wrong.first.map(({ what }) => what).join('\n')

const select = 'select seq, at, actor, change_id as changeId, type, body, version, key, hash from audit_events'
const entriesOf = (db: Sqlite.Database) => db.prepare<[], Entry>(`${select} order by seq`).all()

function put(db: Sqlite.Database, entry: Entry): void {
  db.prepare(
    'replace into audit_events (seq, at, actor, change_id, type, body, version, key, hash) values (@seq, @at, @actor, @changeId, @type, @body, @version, @key, @hash)',
  ).run(entry)
}

/** Chains the entries again, as somebody could who has the file, the code, and whichever key they could get. */
function chainAnew(db: Sqlite.Database, withKey: AuditKey, from = 1): void {
  chainWith(db, () => withKey, from)
}

function chainWith(db: Sqlite.Database, keyOf: (seq: number) => AuditKey, from = 1): void {
  let previous: string = genesis
  for (const entry of entriesOf(db)) {
    const withKey = keyOf(entry.seq)
    const hash = entry.seq < from ? entry.hash! : entryHash(previous, entry, withKey)
    if (entry.seq >= from) put(db, { ...entry, key: withKey?.id ?? null, hash })
    previous = hash
  }
}

test('an untouched log is intact, and complete by its anchors', async () => {
  const { intact, complete, ...rest } = await verified(original, { anchored: true })
  expect([intact.holds, complete.holds]).toEqual([true, true])
  expect(rest).toMatchObject({ size, anchorsMet: 3, counts: { keyed: size, keyless: 0, unchained: 0 } })
})

test('entries of an older version, which say less, raise no alarm, whether moved since or not', async () => {
  const path = mutated((db) => {
    for (const entry of entriesOf(db)) {
      const { reverts, voids, ...body } = JSON.parse(entry.body)
      put(db, { ...entry, body: JSON.stringify(body) })
    }
    chainAnew(db, key)
    db.exec(`update change_requests set state = json_remove(state, '$.reverts') where id in (2, 3)`)
  })
  expect(await verified(path)).toMatchObject({ intact: { holds: true }, complete: { wrong: { count: 0 } } })
})

test('verifying leaves the file as it was', async () => {
  const path = mutated(() => {})
  const read = () => new Sqlite(path, { readonly: true }).serialize()
  const before = read()
  await verified(path)
  expect(read().equals(before)).toBe(true)
})

describe('an edited entry is found and named', () => {
  const edits: Record<string, (entry: Entry) => Partial<Entry>> = {
    at: ({ at }) => ({ at: at.replace('2026', '2025') }),
    actor: () => ({ actor: 'U0NOBODY' }),
    changeId: ({ changeId }) => ({ changeId: changeId === null ? 1 : null }),
    'changeId to another': ({ changeId }) => ({ changeId: (changeId ?? 2) + 1 }),
    type: ({ type }) => ({ type: type === 'claimed' ? 'nudged' : 'claimed' }),
    'type to none there is': () => ({ type: 'blessed' }),
    body: ({ body }) => ({ body: body.replace(/\d|"(?=[}])|\}/, (found) => (found === '}' ? ' }' : `1${found}`)) }),
    'body to nothing': () => ({ body: '' }),
    version: () => ({ version: 2 }),
    key: () => ({ key: otherKey.id }),
    'key to none': () => ({ key: null }),
    hash: ({ hash }) => ({ hash: hash!.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }),
    'hash to none': () => ({ hash: null }),
    'hash and key to none': () => ({ hash: null, key: null }),
  }

  test.each(Object.keys(edits))('%s, of any entry', async (field) => {
    for (const seq of everyEntry) {
      const path = mutated((db) => {
        const entry = entriesOf(db)[seq - 1]!
        const edited = { ...entry, ...edits[field]!(entry) }
        expect(edited).not.toEqual(entry)
        put(db, edited)
      })
      const { intact } = await verified(path)
      expect(intact.holds).toBe(false)
      // Without a hash or a key, only the second entry attests the first.
      const first = wrongSeqs(intact)[0]
      expect(field.endsWith('none') && seq === 1 ? [1, 2] : [seq]).toContain(first)
    }
  })

  test('its number', async () => {
    for (const seq of everyEntry) {
      const path = mutated((db) => db.prepare('update audit_events set seq = ? where seq = ?').run(size + 5, seq))
      const { intact } = await verified(path)
      expect(wrongSeqs(intact)[0]).toBe(seq === size ? size + 5 : seq + 1)
    }
  })

  test('every word in its body', async () => {
    for (const { seq, body } of entriesOf(new Sqlite(original, { readonly: true })))
      for (const edited of bodiesWithOneEdit(JSON.parse(body))) {
        const path = mutated((db) =>
          db.prepare('update audit_events set body = ? where seq = ?').run(JSON.stringify(edited), seq),
        )
        expect(wrongSeqs((await verified(path)).intact)[0]).toBe(seq)
      }
  })
})

/** The body with each of its values replaced, one at a time. */
function bodiesWithOneEdit(body: object): object[] {
  return Object.keys(body).map((field) => ({ ...body, [field]: 'edited' }))
}

describe('entries that are missing, or out of place, are found', () => {
  test('one from the middle', async () => {
    for (const seq of everyEntry.slice(0, -1)) {
      const { intact } = await verified(mutated((db) => db.prepare('delete from audit_events where seq = ?').run(seq)))
      expect(intact.wrong.first[0]).toMatchObject({ seq: seq + 1, what: expect.stringMatching(`#${seq} is missing`) })
    }
  })

  test('one from the middle, with the later ones moved up', async () => {
    for (const seq of everyEntry.slice(0, -1)) {
      const path = mutated((db) => {
        db.prepare('delete from audit_events where seq = ?').run(seq)
        db.exec(`update audit_events set seq = seq - 1 where seq > ${seq}`)
      })
      expect(wrongSeqs((await verified(path)).intact)[0]).toBe(seq)
    }
  })

  test('the newest, by the anchors; and by the stored changes when they moved one', async () => {
    for (const seq of everyEntry) {
      const path = mutated((db) => db.prepare('delete from audit_events where seq >= ?').run(seq))
      const { intact, complete } = await verified(path, { anchored: true })
      expect(complete.holds).toBe(false)
      expect(wrongWords(complete)).toContain(seq === 1 ? 'the log is empty, but' : 'the newest are missing')
      expect(intact.holds).toBe(!moving.some((one) => one >= seq))
    }
  })

  test('two that were swapped', async () => {
    for (const seq of everyEntry.slice(0, -1)) {
      const path = mutated((db) => {
        const [one, two] = entriesOf(db).slice(seq - 1)
        put(db, { ...one!, seq: seq + 1 })
        put(db, { ...two!, seq })
      })
      expect(wrongSeqs((await verified(path)).intact)[0]).toBe(seq)
    }
  })

  test('one that is there twice', async () => {
    for (const seq of everyEntry) {
      const atEnd = mutated((db) => put(db, { ...entriesOf(db)[seq - 1]!, seq: size + 1 }))
      expect(wrongSeqs((await verified(atEnd)).intact)[0]).toBe(size + 1)
      const inPlace = mutated((db) => {
        const entries = entriesOf(db)
        for (const entry of entries.slice(seq - 1).toReversed()) put(db, { ...entry, seq: entry.seq + 1 })
        put(db, entries[seq - 1]!)
      })
      expect(wrongSeqs((await verified(inPlace)).intact)[0]).toBe(seq + 1)
    }
  })
})

describe('a file that is consistent, but not the right one, is found', () => {
  test('an older copy, by the anchors alone', async () => {
    const { path: older, checkpoints } = await historyFile()
    const longer = temporaryFile()
    copyFileSync(older, longer)
    const store = openStore(longer, undefined, key)
    await store.note({ type: 'stopped' }, 'app', null)
    const anchors = [checkpoints[0]!, await store.checkpoint()].map((one, i) => ({ ...one, from: `anchor ${i + 1}` }))
    store.close()
    const keys = { current: key, earlier: [] }
    expect(await verifyDatabase(older, keys, null)).toMatchObject({
      intact: { holds: true },
      complete: { holds: null },
    })
    const { intact, complete } = await verifyDatabase(older, keys, anchors)
    expect([intact.holds, complete.holds]).toEqual([true, false])
    expect(complete.wrong.first).toEqual([
      { seq: size, what: expect.stringMatching(`anchor 2 says that there were ${size + 1}`) },
    ])
    expect((await verifyDatabase(longer, keys, anchors)).complete.holds).toBe(true)
  })

  test.each<[string, AuditKey]>([
    ['without the key', null],
    ['with another key', otherKey],
  ])('a log that was edited and chained again %s', async (_, forger) => {
    for (const seq of everyEntry) {
      const path = mutated((db) => {
        put(db, { ...entriesOf(db)[seq - 1]!, actor: 'U0NOBODY' })
        chainAnew(db, forger)
      })
      const { intact, complete } = await verified(path, { anchored: true })
      expect([intact.holds, complete.holds]).toEqual([false, false])
      expect(intact.wrong.first.at(-1)).toMatchObject({ seq: size, what: expect.stringMatching('not with AUDIT_KEY') })
    }
  })

  test('one whose end was chained again without the key', async () => {
    for (const seq of everyEntry.slice(1)) {
      const { intact } = await verified(mutated((db) => chainAnew(db, null, seq)))
      expect(wrongSeqs(intact)[0]).toBe(seq)
    }
  })

  test('one with an entry made with a key that had been replaced, whichever later entry that is', async () => {
    const keys = { current: key, earlier: [otherKey] }
    const changed = (forged?: number) =>
      mutated((db) => chainWith(db, (seq) => (seq < 9 || seq === forged ? otherKey : key)))
    expect((await verifyDatabase(changed(), keys, null)).intact.holds).toBe(true)
    for (const seq of everyEntry.slice(9)) {
      const { intact } = await verifyDatabase(changed(seq), keys, null)
      expect(intact.wrong.first[0]).toMatchObject({ seq, what: expect.stringContaining('replaced before') })
    }
    const { file } = await exportOf(changed(12))
    expect(wrongSeqs((await verifyExport(file, { keys, anchors: null })).intact)).toEqual([12])
  })

  test('one chained again without the key and then continued by the app, by the anchors', async () => {
    const path = mutated((db) => chainAnew(db, null))
    const store = openStore(path, undefined, key)
    await store.note({ type: 'started', version: '1' }, 'app', null)
    store.close()
    const { complete, counts } = await verified(path, { anchored: true })
    expect(complete.holds).toBe(false)
    expect(wrongSeqs(complete)[0]).toBe(checkpoints[0]!.size)
    expect(counts).toEqual({ keyed: 1, keyless: size, unchained: 0 })
  })

  test('an invented history, under the right key, by the anchors', async () => {
    const path = mutated((db) => {
      put(db, { ...entriesOf(db)[0]!, body: '{"version":"9"}' })
      chainAnew(db, key)
    })
    const { intact, complete } = await verified(path, { anchored: true })
    expect([intact.holds, complete.holds]).toEqual([true, false])
    expect(wrongSeqs(complete)).toEqual(checkpoints.map((one) => one.size))
    expect(wrongWords(complete)).toContain('the log was rewritten')
  })
})

describe('stored changes that the log does not lead to are found', () => {
  const edits: Record<string, string> = {
    stack: `'other'`,
    token_uid: `'other'`,
    requester: `'U0NOBODY'`,
    status: `case status when 'failed' then 'expired' else 'failed' end`,
    revision: 'revision + 1',
    seq: 'seq + 1',
    due_at: `'2099-01-01T00:00:00.000Z'`,
    'due_at to the other of never and some time': `case when due_at is null then '2026-01-01' else null end`,
    watch_until: `'2099-01-01T00:00:00.000Z'`,
    card_seq: '1000000',
    state: `json_set(state, '$.reason', 'edited')`,
    'state of approvals': `json_insert(state, '$.approvals[#]', json('{"by":"U0NOBODY"}'))`,
    'state to nothing': `''`,
    'state of more': `json_set(state, '$.more', 1)`,
    'state of less': `json_remove(state, '$.reason')`,
  }

  test.each(Object.keys(edits))('%s, of any change', async (what) => {
    const [column] = what.split(' ')
    for (const id of [1, 2, 3, 4]) {
      const path = mutated((db) => db.exec(`update change_requests set ${column} = ${edits[what]} where id = ${id}`))
      const { intact } = await verified(path)
      expect([intact.holds, intact.wrong.count]).toEqual([false, 1])
      expect(wrongWords(intact)).toMatch(`change #${id} is not stored as #`)
    }
  })

  test('a change that is gone, that has another number, or that nobody asked for', async () => {
    for (const id of [1, 2, 3, 4]) {
      const gone = await verified(mutated((db) => db.exec(`delete from change_requests where id = ${id}`)))
      expect(wrongWords(gone.intact)).toMatch(
        new RegExp(`change #${id} is not stored as #\\d+ left it, but not at all`),
      )
      const moved = await verified(mutated((db) => db.exec(`update change_requests set id = 9 where id = ${id}`)))
      expect(wrongWords(moved.intact)).toMatch(/change #9 is stored, and no entry proposes it/)
      const more = await verified(
        mutated((db) =>
          db.exec(`insert into change_requests (id, stack, token_uid, requester, status, revision, state, origin, seq)
            select 9, stack, token_uid, requester, status, revision, state, 'more', seq from change_requests where id = ${id}`),
        ),
      )
      expect(more.intact.wrong.first).toEqual([{ seq: null, what: 'change #9 is stored, and no entry proposes it' }])
    }
  })
})

test('an invented anchor is not trusted', async () => {
  const madeUp = { ...checkpointOf(50, 'f'.repeat(64), otherKey), from: 'line 1' }
  const keyless = { ...checkpointOf(size, 'f'.repeat(64), null), from: 'line 2' }
  const beyond = { ...checkpointOf(50, 'f'.repeat(64), null), from: 'line 3' }
  for (const anchor of [madeUp, keyless, beyond]) {
    const { complete } = await verifyDatabase(original, { current: key, earlier: [] }, [anchor])
    expect([complete.holds, complete.wrong.count, complete.untold.count]).toEqual([null, 0, 1])
    expect(complete.untold.first[0]!.what).toContain(anchor.from)
  }
})

describe('a file that defines something other than what the app made is found, with what it is named', () => {
  /** A copy in which this SQL has changed the schema. */
  function redefined(sql: string): string {
    const path = temporaryFile()
    copyFileSync(original, path)
    const db = new Sqlite(path)
    db.unsafeMode()
    db.exec(`${unguarded}; ${sql}`)
    db.close()
    return path
  }

  test.each(schemaTampering)('$called', async ({ sql, says }) => {
    const { intact } = await verified(redefined(sql), { anchored: true })
    expect(intact.holds).toBe(false)
    expect(wrongWords(intact)).toContain(`in the database ${says}`)
  })

  test('so is every dropped trigger, index and column, and every table with one more', async () => {
    const db = new Sqlite(original, { readonly: true })
    const rows = db
      .prepare<[], { type: string; name: string }>(
        `select type, name from sqlite_schema where sql is not null and name not glob '__drizzle*' and name not glob 'sqlite*'`,
      )
      .all()
    const columns = db.prepare<[string], string>('select name from pragma_table_info(?) order by pk').pluck()
    const tables = rows.filter(({ type }) => type === 'table').map(({ name }) => name)
    const drops = [
      ...rows.map(({ type, name }) => `drop ${type} ${name}`),
      ...tables.map((table) => `alter table ${table} add more text`),
      ...tables.map((table) => `create trigger t after delete on ${table} begin select 1; end`),
      ...tables.map((table) => `create index i on ${table} (${columns.all(table)[0]})`),
      ...tables.map((table) => `alter table ${table} rename column ${columns.all(table)[0]} to other`),
    ]
    expect(drops.length).toBeGreaterThan(40)
    for (const sql of drops) expect([sql, (await verified(redefined(sql))).intact.holds]).toEqual([sql, false])
  })

  test('and if the entries cannot be read because of it, that is said; if the schema is as it was, nothing is', async () => {
    const renamed = await verified(redefined('alter table audit_events rename column hash to other'))
    expect(wrongWords(renamed.intact)).toMatch(/so the entries could not be read \(.*hash.*\)/)
    const damaged = mutated(() => {})
    const { page, root } = pageOf(damaged, 'audit_events')
    writeFileSync(damaged, readFileSync(damaged).fill(0xff, page * (root - 1), page * root))
    await expect(verified(damaged)).rejects.toThrow(/malformed/)
  })

  test.each(schemaTampering)('by an export as well, or none can be made: $called', async ({ sql, says }) => {
    const { code, file } = await exportOf(redefined(sql))
    if (code !== 0) expect(sql).toMatch(/drop column hash|rename to/)
    else {
      const { intact } = await verifyExport(file, { keys: { current: key, earlier: [] }, anchors: null })
      expect(wrongWords(intact)).toContain(`in the database of this export, ${says}`)
    }
  })
})

/** The position of a table's first page in the file. */
function pageOf(path: string, table: string) {
  const db = new Sqlite(path, { readonly: true })
  const root = db.prepare<[string], number>('select rootpage from sqlite_schema where name = ?').pluck().get(table)!
  const page = db.pragma('page_size', { simple: true }) as number
  db.close()
  return { page, root }
}

/** An export that an operator makes from a file that was tampered with. */
async function exportOf(path: string) {
  const file = temporaryFile('export.ndjson')
  const out = createWriteStream(file)
  const around = { tell: () => {}, complain: () => {}, env: { AUDIT_KEY: secret, COUNTERSIGN_DB: path } }
  const code = await exportAudit({ format: 'ndjson', db: path }, { ...around, out })
  await new Promise((resolve) => out.end(resolve))
  return { code, file }
}

describe('by an export of a file that was tampered with', () => {
  async function verifiedFromExport(mutate: (db: Sqlite.Database) => void) {
    const { file } = await exportOf(mutated(mutate))
    const anchors = checkpoints.map((one, i) => ({ ...one, from: `anchor ${i + 1}` }))
    return verifyExport(file, { keys: { current: key, earlier: [] }, anchors })
  }

  test.each<[string, (db: Sqlite.Database, seq: number) => void]>([
    ['edited', (db, seq) => put(db, { ...entriesOf(db)[seq - 1]!, actor: 'U0NOBODY' })],
    ['given another text', (db, seq) => db.prepare(`update audit_events set body = '{}' where seq = ?`).run(seq)],
    ['stripped of its hash', (db, seq) => put(db, { ...entriesOf(db)[seq - 1]!, key: null, hash: null })],
    ['taken away', (db, seq) => db.prepare('delete from audit_events where seq = ?').run(seq)],
    ['repeated', (db, seq) => put(db, { ...entriesOf(db)[seq - 1]!, seq: seq + 1 })],
    ['chained anew without the key, from there', (db, seq) => chainAnew(db, null, seq)],
  ])('an entry is found that was %s', async (_, mutate) => {
    for (const seq of [2, 9, size - 1])
      expect([seq, (await verifiedFromExport((db) => mutate(db, seq))).intact.holds]).toEqual([seq, false])
  })

  test('so are newest entries that were cut off, by the anchors', async () => {
    const cut = await verifiedFromExport((db) => db.prepare('delete from audit_events where seq > 9').run())
    expect([cut.intact.holds, cut.complete.holds]).toEqual([true, false])
  })

  test.each([
    `update change_requests set status = 'failed' where id = 4`,
    'delete from change_requests where id = 4',
    `update void_approvals set person = 'U0NOBODY'`,
    'delete from tokens',
  ])('changes beside the log are not found, since an export has none of them: %s', async (sql) => {
    expect(await verifiedFromExport((db) => db.exec(sql))).toMatchObject({
      intact: { holds: true },
      complete: { holds: true },
    })
  })
})
