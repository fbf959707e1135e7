import { readFileSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { getTableColumns, getTableName, type Table } from 'drizzle-orm'
import { describe, expect, onTestFinished, test } from 'vitest'
import { verifyDatabase } from '../../../src/cli/audit/verify.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import type { Store } from '../../../src/ports/store.ts'
import { openBesideTheApp } from '../../../src/storage/sqlite/beside-the-app.ts'
import { inspectDatabase } from '../../../src/storage/sqlite/inspect.ts'
import {
  auditEvents,
  drafts,
  homes,
  leftCards,
  repeatedRefusals,
  stacks,
  tokens,
} from '../../../src/storage/sqlite/schema.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { troubleOf } from '../../../src/storage/sqlite/trouble.ts'
import { guarded } from '../../../src/workflow/log/guarded-store.ts'
import { createHealth } from '../../../src/workflow/log/health.ts'
import { createClock } from '../../support/clock.ts'
import { databaseBefore, emptyDatabase, rawConnection, temporaryFile } from '../../support/file.ts'
import { fileOfTheFirstRelease } from '../../support/first-release.ts'
import { schemaTampering as tampering, unguarded } from '../../support/schema-tampering.ts'
import { alice, bob, facts, proposal, settings } from '../../support/world.ts'

const at = '2026-06-01T09:00:00.000Z'
const approvalOfBob = { by: bob, at, revision: 1, seal: 'sealed', comment: '' }

/** A trigger of somebody else's that writes the row itself, word for word, and has the app's own dropped. */
function inItsPlace(table: Table): string {
  const name = getTableName(table)
  const columns = Object.values(getTableColumns(table)).map((column) => `"${column.name}"`)
  const its = columns.map((column) => `new.${column}`)
  return `before insert on main.${name} begin
    insert into ${name} (${columns.join(', ')}) values (${its.join(', ')}); select raise(ignore); end`
}

/** A file whose schema somebody has changed. */
function tampered(sql: string): string {
  const path = emptyDatabase()
  const db = new Sqlite(path)
  db.unsafeMode()
  db.exec(`${unguarded}; ${sql}`)
  db.close()
  return path
}

function refusalOf(act: () => unknown): Refusal {
  try {
    act()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('It was not refused.')
}

const keyless = { current: null, earlier: [] }
const isPutBack = (sql: string) => /^drop index \w+$|sqlite_sequence/.test(sql)

describe('the app does not open a file that defines anything other than what it made', () => {
  test.each(tampering.filter(({ sql }) => !isPutBack(sql)))('$called', ({ sql, says }) => {
    const path = tampered(sql)
    const before = readFileSync(path)
    const { message } = refusalOf(() => openStore(path))
    expect(message).toContain(says)
    expect(message).toMatch(/nothing was done\. .*npm run doctor/)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test.each(tampering)('nor does a command beside it: $called', ({ sql, says }) => {
    const path = tampered(sql)
    expect(refusalOf(() => openBesideTheApp({ path, now: () => new Date() })).message).toContain(says)
  })

  test('nor one of an older version, before anything is done to it', () => {
    const { path, raw } = databaseBefore('_home')
    raw.exec('create trigger planted before update on change_requests begin select raise(ignore); end')
    const { message } = refusalOf(() => openStore(path))
    expect(message).toContain('the trigger "planted" on "change_requests" was planted')
    expect(raw.prepare('select count(*) from __drizzle_migrations').pluck().get()).toBe(4)
  })

  test('a planted definition is reported in one short line that hides nothing, whatever its name', () => {
    const path = tampered(`create view "a\u202e\n${'long '.repeat(50)}" as select 1`)
    const { message } = refusalOf(() => openStore(path))
    expect(message).toContain('the view "a⟨U+202E⟩ long')
    expect(message.length).toBeLessThan(600)
  })
})

describe('a missing index', () => {
  test('is rebuilt at the start, and the log says so', async () => {
    const path = tampered('drop index change_requests_origin_unique; drop index change_requests_by_status')
    const store = openStore(path)
    onTestFinished(store.close)
    const what = ['change_requests_origin_unique', 'change_requests_by_status'].map(
      (name) => `the index "${name}" on "change_requests" was dropped`,
    )
    const [{ event } = { event: null }, ...more] = await store.events()
    expect([event, more]).toEqual([{ type: 'schema_put_back', what }, []])
    expect((await verifyDatabase(path, keyless, null)).intact.holds).toBe(true)
  })

  test('and cannot be rebuilt, since something is there twice, is a reason not to start', async () => {
    const path = emptyDatabase()
    const store = openStore(path)
    await store.open({ type: 'proposed', at: '', ...proposal() }, alice, 'view-1')
    store.close()
    rawConnection(path).exec(`drop index change_requests_origin_unique;
      insert into change_requests (stack, token_uid, requester, status, revision, state, origin, seq)
        select stack, token_uid, requester, status, revision, state, origin, seq from change_requests`)
    expect(refusalOf(() => openStore(path)).message).toMatch(
      /change_requests_origin_unique.* can't be put back .*run "npm run audit -- put-back"/,
    )
  })
})

describe('the number of the last change, once somebody has altered it', () => {
  async function altered(sql: string) {
    const { path, propose, raw, store } = running()
    await propose()
    store.close()
    raw.exec(sql)
    return path
  }

  test('is corrected at the start, and the log says so', async () => {
    const path = await altered('update sqlite_sequence set seq = 9223372036854775807')
    const store = openStore(path)
    onTestFinished(store.close)
    const { id } = await store.open({ type: 'proposed', at, ...proposal() }, alice, 'view-2')
    expect(id).toBe(2)
    const what = [expect.stringMatching(/^the number of the last change, .* 9223372036854775807 instead of 1$/)]
    expect((await store.events()).map(({ event }) => event)).toMatchObject([
      { type: 'proposed' },
      { type: 'schema_put_back', what },
      { type: 'proposed' },
    ])
    expect((await verifyDatabase(path, keyless, null)).intact.holds).toBe(true)
  })

  test.each([
    'update sqlite_sequence set seq = 0',
    'update sqlite_sequence set seq = null',
    "update sqlite_sequence set name = 'another'",
    "insert into sqlite_sequence values ('change_requests', 0)",
    'delete from sqlite_sequence',
  ])('is never put back to one that the log already has: %s', async (sql) => {
    const path = await altered(`${sql}; delete from change_requests`)
    const store = openStore(path)
    onTestFinished(store.close)
    expect((await store.open({ type: 'proposed', at, ...proposal() }, alice, 'view-2')).id).toBe(2)
  })

  test('is a reason not to start when a change was planted with the last number that can be read', async () => {
    const path =
      await altered(`insert into change_requests (id, stack, token_uid, requester, status, revision, state, origin, seq)
      select 9007199254740991, stack, token_uid, requester, status, revision, state, 'x', seq from change_requests`)
    expect(refusalOf(() => openStore(path)).message).toMatch(
      /#9007199254740991 was planted, after which no number is left\. .* Replace this file with the last backup/,
    )
  })
})

const newest = 'delete from __drizzle_migrations where created_at = (select max(created_at) from __drizzle_migrations)'
const woundBack = [
  { called: 'and is defined like that', sql: `${newest}; drop table repeated_refusals` },
  { called: 'and is not', sql: newest },
]

/** A running app's store, and its file in somebody else's hands. */
function running() {
  const path = emptyDatabase()
  const clock = createClock()
  const told: (string | null)[] = []
  const health = createHealth({ now: clock.now, onChange: (why) => told.push(why) })
  const store = guarded(openStore(path, clock.now), { health, troubleOf })
  onTestFinished(store.close)
  const raw = rawConnection(path)
  raw.unsafeMode()
  raw.exec(unguarded)
  const propose = (origin = 'view-1') => store.open({ type: 'proposed', at: clock.iso(), ...proposal() }, alice, origin)
  const refused = { type: 'refused', attempted: 'approve', code: 'not_allowed', why: 'no' } as const
  return { path, store, health, told, raw, propose, note: () => store.note(refused, bob, null) }
}

const token = { stack: 'website', uid: 't1', settings: settings() }
const writes: [string, (world: ReturnType<typeof running>) => Promise<unknown>][] = [
  ['open', ({ propose }) => propose('view-2')],
  ['record', ({ store }) => store.record(1, bob, () => ({ type: 'claimed', at, by: bob }))],
  ['note', ({ note }) => note()],
  ['wasAnchored', ({ store }) => store.wasAnchored(1, ['thread'])],
  ['rememberTokens', ({ store }) => store.rememberTokens('website', [token], '2026-06-01T09:00:00.000Z')],
  ['rememberToken, of one that is as it was,', ({ store }) => store.rememberToken(token, '2026-06-01T09:00:00.000Z')],
  ['cardStands', ({ store }) => store.cardStands(1, { channel: 'C', ts: '1', seq: 1 })],
  ['cardPointsOn', ({ store }) => store.cardPointsOn(1, { channel: 'C', ts: '1' })],
  ['requesterWasTold', ({ store }) => store.requesterWasTold(1, 'sent')],
  ['tokenIsGone', ({ store }) => store.tokenIsGone({ stack: 'website', tokenUid: 't1' }, '')],
  ['forgetDrafts', ({ store }) => store.forgetDrafts('')],
  ['tryToWrite', ({ store }) => store.tryToWrite()],
]

describe('while the app runs', () => {
  test.each(tampering)('nothing more is written: $called', async ({ sql, says }) => {
    const { health, raw, propose, note, store } = running()
    await propose()
    raw.exec(sql)
    await expect(note()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('read-only') })
    await expect(propose('view-2')).rejects.toMatchObject({ code: 'unavailable' })
    expect(health.trouble()?.why).toContain(says)
    await expect(store.tryToWrite()).rejects.toBeInstanceOf(Refusal)
  })

  test('nothing more is written: the newest change is deleted, and with it what the numbers were counted from', async () => {
    const { health, raw, propose, note } = running()
    await propose()
    raw.exec('delete from change_requests; delete from sqlite_sequence')
    await expect(note()).rejects.toBeInstanceOf(Refusal)
    expect(health.trouble()?.why).toContain('was altered: none instead of 1')
  })

  test.each(writes)('%s is refused too', async (_, write) => {
    const world = running()
    await world.propose()
    await write(world)
    world.raw.exec('create trigger quiet before insert on audit_events begin select raise(ignore); end')
    await expect(write(world)).rejects.toBeInstanceOf(Refusal)
  })

  test('it goes on by itself once what was planted is gone, and the log says what it was', async () => {
    const { path, health, told, raw, propose, note, store } = running()
    await propose()
    raw.exec('create trigger quiet before insert on audit_events begin select raise(ignore); end')
    await expect(note()).rejects.toBeInstanceOf(Refusal)
    raw.exec('drop trigger quiet')
    await store.tryToWrite()
    expect(health.trouble()).toBeNull()
    await note()
    expect((await store.events()).map(({ event }) => event)).toMatchObject([
      { type: 'proposed' },
      { type: 'schema_differed', what: 'the trigger "quiet" on "audit_events" was planted' },
      { type: 'refused' },
    ])
    expect(told).toEqual([expect.stringContaining('"quiet"'), null])
    expect((await verifyDatabase(path, keyless, null)).intact.holds).toBe(true)
  })

  test('a schema whose version was set back is not taken for the earlier one', async () => {
    const { raw, propose, note, store } = running()
    await propose()
    const version = raw.pragma('schema_version', { simple: true })
    raw.exec('create trigger quiet before insert on audit_events begin select raise(ignore); end')
    await store.get(1)
    raw.pragma(`schema_version = ${version}`)
    await store.get(1)
    await expect(note()).rejects.toBeInstanceOf(Refusal)
  })

  test.each(woundBack)(
    'a file that says that it is of an earlier version, $called, is written to no more',
    async ({ sql }) => {
      const { raw, note, store, health } = running()
      raw.exec(sql)
      await expect(note()).rejects.toBeInstanceOf(Refusal)
      const refused = { type: 'refused', attempted: 'approve', code: 'not_allowed', why: 'no' } as const
      await expect(store.noteRefusal(refused, bob, null)).rejects.toBeInstanceOf(Refusal)
      expect(health.trouble()?.why).toMatch(/as an older Countersign made it.*npm run audit -- put-back/)
    },
  )

  test('a newer version that has migrated the file is reported as that', async () => {
    const { raw, note, health } = running()
    raw.exec(
      `insert into __drizzle_migrations (hash, created_at) values ('x', 99999999999999); alter table tokens add more text`,
    )
    await expect(note()).rejects.toBeInstanceOf(Refusal)
    expect(health.trouble()?.why).toContain('a newer Countersign')
  })

  test('writes of another process, and what ANALYZE and VACUUM do, are not refused', async () => {
    const { path, raw, propose, note, health } = running()
    await propose()
    raw.exec('analyze; vacuum')
    const other = openStore(path)
    onTestFinished(other.close)
    await other.note({ type: 'stopped' }, 'app', null)
    await note()
    expect(health.trouble()).toBeNull()
    expect((await inspectDatabase(path))?.schema).toEqual([])
    expect((await verifyDatabase(path, keyless, null)).intact.holds).toBe(true)
  })
})

describe('everything written is read back before it counts', () => {
  /** A trigger that only this connection has, so no look at the file finds it. */
  test.each([
    ['an entry that is not taken', 'before insert on main.audit_events begin select raise(ignore); end'],
    ['a change that does not move', 'before update of seq on main.change_requests begin select raise(ignore); end'],
    [
      'a change that moves elsewhere',
      `after update of seq on main.change_requests begin update change_requests set status = 'approved'; end`,
    ],
    [
      'a mark of an anchor that is not made',
      'before update of anchored on main.change_requests begin select raise(ignore); end',
    ],
    [
      'an entry that is another than was written',
      `after insert on temp.audit_events begin update audit_events set actor = 'somebody'; end`,
    ],
    [
      'a mark of an anchor that is another than was made',
      'after update of anchored on main.change_requests begin update change_requests set anchored = null; end',
    ],
    ...(
      [
        ['an entry', auditEvents],
        ['a token', tokens],
        ['a form', drafts],
        ['facts', stacks],
        ['an App Home', homes],
        ['a refusal', repeatedRefusals],
        ['an old card', leftCards],
      ] as const
    ).map(([what, table]) => [`${what} that somebody else wrote in its place, word for word`, inItsPlace(table)]),
    [
      'a change that somebody else moved in its place, column for column',
      `before update of seq on main.change_requests begin
        update change_requests set (requester, status, revision, state, due_at, seq, watch_until) =
          (new.requester, new.status, new.revision, new.state, new.due_at, new.seq, new.watch_until) where id = new.id;
        select raise(ignore); end`,
    ],
    [
      'a mark of an anchor that somebody else made in its place',
      `before update of anchored on main.change_requests when new.seq = old.seq begin
        update change_requests set anchored = new.anchored where id = new.id; select raise(ignore); end`,
    ],
    ['a refusal that is not counted', 'before insert on main.repeated_refusals begin select raise(ignore); end'],
    ['a token that is not kept', 'before insert on main.tokens begin select raise(ignore); end'],
    [
      'a token that is another than was seen',
      `after insert on main.tokens begin update tokens set settings = '{}'; end`,
    ],
    [
      'a refusal that is counted as another',
      `after insert on main.repeated_refusals begin update repeated_refusals set what = 'x'; end`,
    ],
    ...['token_uid', 'stack', 'origin', 'requester'].map((column) => [
      `one more change with another ${column}`,
      `after insert on main.change_requests begin update change_requests set ${column} = 'x' where id = new.id; end`,
    ]),
    ...['token_uid', 'stack', 'origin'].map((column) => [
      `a change that moves and has another ${column} since`,
      `after update of seq on main.change_requests begin update change_requests set ${column} = 'x'; end`,
    ]),
    ['a form that is not kept', 'before insert on main.drafts begin select raise(ignore); end'],
    ['a form that is another than was sent', `after insert on main.drafts begin update drafts set body = '{}'; end`],
    ['a form sent again that is not kept', 'before update on main.drafts begin select raise(ignore); end'],
    ['facts that are not kept', 'before insert on main.stacks begin select raise(ignore); end'],
    ['facts that are others', `after insert on main.stacks begin update stacks set facts = '{}'; end`],
    ['an App Home that is not kept', 'before insert on main.homes begin select raise(ignore); end'],
    ['an old card that is not kept', 'before insert on main.left_cards begin select raise(ignore); end'],
    [
      'an old card that is kept as another',
      `after insert on main.left_cards begin update left_cards set ts = '9'; end`,
    ],
    ['an approval not noted as void', 'before insert on main.void_approvals begin select raise(ignore); end'],
    [
      'an approval noted as void of somebody else',
      `after insert on main.void_approvals begin update void_approvals set person = 'U0CAROL'; end`,
    ],
  ])('%s is reported, and undoes the rest', async (what, trigger) => {
    const { openDatabase } = await import('../../../src/storage/sqlite/database.ts')
    const { storeIn } = await import('../../../src/storage/sqlite/store.ts')
    const db = openDatabase(emptyDatabase())
    const store = storeIn(db, () => new Date(), null)
    onTestFinished(store.close)
    await store.open({ type: 'proposed', at: '', ...proposal() }, alice, 'view-1')
    if (what.startsWith('an approval'))
      await store.record(1, bob, () => ({ type: 'approved', ...approvalOfBob, quorum: true }))
    if (what.startsWith('an old card')) await store.cardStands(1, { channel: 'C1', ts: '1.0', seq: 1 })
    const before = [await store.events(), await store.get(1), await store.anchors(1)]
    // The file's own triggers let nobody change an entry.
    if (trigger.includes('temp.')) db.$client.exec('create temp table audit_events as select * from main.audit_events')
    db.$client.exec(`create temp trigger amid ${trigger}`)
    const error = await writeOf(what, store).catch((error: unknown) => error)
    expect(troubleOf(error)).toBe('the database did not keep what was written to it')
    expect([await store.events(), await store.get(1), await store.anchors(1)]).toEqual(before)
  })
})

function writeOf(what: string, store: Store): Promise<unknown> {
  if (what.startsWith('a mark')) return store.wasAnchored(1, 'everywhere')
  if (what.startsWith('a refusal'))
    return store.noteRefusal({ type: 'refused', attempted: 'approve', code: 'not_allowed', why: 'so it is' }, bob, 1)
  if (what.startsWith('a token'))
    return store.rememberToken({ stack: 'website', uid: 't1', settings: settings() }, new Date().toISOString())
  if (what.startsWith('one more'))
    return store.open({ type: 'proposed', at, ...proposal({ tokenUid: 't2' }) }, alice, 'view-2')
  if (what.startsWith('a form')) return formKept(store, what)
  if (what.startsWith('facts')) return store.rememberFacts('website', facts())
  if (what.startsWith('an App Home'))
    return store.homeIsShown({ person: alice, pages: {}, digest: 'as shown', openedAt: at })
  if (what.startsWith('an old card')) return store.cardStands(1, { channel: 'C2', ts: '2.0', seq: 1 })
  if (what.startsWith('an approval'))
    return store.record(1, alice, () => ({ type: 'amended', at, by: alice, ...proposal(), voids: [bob] }))
  return store.record(1, bob, () => ({ type: 'claimed', at: '2026-06-01T09:00:00.000Z', by: bob }))
}

function formKept(store: Store, what: string): Promise<void> {
  const of = { id: 'd1', person: alice, stack: 'website', tokenUid: 't1', before: settings() }
  const draft = { ...of, form: {}, shown: null, afresh: {}, change: null, reverts: null }
  const kept = store.startDraft(draft, at)
  return what.includes('again') ? kept.then(() => store.saveDraft({ ...draft, form: { name: 'other' } }, at)) : kept
}

describe('databases of all releases end up with the same definitions', () => {
  const { entries } = JSON.parse(readFileSync('migrations/meta/_journal.json', 'utf8')) as {
    entries: { tag: string }[]
  }

  test.each(entries.slice(1).map(({ tag }) => tag))('the one before %s', async (tag) => {
    const { path } = databaseBefore(tag)
    openStore(path).close()
    expect(await inspectDatabase(path)).toMatchObject({ schema: [], pending: 0, faults: [] })
  })

  test('the first', async () => {
    const path = temporaryFile()
    fileOfTheFirstRelease(path).close()
    expect(await inspectDatabase(path)).toMatchObject({ schema: [], pending: entries.length - 1 })
    openStore(path).close()
    expect(await inspectDatabase(path)).toMatchObject({ schema: [], pending: 0 })
  })
})
