import { describe, expect, onTestFinished, test } from 'vitest'
import { type AuditKey, auditKey, entryHash } from '../../../src/domain/audit/chain.ts'
import type { Entry } from '../../../src/domain/audit/chain-check.ts'
import type { Store } from '../../../src/ports/store.ts'
import { openDatabase } from '../../../src/storage/sqlite/database.ts'
import { entryColumns } from '../../../src/storage/sqlite/entries.ts'
import { openStore, storeIn } from '../../../src/storage/sqlite/store.ts'
import { troubleOf } from '../../../src/storage/sqlite/trouble.ts'
import { createClock } from '../../support/clock.ts'
import { emptyDatabase, rawConnection } from '../../support/file.ts'
import { pastTheTriggers } from '../../support/tamper.ts'
import { alice, bob, proposal } from '../../support/world.ts'

const replaced = auditKey('the key that leaked, so that it was changed')!
const present = auditKey('the key since then, which nobody else has')!
const stopped = { type: 'stopped' } as const
const started = { type: 'started', version: '1', oneWayKeys: true } as const

function opened(path: string, key: AuditKey, ...earlier: NonNullable<AuditKey>[]): Store {
  const store = openStore(path, createClock().now, key, earlier)
  onTestFinished(store.close)
  return store
}

/** The app wrote with one key, and since its last start with another: two entries. */
async function changed() {
  const path = emptyDatabase()
  await opened(path, replaced).note(started, 'app', null)
  const store = opened(path, present, replaced)
  await store.note(started, 'app', null)
  return { path, store, raw: rawConnection(path) }
}

/** Adds an entry as somebody would who has the file and perhaps a key: nothing in the file prevents it. */
function plant(path: string, key: AuditKey, type = 'started'): void {
  const raw = rawConnection(path)
  const last = raw.prepare<[], Entry>(`select ${entryColumns} from audit_events order by seq desc limit 1`).get()!
  const entry = { ...last, seq: last.seq + 1, actor: bob, type, body: '{"version":"1"}' }
  raw
    .prepare(
      'insert into audit_events (seq, at, actor, type, body, version, key, hash) values (?, ?, ?, ?, ?, 1, ?, ?)',
    )
    .run(entry.seq, entry.at, bob, type, entry.body, key?.id ?? null, entryHash(last.hash!, entry, key))
}

const noted = (store: Store) => store.note(stopped, 'app', null).catch(troubleOf)

describe('the app writes nothing after an entry', () => {
  test.each([
    ['with a key that was replaced', replaced, 'not written with AUDIT_KEY, which was in use before it'],
    ['without a key', null, 'written without a key, though entries before it have one'],
  ])('%s, as it runs or when it starts', async (_, by, words) => {
    const { path, store } = await changed()
    expect(await noted(store)).toBeUndefined()
    plant(path, by)
    expect(await noted(store)).toBe(`its last entry was ${words}`)
    expect(() => opened(path, present, replaced)).toThrow(/can't be continued.*#4.*last backup.*Nothing was changed/)
  })

  test('that says that the key is lost while it has that key', async () => {
    const { path, store } = await changed()
    plant(path, null, 'key_lost')
    expect(await noted(store)).toMatch('without a key')
  })

  test('with a replaced key, whatever was done to the entries before it', async () => {
    const { path, store, raw } = await changed()
    pastTheTriggers(raw, () => raw.prepare('update audit_events set key = ?').run(replaced.id))
    plant(path, replaced)
    expect(await noted(store)).toMatch('not written with AUDIT_KEY')
  })

  test('with the newest key, if entries name other keys than those that made them: so one that was replaced looks like the last', async () => {
    const next = auditKey('the key that is taken up today, after both')!
    const { path, store, raw } = await changed()
    store.close()
    const rename = raw.prepare('update audit_events set key = ? where key = ?')
    pastTheTriggers(raw, () => rename.run(present.id, replaced.id))
    plant(path, replaced)
    expect(() => opened(path, next, present, replaced)).toThrow(
      /Entry #1 .* was not written with the key that it names/,
    )
    pastTheTriggers(raw, () => raw.exec('delete from audit_events where seq = 3'))
    expect(() => opened(path, next, present, replaced)).toThrow(/Entry #1 /)
    pastTheTriggers(raw, () => raw.prepare('update audit_events set key = ? where seq = 1').run(replaced.id))
    await opened(path, next, present, replaced).note(stopped, 'app', null)
  })

  test('with the newer key, if it still has the one before and knows the other', async () => {
    const path = emptyDatabase()
    const before = opened(path, replaced, present)
    await before.note(stopped, 'app', null)
    await opened(path, present, replaced).note(stopped, 'app', null)
    expect(await noted(before)).toMatch('not written with AUDIT_KEY')
    expect(() => opened(path, replaced, present)).toThrow(/a replaced key is not used again/)
  })
})

test('an entry that was taken back, with others that could not be written, does not show that a key is in use', async () => {
  const { path } = await changed()
  const store = opened(path, auditKey('a third key, which comes after both')!, present, replaced)
  const unwritable = { ...started, version: 1n as unknown as string }
  await expect(store.noteAll([stopped, unwritable], 'app')).rejects.toThrow()
  expect(await noted(store)).toBeUndefined()
})

test('a change that was asked for with a replaced key is not borne out', async () => {
  const { path, store, raw } = await changed()
  const event = { type: 'proposed', at: createClock().iso(), ...proposal() } as const
  const change = await store.open(event, alice, 'view-1')
  const db = openDatabase(path)
  onTestFinished(() => void db.$client.close())
  const judge = () => storeIn(db, createClock().now, present, [replaced]).doubt(change)
  expect(await judge()).toBeNull()
  const [before, asked] = raw
    .prepare<[], Entry>(`select ${entryColumns} from audit_events where seq > 1 order by seq`)
    .all() as [Entry, Entry]
  const forged = entryHash(before.hash!, asked, replaced)
  pastTheTriggers(raw, () =>
    raw.prepare('update audit_events set key = ?, hash = ? where seq = 3').run(replaced.id, forged),
  )
  expect(await judge()).toMatch('entry #3 was written with a key that had been replaced before')
})
