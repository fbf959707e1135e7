import { describe, expect, test } from 'vitest'
import { Refusal } from '../../../src/domain/refusal.ts'
import { guarded } from '../../../src/workflow/log/guarded-store.ts'
import { createHealth } from '../../../src/workflow/log/health.ts'
import { createClock } from '../../support/clock.ts'
import { alice, proposal } from '../../support/world.ts'
import { engines } from './engines.ts'

const numbers = ['3', '9007199254740990', '9007199254740990 and 9007199254740991', '9223372036854775807']

describe.each(engines)('on $name', ({ empty, troubleOf, isLocked }) => {
  /** A running app's store with one entry in its log, behind which somebody planted another with this number. */
  async function planted(number: string) {
    const { open, sql, tamper } = await empty()
    const clock = createClock()
    const health = createHealth({ now: clock.now, onChange: () => {} })
    const store = guarded(await open(clock), { health, troubleOf, isLocked })
    await store.open({ type: 'proposed', at: clock.iso(), ...proposal() }, alice, 'view-1')
    for (const seq of number.split(' and '))
      await sql(`insert into audit_events (seq, at, actor, type, body) values (${seq}, '', 'app', 'stopped', '{}')`)
    return { open, tamper, health, store, note: () => store.note({ type: 'stopped' }, 'app', null) }
  }

  describe.each(numbers)('after an entry that somebody gave the number %s', (number) => {
    test('nothing is recorded, people are told that the log cannot be written, and health says why', async () => {
      const { health, note } = await planted(number)
      await expect(note()).rejects.toBeInstanceOf(Refusal)
      await expect(note()).rejects.toThrow(/^Countersign is read-only: it can't write its log, because its last entry/)
      expect(health.trouble()?.why).toMatch(/^its last entry, #\d+, does not follow the one before it/)
    })

    test('that stays so until the entry is gone, however often it is tried', async () => {
      const { health, note, tamper, store } = await planted(number)
      await expect(note()).rejects.toBeInstanceOf(Refusal)
      await expect(store.tryToWrite()).rejects.toBeInstanceOf(Refusal)
      expect(health.trouble()).not.toBeNull()
      await tamper('delete from audit_events where seq > 1')
      await store.tryToWrite()
      expect(health.trouble()).toBeNull()
      await note()
    })

    test('no checkpoint is made, which would claim entries that never existed', async () => {
      const { store } = await planted(number)
      await expect(store.checkpoint()).rejects.toBeInstanceOf(Refusal)
    })

    test('the app does not start, and says why', async () => {
      const { open } = await planted(number)
      await expect(open()).rejects.toThrow(/can't be continued\. .*last entry, #\d+, does not follow the one before it/)
    })
  })
})
