import { describe, expect, test } from 'vitest'
import type { OverviewWanted } from '../../../src/ports/past.ts'
import { manyOf, outsideEdit } from '../../support/many.ts'
import { alice, bob, proposal, settings } from '../../support/world.ts'
import { engines } from './engines.ts'

const days = { from: '2026-06-01', to: '2026-07-01' }
const wanted = (page: number): OverviewWanted => ({
  ended: { page, size: 5 },
  expiring: { page, size: 5, ...days },
  outsideEdits: { page, size: 5 },
})

describe.each(engines)('on $name', (engine) => {
  async function emptyStore() {
    const place = await engine.empty()
    return { place, store: await place.open() }
  }

  /** A store over a database after long use. */
  async function filledStore(counts: Parameters<typeof manyOf>[0]) {
    const { place, store } = await emptyStore()
    const { changes, events, tokens } = manyOf(counts)
    await place.add('change_requests', changes)
    await place.add('audit_events', events)
    await place.add('tokens', tokens)
    return store
  }

  describe('the overview', () => {
    test('names nothing in an empty database', async () => {
      const { store } = await emptyStore()
      const none = { items: [], page: 0, size: 5, total: 0 }
      expect(await store.overview(wanted(3))).toEqual({
        ended: none,
        expiring: none,
        outsideEdits: none,
        verified: null,
      })
    })

    test('names changes that have ended, the last to end first, and leaves out the open ones', async () => {
      const { store } = await emptyStore()
      for (const origin of ['a', 'b', 'c', 'd'])
        await store.open({ type: 'proposed', at: '', ...proposal() }, alice, origin)
      for (const id of [2, 1, 4])
        await store.record(id, 'app', () => ({ type: 'expired', at: '2026-06-08T09:00:00.000Z' }))
      const { ended } = await store.overview({ ...wanted(0), ended: { page: 0, size: 2 } })
      expect(ended.items.map(({ change }) => change.id)).toEqual([4, 1])
      expect(ended.total).toBe(3)
      const next = await store.overview({ ...wanted(0), ended: { page: 1, size: 2 } })
      expect(next.ended.items.map(({ change }) => change.id)).toEqual([2])
      expect((await store.openChanges()).map(({ change }) => change.id)).toEqual([3])
    })

    test('shows the last page if one beyond the end is asked for', async () => {
      const store = await filledStore({ ended: 11, outsideEdits: 11, expiring: 11 })
      const { ended, outsideEdits, expiring } = await store.overview(wanted(99))
      for (const { items, page, total } of [ended, outsideEdits, expiring])
        expect([items.length, page, total]).toEqual([1, 2, 11])
    })

    test('names tokens that expire within the days asked for, the first to expire first', async () => {
      const { store } = await emptyStore()
      const expiries = [
        '2026-05-31',
        '2026-07-01T23:00:00.000Z',
        '2026-06-01',
        null,
        'never',
        '2026-07-02',
        '2026-06-15',
      ]
      const tokens = expiries.map((expiresOn, i) => ({
        stack: 'website',
        uid: `t${i}`,
        settings: settings({ expiresOn }),
      }))
      await store.rememberTokens('website', tokens, '2026-06-01T09:00:00.000Z')
      const { expiring } = await store.overview(wanted(0))
      expect(expiring.items.map(({ settings }) => settings.expiresOn)).toEqual([
        '2026-06-01',
        '2026-06-15',
        '2026-07-01T23:00:00.000Z',
      ])
      expect(expiring.total).toBe(3)
    })

    test('names an edit made elsewhere until somebody has looked at it', async () => {
      const { store } = await emptyStore()
      await store.note(outsideEdit(1), 'app', null)
      await store.note(outsideEdit(2), 'app', null)
      const { outsideEdits } = await store.overview(wanted(0))
      expect(outsideEdits.items).toMatchObject([
        { seq: 2, fact: outsideEdit(2) },
        { seq: 1, fact: outsideEdit(1) },
      ])
      await store.note({ type: 'outside_edit_seen', edit: 2 }, bob, null)
      const after = await store.overview(wanted(0))
      expect(after.outsideEdits).toMatchObject({ items: [{ seq: 1 }], total: 1 })
      expect(await store.outsideEdit(1)).toMatchObject({ seq: 1, seen: false, fact: outsideEdit(1) })
      expect(await store.outsideEdit(2)).toMatchObject({ seq: 2, seen: true })
      expect(await store.outsideEdit(3)).toBeNull()
    })

    test('names the last verification of the log', async () => {
      const { store } = await emptyStore()
      const verified = { type: 'log_verified', intact: true, complete: null, size: 7, head: 'h' } as const
      await store.note(verified, 'cli', null)
      await store.note({ ...verified, size: 9 }, 'cli', null)
      await store.note({ type: 'stopped' }, 'app', null)
      expect((await store.overview(wanted(0))).verified).toMatchObject({ seq: 2, fact: { ...verified, size: 9 } })
    })
  })

  describe('in a database with 10,000 changes', () => {
    const counts = { ended: 10_000, open: 300, outsideEdits: 500, lookedAt: 500, expiring: 300, lasting: 200 }

    test('it shows the pages that were asked for', async () => {
      const store = await filledStore(counts)
      const { ended, expiring, outsideEdits } = await store.overview(wanted(7))
      expect([ended.total, expiring.total, outsideEdits.total]).toEqual([10_000, 300, 500])
      expect(ended.items.map(({ seq }) => seq)).toEqual([9965, 9964, 9963, 9962, 9961])
      expect(expiring.items.map(({ uid }) => uid)).toEqual(['t00035', 't00036', 't00037', 't00038', 't00039'])
      expect(outsideEdits.items.map(({ fact }) => fact.tokenUid)).toEqual(['t964', 't963', 't962', 't961', 't960'])
    })
  })
})
