import { openSync, statSync, writeFileSync, writeSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { Refusal } from '../../../src/domain/refusal.ts'
import type { Store } from '../../../src/ports/store.ts'
import { lockWaits } from '../../../src/storage/sqlite/database.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { isLocked, troubleOf } from '../../../src/storage/sqlite/trouble.ts'
import { guarded } from '../../../src/workflow/log/guarded-store.ts'
import { createHealth } from '../../../src/workflow/log/health.ts'
import { createClock } from '../../support/clock.ts'
import { emptyDatabase, rawConnection } from '../../support/file.ts'
import { alice, proposal } from '../../support/world.ts'

let path: string
beforeEach(() => {
  path = emptyDatabase()
  const db = new Sqlite(path)
  db.exec('create table notes (text text)')
  db.close()
})

function open(options: Sqlite.Options = {}): Sqlite.Database {
  const db = new Sqlite(path, options)
  onTestFinished(() => void db.close())
  return db
}

const fails: [string, string, () => unknown][] = [
  [
    'a full disk',
    'the disk is full',
    () => {
      const db = open()
      db.pragma('max_page_count = 1')
      db.exec(`insert into notes values (hex(randomblob(50000)))`)
    },
  ],
  [
    'a file that can only be read',
    'the database is not writable',
    () => open({ readonly: true }).exec('delete from notes'),
  ],
  [
    'a file that is something else by now',
    'the file is not a database, or is damaged',
    () => {
      writeFileSync(path, 'a shopping list, long enough to hold a header of its own\n'.repeat(20))
      open().exec('delete from notes')
    },
  ],
  [
    'a damaged page',
    'the database is damaged',
    () => {
      writeSync(openSync(path, 'r+'), Buffer.alloc(statSync(path).size - 4096, 7), 0, undefined, 4096)
      open().prepare('select * from notes').all()
    },
  ],
  [
    'another program that keeps it locked',
    'another program keeps the database locked',
    () => {
      open().exec('begin exclusive')
      open({ timeout: 0 }).exec('delete from notes')
    },
  ],
]

test.each(fails)('%s is reported as what it is', (_, words, fail) => {
  let error: unknown
  try {
    fail()
  } catch (caught) {
    error = caught
  }
  expect(troubleOf(error)).toBe(words)
})

test('a mistake in a statement is not trouble with the database', () => {
  expect(troubleOf(new Error('no'))).toBeNull()
  expect(() => open().exec('insert into nowhere values (1)')).toThrow(
    expect.toSatisfy((error: unknown) => troubleOf(error) === null),
  )
})

/** A store on a file that another program can lock, so that writing fails for real. */
function world() {
  const file = emptyDatabase()
  const clock = createClock()
  const told: (string | null)[] = []
  const health = createHealth({ now: clock.now, onChange: (why) => told.push(why) })
  const plain = openStore(file, clock.now, null, [], lockWaits.brief)
  onTestFinished(plain.close)
  const store: Store = guarded(plain, { health, troubleOf, isLocked })
  const other = rawConnection(file)
  const propose = () => store.open({ type: 'proposed', at: clock.iso(), ...proposal() }, alice, 'view-1')
  return {
    clock,
    health,
    told,
    store,
    propose,
    lock: () => other.exec('begin exclusive'),
    unlock: () => other.exec('rollback'),
  }
}

test('something that cannot be recorded is refused in words, and nothing of it is kept', async () => {
  const { health, told, store, propose, lock, unlock, clock } = world()
  lock()
  const refusal = await propose().catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(Refusal)
  expect(refusal).toMatchObject({ code: 'unavailable', message: health.words() })
  expect(health.words()).toMatch(/^Countersign is read-only: it can't write its log, because another program keeps/)
  expect(health.trouble()).toEqual({ why: 'another program keeps the database locked', since: clock.iso() })

  unlock()
  expect(await store.events()).toEqual([])
  expect(health.words()).not.toBeNull()
  await store.tryToWrite()
  expect(health.words()).toBeNull()
  expect(told).toEqual(['another program keeps the database locked', null])
})

test('anything that is recorded shows that the log can be written again', async () => {
  const { health, propose } = world()
  health.fails('the disk is full')
  await propose()
  expect(health.words()).toBeNull()
})

test('reading shows nothing about writing', async () => {
  const { health, store } = world()
  health.fails('the disk is full')
  await store.knownTokens()
  expect(health.words()).not.toBeNull()
})

test('a refusal for another reason stays what it is', async () => {
  const { health, store } = world()
  await expect(store.get(7)).rejects.toMatchObject({ code: 'not_found' })
  expect(health.words()).toBeNull()
})

/** How often the process could do something else meanwhile. */
async function turnsOfTheLoopDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0
  let isOver = false
  const turn = () => {
    turns += 1
    if (!isOver) setImmediate(turn)
  }
  setImmediate(turn)
  await Promise.allSettled([work])
  isOver = true
  return turns
}

test('the lock of another process is waited for while it is short, and nobody is told', async () => {
  const { health, told, store, propose, lock, unlock } = world()
  lock()
  const proposed = propose()
  await new Promise(setImmediate)
  unlock()
  expect((await proposed).id).toBe(1)
  expect(await store.events()).toHaveLength(1)
  expect([health.words(), told]).toEqual([null, []])
})

test('a decision that waited for a lock is made once, on the change as it then is', async () => {
  const { store, propose, lock, unlock, clock } = world()
  const { id } = await propose()
  lock()
  let decided = 0
  const claimed = store.record(id, alice, () => {
    decided += 1
    return { type: 'claimed', at: clock.iso(), by: alice }
  })
  await new Promise(setImmediate)
  expect(decided).toBe(0)
  unlock()
  await claimed
  expect(decided).toBe(1)
  expect((await store.events()).map(({ event }) => event.type)).toEqual(['proposed', 'claimed'])
})

test('while it waits for a lock, the process goes on with everything else', async () => {
  const { health, propose, lock } = world()
  lock()
  expect(await turnsOfTheLoopDuring(propose())).toBeGreaterThan(20)
  expect(health.words()).toContain('another program keeps the database locked')
})

/** A store that can only fail, and how often it was asked to do something. */
function failing(code: string) {
  const { health, store } = world()
  let tries = 0
  const note = async () => {
    tries += 1
    throw new Sqlite.SqliteError('no', code)
  }
  const watched = guarded({ ...store, note }, { health, troubleOf, isLocked })
  return { attempt: () => watched.note({ type: 'stopped' }, 'app', null), tries: () => tries }
}

test('once it is known that the database is locked, nobody has to wait to be told so', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { attempt, tries } = failing('SQLITE_BUSY')
  const first = expect(attempt()).rejects.toThrow(/is read-only/)
  await vi.runAllTimersAsync()
  await first
  expect(tries()).toBe(8)
  const second = expect(attempt()).rejects.toThrow(/is read-only/)
  await vi.runAllTimersAsync()
  await second
  expect(tries()).toBe(9)
})

test('other trouble with the database is reported at once, and not tried again', async () => {
  const { attempt, tries } = failing('SQLITE_FULL')
  await expect(attempt()).rejects.toThrow(/the disk is full/)
  expect(tries()).toBe(1)
})
