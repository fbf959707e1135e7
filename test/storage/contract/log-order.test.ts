import { describe, expect, test } from 'vitest'
import type { ChangeEvent } from '../../../src/domain/change/event.ts'
import { proposedAt as at } from '../../support/changes.ts'
import { alice, proposal, settings } from '../../support/world.ts'
import { engines } from './engines.ts'

const why = 'so it came'
const answered: ChangeEvent = { type: 'write_answered', at, sentAt: at, answer: { kind: 'none', why } }
const drifted: ChangeEvent = { type: 'drift_found', at: '2026-06-01T09:05:00.000Z', live: settings() }
const revised = { ...proposal(), today: null, at: '2026-06-01T09:10:00.000Z', by: alice, voids: [], tells: [] }
const told = (...events: ChangeEvent[]) => events.map((event) => [event.type, event] as const)

describe.each(engines)('on $name', (engine) => {
  /** Changes #1 and #2 to one token, and a check for news of an update of #1 since #2 was asked for. */
  async function both() {
    const store = await (await engine.empty()).open()
    const propose = (origin: string) => store.open({ type: 'proposed', at, ...proposal() }, alice, origin)
    const first = await propose('view-1')
    await propose('view-2')
    const happens = (id: number, event: ChangeEvent) => store.record(id, 'app', () => event)
    const isTold = async () => {
      let is: boolean | undefined
      await store.record(2, 'app', (...[, , , isToldSince]) => {
        is = isToldSince(first)
        return null
      })
      return is
    }
    return { happens, isTold }
  }

  test.each(
    told(
      answered,
      { type: 'applied', at, written: true },
      { type: 'apply_refused', at, why },
      { type: 'write_arrived', at, sentAt: at },
    ),
  )('%s tells of an update of another change, and once this one is revised no longer does', async (_, event) => {
    const { happens, isTold } = await both()
    const revisions = [
      ['amended', '2026-06-01T09:10:00.000Z'],
      ['rebased', '2026-06-01T09:15:00.000Z'],
    ] as const
    for (const [type, revisedAt] of revisions) {
      await happens(1, event)
      expect(await isTold()).toBe(true)
      await happens(2, { ...revised, type, at: revisedAt })
      expect(await isTold()).toBe(false)
    }
    await happens(1, event)
    expect(await isTold()).toBe(true)
  })

  test.each(
    told({ type: 'cancelled', at, by: alice }, { type: 'reminded', at, remindAt: at }, drifted, {
      type: 'apply_interrupted',
      at,
      why,
      retryAt: at,
    }),
  )('%s tells of no update', async (_, event) => {
    const { happens, isTold } = await both()
    await happens(1, event)
    expect(await isTold()).toBe(false)
  })

  test('news of an update between a stop and the rebase over it counts as told since', async () => {
    const { happens, isTold } = await both()
    await happens(1, answered)
    await happens(2, drifted)
    expect(await isTold()).toBe(true)
    await happens(2, { ...revised, type: 'rebased', shownAt: drifted.at })
    expect(await isTold()).toBe(false)
    await happens(1, { type: 'write_arrived', at, sentAt: at })
    expect(await isTold()).toBe(true)
    await happens(2, { ...revised, type: 'amended', shownAt: drifted.at, at: '2026-06-01T09:15:00.000Z' })
    expect(await isTold()).toBe(true)
  })
})
