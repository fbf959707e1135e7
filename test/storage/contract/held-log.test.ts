import { describe, expect, test } from 'vitest'
import { type AuditKey, auditKey } from '../../../src/domain/audit/chain.ts'
import { createClock } from '../../support/clock.ts'
import { alice, proposal } from '../../support/world.ts'
import { engines } from './engines.ts'
import { withTurns } from './turns.ts'

describe.each(engines)('on $name', (engine) => {
  /** A change that was asked for 700 entries ago, with entries by everybody else since. */
  async function longAgo() {
    const clock = createClock()
    const held = await withTurns(await engine.empty(), clock)
    const { store, turns } = held
    await store.note({ type: 'stopped' }, 'app', null)
    const change = await store.open({ type: 'proposed', at: clock.iso(), ...proposal() }, alice, 'view-1')
    await store.noteAll(
      Array.from({ length: 700 }, () => ({ type: 'stopped' })),
      'app',
    )
    turns.count = 0
    return { ...held, change }
  }

  const rewritten = `update audit_events set actor = 'U0MALLORY' where seq = `

  describe('checking a change against a long log', () => {
    test('lets others have their turn after each 256 entries, and the next time follows only what came since', async () => {
      const { store, turns, change } = await longAgo()
      expect(await store.doubt(change)).toBeNull()
      expect(turns.count).toBe(2)
      await store.note({ type: 'stopped' }, 'app', null)
      turns.count = 0
      expect(await store.doubt(change)).toBeNull()
      expect(turns.count).toBe(0)
    })

    test('follows what is written meanwhile', async () => {
      const { store, turns, change } = await longAgo()
      turns.meanwhile = async () => store.note({ type: 'stopped' }, 'app', null)
      expect(await store.doubt(change)).toBeNull()
    })

    test.each([2, 300, 702])('finds that somebody rewrote entry #%i after it was followed', async (seq) => {
      const { store, place, change } = await longAgo()
      expect(await store.doubt(change)).toBeNull()
      await place.tamper(`${rewritten} ${seq}`)
      expect(await store.doubt(change)).toBe(`entry #${seq} is not what was written`)
    })

    test('finds that an entry of the change itself was rewritten, even where nobody is seen to have written', async () => {
      const { store, within, change } = await longAgo()
      expect(await store.doubt(change)).toBeNull()
      await within(`${rewritten} 2`)
      expect(await store.doubt(change)).toBe('entry #2 is not what was written')
    })

    test('finds that an entry is gone after those that were followed', async () => {
      const { store, within, change } = await longAgo()
      expect(await store.doubt(change)).toBeNull()
      await store.noteAll([{ type: 'stopped' }, { type: 'stopped' }], 'app')
      await within('delete from audit_events where seq = 703')
      expect(await store.doubt(change)).toBe('entry #704 follows #702')
    })

    test('finds the same for an entry that only a later one covers, as from before the log was chained', async () => {
      const { place, within, change } = await longAgo()
      await within('update audit_events set hash = null')
      const store = await place.open()
      await store.note({ type: 'stopped' }, 'app', null)
      expect(await store.doubt(change)).toBeNull()
      await within(`${rewritten} 2`)
      expect(await store.doubt(change)).toBe('entry #703 is not what was written')
    })

    test('finds that the last entry that was followed is gone', async () => {
      const { store, within, change } = await longAgo()
      expect(await store.doubt(change)).toBeNull()
      await store.note({ type: 'stopped' }, 'app', null)
      await within('delete from audit_events where seq = 702')
      expect(await store.doubt(change)).toBe('entry #703 follows #701')
    })

    test('with a key that is not at hand, keeps nothing for a change that was asked for since', async () => {
      const place = await engine.empty()
      const [before, present] = [
        auditKey('the key that was in use before')!,
        auditKey('the key that is in use by now')!,
      ]
      const proposed = { type: 'proposed', at: createClock().iso(), ...proposal() } as const
      const opened = (key: AuditKey, ...earlier: NonNullable<AuditKey>[]) =>
        place.open({ now: createClock().now, key, earlier })
      const early = await (await opened(before)).open(proposed, alice, 'view-1')
      await (await opened(present, before)).note({ type: 'stopped' }, 'app', null)
      const store = await opened(present)
      const late = await store.open({ ...proposed, tokenUid: 't2' }, alice, 'view-2')
      for (let i = 0; i < 2; i++) {
        expect(await store.doubt(early)).toEqual({ missingKey: before.id })
        expect(await store.doubt(late)).toBeNull()
      }
    })

    test('follows what was written before for a change that was asked for earlier', async () => {
      const { store, turns, change } = await longAgo()
      const later = await store.open(
        { type: 'proposed', at: change.revisedAt, ...proposal({ tokenUid: 't2' }) },
        alice,
        'v2',
      )
      expect(await store.doubt(later)).toBeNull()
      expect(turns.count).toBe(0)
      expect(await store.doubt(change)).toBeNull()
      expect(turns.count).toBe(2)
    })
  })
})
