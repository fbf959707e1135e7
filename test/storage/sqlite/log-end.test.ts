import { describe, expect, onTestFinished, test } from 'vitest'
import { Refusal } from '../../../src/domain/refusal.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { isLocked, troubleOf } from '../../../src/storage/sqlite/trouble.ts'
import { guarded } from '../../../src/workflow/log/guarded-store.ts'
import { createHealth } from '../../../src/workflow/log/health.ts'
import { createClock } from '../../support/clock.ts'
import { emptyDatabase, rawConnection } from '../../support/file.ts'
import { pastTheTriggers } from '../../support/tamper.ts'
import { alice, proposal } from '../../support/world.ts'

const numbers = ['3', '9007199254740990', '9007199254740990 and 9007199254740991', '9223372036854775807']

/** A running app's store with one entry in its log, behind which somebody planted another with this number. */
async function planted(number: string) {
  const path = emptyDatabase()
  const clock = createClock()
  const health = createHealth({ now: clock.now, onChange: () => {} })
  const store = guarded(openStore(path, clock.now), { health, troubleOf, isLocked })
  onTestFinished(store.close)
  await store.open({ type: 'proposed', at: clock.iso(), ...proposal() }, alice, 'view-1')
  const raw = rawConnection(path)
  for (const seq of number.split(' and '))
    raw.exec(`insert into audit_events (seq, at, actor, type, body) values (${seq}, '', 'app', 'stopped', '{}')`)
  return { path, raw, health, store, note: () => store.note({ type: 'stopped' }, 'app', null) }
}

describe.each(numbers)('after an entry that somebody gave the number %s', (number) => {
  test('nothing is recorded, people are told that the log cannot be written, and health says why', async () => {
    const { health, note } = await planted(number)
    await expect(note()).rejects.toBeInstanceOf(Refusal)
    await expect(note()).rejects.toThrow(/^Countersign is read-only: it can't write its log, because its last entry/)
    expect(health.trouble()?.why).toMatch(/^its last entry, #\d+, does not follow the one before it/)
  })

  test('that stays so until the entry is gone, however often it is tried', async () => {
    const { health, note, raw, store } = await planted(number)
    await expect(note()).rejects.toBeInstanceOf(Refusal)
    await expect(store.tryToWrite()).rejects.toBeInstanceOf(Refusal)
    expect(health.trouble()).not.toBeNull()
    pastTheTriggers(raw, () => raw.exec('delete from audit_events where seq > 1'))
    await store.tryToWrite()
    expect(health.trouble()).toBeNull()
    await note()
  })

  test('no checkpoint is made, which would claim entries that never existed', async () => {
    const { store } = await planted(number)
    await expect(store.checkpoint()).rejects.toBeInstanceOf(Refusal)
  })

  test('the app does not start, and says why', async () => {
    const { path } = await planted(number)
    expect(() => openStore(path)).toThrow(/can't be continued\. .*last entry, #\d+, does not follow the one before it/)
  })
})
