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

  describe('a log that has lost what the app saw in it', () => {
    /** A running app's store, and what has become of the three entries of its log. */
    async function lost(...statements: string[]) {
      const { open, tamper } = await empty()
      const clock = createClock()
      const health = createHealth({ now: clock.now, onChange: () => {} })
      const store = guarded(await open(clock), { health, troubleOf, isLocked })
      const note = () => store.note({ type: 'stopped' }, 'app', null)
      for (let i = 0; i < 3; i++) await note()
      for (const statement of statements) await tamper(statement)
      return { open: () => open(clock), tamper, health, store, note }
    }
    const missing = 'delete from audit_events where seq = 3'
    const aside = 'update audit_events set seq = -3 where seq = 3'
    const back = 'update audit_events set seq = 3 where seq = -3'
    const toDo = 'whoever runs Countersign has to stop it, run "npm run audit -- put-back", and start it again'

    test('is written no further, and people are told why', async () => {
      const { health, note, store } = await lost(missing)
      await expect(note()).rejects.toThrow(/^Countersign is read-only: .* because its entry #3 is missing/)
      await expect(store.tryToWrite()).rejects.toBeInstanceOf(Refusal)
      await expect(store.open({ type: 'proposed', at: '', ...proposal() }, alice, 'view-1')).rejects.toThrow(
        'read-only',
      )
      expect(health.trouble()?.why).toContain(toDo)
      expect(await store.events()).toHaveLength(2)
    })

    test('is written no further when others have gone on with what was left', async () => {
      const { open, note, health } = await lost(missing)
      const other = await open()
      for (let i = 0; i < 3; i++) await other.note({ type: 'started', version: '1' }, 'app', null)
      await expect(note()).rejects.toBeInstanceOf(Refusal)
      expect(health.trouble()?.why).toMatch(/^its entry #3 has changed, .*put-back/)
    })

    test('is written no further by a process that has only tried if it can write', async () => {
      const { open, tamper } = await lost()
      const idle = await open()
      await idle.tryToWrite()
      await tamper(missing)
      await expect(idle.tryToWrite()).rejects.toThrow('its entry #3 is missing')
    })

    test('is written again once that is back, and by a process that starts anew', async () => {
      const { health, note, open, store, tamper } = await lost(aside)
      await expect(note()).rejects.toBeInstanceOf(Refusal)
      await tamper(back)
      await store.tryToWrite()
      expect(health.trouble()).toBeNull()
      await note()
      await tamper('delete from audit_events where seq > 2')
      await (await open()).note({ type: 'stopped' }, 'app', null)
    })

    test('is not suspected by a process whose own entry was never committed', async () => {
      const { note, store } = await lost()
      const bug = new Error('a bug')
      await expect(
        store.open({ type: 'proposed', at: '', ...proposal() }, alice, 'view-1', () => {
          throw bug
        }),
      ).rejects.toBe(bug)
      await note()
    })
  })
})
