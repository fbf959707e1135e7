import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../../src/storage/sqlite/database.ts'
import { storeIn } from '../../../src/storage/sqlite/store.ts'
import { createClock } from '../../support/clock.ts'
import { emptyDatabase, rawConnection } from '../../support/file.ts'
import { alice, proposal, settings } from '../../support/world.ts'

const at = '2026-06-01T09:00:00.000Z'
const draft = { person: alice, stack: 'website', tokenUid: 't1', before: settings(), form: {}, shown: null, afresh: {} }
const form = (id: string) => ({ id, ...draft, change: null, reverts: null })
const token = { stack: 'website', uid: 't1', settings: settings(), edited: { at, by: 'dave' } }

/** A store, and the tables written by a commit that waits for the disk, or by one that doesn't. */
function opened() {
  const path = emptyDatabase()
  const db = openDatabase(path)
  const clock = createClock(at)
  const store = storeIn(db, clock.now, null)
  onTestFinished(store.close)
  db.$client.exec('create temp table written (name, level)')
  for (const name of ['drafts', 'tokens', 'audit_events', 'change_requests'])
    for (const how of ['insert', 'update'])
      db.$client.exec(`create temp trigger ${how}_${name} after ${how} on main.${name} begin
        insert into written select '${name}', synchronous from pragma_synchronous; end`)
  const levels = { 1: 'soon', 2: 'at once' } as const
  const written = () => {
    const rows = db.$client.prepare<[], { name: string; level: 1 | 2 }>('select * from written').all()
    db.$client.exec('delete from written')
    return [...new Set(rows.map(({ name, level }) => `${name} ${levels[level]}`))].sort()
  }
  return { store, written, clock, path }
}

test('a form that is being opened waits for no disk, and one that says something does', async () => {
  const { store, written } = opened()
  await store.startDraft(form('d1'), at)
  expect(written()).toEqual(['drafts soon'])
  await store.saveDraft({ ...form('d1'), form: { name: 'other' } }, at)
  expect(written()).toEqual(['drafts at once'])
})

test('a form opened or a token seen without waiting for the disk is still in the file, for whoever starts after a kill', async () => {
  const { store, clock, path } = opened()
  await store.startDraft(form('d1'), at)
  await store.rememberToken(token, at)
  clock.pass(60)
  await store.rememberToken(token, clock.iso())
  const raw = rawConnection(path)
  expect(raw.prepare('select id from drafts').pluck().all()).toEqual(['d1'])
  expect(raw.prepare('select seen_at from tokens').pluck().all()).toEqual([clock.iso()])
})

test('a token that is just as it is known is seen again without waiting for the disk', async () => {
  const { store, written, clock } = opened()
  await store.rememberToken(token, at)
  expect(written()).toEqual(['tokens at once'])
  clock.pass(1)
  expect(await store.rememberToken(token, clock.iso())).toBe(true)
  expect(written()).toEqual(['tokens soon'])
})

test('a look at all tokens waits for the disk only if one differs from what is known', async () => {
  const { store, written, clock } = opened()
  const other = { ...token, uid: 't2' }
  const look = async (...seen: (typeof token)[]) => {
    clock.pass(1)
    expect((await store.rememberTokens('website', seen, clock.iso())).believed).toEqual(seen)
    return written()
  }
  expect(await look(token, other)).toEqual(['tokens at once'])
  expect(await look(token, other)).toEqual(['tokens soon'])
  const renamed = { ...other, settings: settings({ name: 'renamed' }) }
  expect(await look(token, renamed)).toEqual(['audit_events at once', 'tokens at once', 'tokens soon'])
  expect((await store.knownTokens()).map((known) => known.settings.name)).toEqual([token.settings.name, 'renamed'])
})

test.each([
  ['renamed', { ...token, settings: settings({ name: 'renamed' }) }, ['audit_events at once', 'tokens at once']],
  [
    'edited since by whoever it was',
    { ...token, edited: { at: '2026-06-01T09:00:00.500Z', by: 'dave' } },
    ['tokens at once'],
  ],
  ['edited by somebody else', { ...token, edited: { at, by: 'erin' } }, ['tokens at once']],
])('a token that is %s is on disk before anybody goes on', async (_, seen, on) => {
  const { store, written, clock } = opened()
  await store.rememberToken(token, at)
  written()
  clock.pass(1)
  await store.rememberToken(seen, clock.iso())
  expect(written()).toEqual(on)
})

test.each([
  ['missing', (store: ReturnType<typeof opened>['store'], began: string) => store.rememberTokens('website', [], began)],
  [
    'gone',
    (store: ReturnType<typeof opened>['store'], began: string) =>
      store.tokenIsGone({ stack: 'website', tokenUid: 't1' }, began),
  ],
])('a token that was %s, and is back as it was, is on disk as back', async (_, lose) => {
  const { store, written, clock } = opened()
  await store.rememberToken(token, at)
  clock.pass(1)
  await lose(store, clock.iso())
  written()
  clock.pass(1)
  await store.rememberToken(token, clock.iso())
  expect(written()).toEqual(['tokens at once'])
  expect(await store.knownTokens()).toHaveLength(1)
})

test('a look that began before the last one was over moves nothing', async () => {
  const { store, written, clock } = opened()
  clock.pass(60)
  await store.rememberToken(token, clock.iso())
  written()
  clock.pass(1)
  expect(await store.rememberToken(token, at)).toBe(true)
  expect(written()).toEqual([])
})

test('a change and its entry in the log are on disk at once, after writes that could wait, and after those have failed', async () => {
  const { store, written } = opened()
  await store.startDraft(form('d1'), at)
  await expect(store.startDraft(form('d1'), at)).rejects.toThrow('UNIQUE')
  written()
  await store.open({ type: 'proposed', at, ...proposal() }, alice, 'draft:d1')
  expect(written()).toEqual(['audit_events at once', 'change_requests at once'])
})
