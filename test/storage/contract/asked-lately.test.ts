import { describe, expect, test } from 'vitest'
import type { Fact } from '../../../src/domain/audit/fact.ts'
import { alice, bob, proposal } from '../../support/world.ts'
import { engines } from './engines.ts'

const of = { stack: 'website', tokenUid: 't1', requester: alice }
const now = '2026-06-01T09:00:00.000Z'

describe.each(engines)('on $name, what a person asked for within the last hour', (engine) => {
  async function asking() {
    const clock = { at: now }
    const store = await (await engine.empty()).open({ now: () => new Date(clock.at) })
    const asks = async (at: string, by = alice) => {
      clock.at = at
      await store.open({ type: 'proposed', at, ...proposal({ requester: by }) }, by, `view-${by}-${at}`)
    }
    const asked = async (by = alice) => {
      clock.at = now
      return (await store.waiting({ ...of, requester: by })).asked
    }
    return { clock, store, asks, asked }
  }

  test('is what that person alone asked for, after the hour began and not after now, earliest first', async () => {
    const { clock, store, asks, asked } = await asking()
    const within = ['2026-06-01T08:00:00.001Z', '2026-06-01T08:30:00.000Z', now]
    for (const at of ['2026-06-01T08:00:00.000Z', ...within, '2026-06-01T09:00:00.001Z']) await asks(at)
    await asks('2026-06-01T08:45:00.000Z', bob)
    clock.at = '2026-06-01T08:50:00.000Z'
    await store.record(1, alice, () => ({ type: 'cancelled', at: clock.at, by: alice }))
    expect(await asked()).toEqual(within)
    expect(await asked(bob)).toEqual(['2026-06-01T08:45:00.000Z'])
  })

  test('counts however much else was written since', async () => {
    const { store, asks, asked } = await asking()
    await asks('2026-06-01T08:30:00.000Z')
    const looks = Array.from({ length: 10_001 }, (): Fact => ({ type: 'stopped' }))
    await store.noteAll(looks, 'app')
    expect(await asked()).toEqual(['2026-06-01T08:30:00.000Z'])
  })

  test('counts though the clock was set back by hours after it', async () => {
    const { asks, asked } = await asking()
    await asks('2026-06-01T08:30:00.000Z')
    await asks('2026-06-01T02:00:00.000Z', bob)
    expect(await asked()).toEqual(['2026-06-01T08:30:00.000Z'])
  })
})
