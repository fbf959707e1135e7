import { describe, expect, test } from 'vitest'
import type { Change } from '../../../src/domain/change/change.ts'
import type { ChangeEvent } from '../../../src/domain/change/event.ts'
import { mostRecent } from '../../../src/storage/sqlite/change-rows.ts'
import { approval, proposedAt as at, lease } from '../../support/changes.ts'
import { alice, bob, proposal } from '../../support/world.ts'
import { engines } from './engines.ts'

const why = 'timeout'
const arrival = '2026-06-01T09:15:00.000Z'
/** The life of a change from its approval on, whose update was sent and may still arrive after its end. */
const sent: ChangeEvent[] = [
  { type: 'apply_started', at, lease: { ...lease, arrival }, seal: '' },
  { type: 'write_answered', at, sentAt: at, answer: { kind: 'none', why } },
  { type: 'apply_interrupted', at, why, retryAt: at },
  { type: 'cancelled', at, by: alice },
]

describe.each(engines)('on $name', (engine) => {
  async function world() {
    const place = await engine.empty()
    const store = await place.open()
    const ask = (origin: string) => store.open({ type: 'proposed', at, ...proposal() }, alice, origin)
    const send = async (origin: string) => {
      const asked = await ask(origin)
      for (const event of [approval(bob, asked, { quorum: true }), ...sent])
        await store.record(asked.id, 'app', () => event)
      return asked.id
    }
    const recent = async ({ id }: Change) => {
      let found: number[] = []
      await store.record(id, 'app', (_, __, recent) => {
        found = recent().map(({ id }) => id)
        return null
      })
      return found
    }
    return { place, store, ask, send, recent }
  }

  test('an update that may still arrive is not hidden even if as many changes as are asked for have ended since', async () => {
    const { store, ask, send, recent } = await world()
    for (let i = 0; i <= mostRecent; i++) await send(`view-${i}`)
    const change = await ask('view-last')
    expect(await recent(change)).toEqual(Array.from({ length: mostRecent }, (_, i) => mostRecent + 1 - i))
    expect(await store.doubt(change)).toBeNull()
  })

  test('a change that may still lead to something and is stored as one of another token is not borne out', async () => {
    const { place, store, ask, send } = await world()
    const id = await send('view-1')
    const change = await ask('view-2')
    expect(await store.doubt(change)).toBeNull()
    await place.sql('update change_requests set token_uid = ? where id = ?', 't9', id)
    expect(await store.doubt(change)).toMatch(`change #${id} of the same token is not stored as it says itself`)
  })
})
