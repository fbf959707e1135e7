import { describe, expect, onTestFinished, test } from 'vitest'
import type { ChangeEvent } from '../../src/domain/change.ts'
import { openStore } from '../../src/storage/store.ts'
import { proposedAt as at, lease } from '../support/changes.ts'
import { temporaryFile } from '../support/file.ts'
import { alice, bob, proposal, settings } from '../support/world.ts'

const approved: ChangeEvent = { type: 'approved', at, by: bob, revision: 1, quorum: true }
const started: ChangeEvent = { type: 'apply_started', at, lease }
const endings: ChangeEvent[] = [
  { type: 'rejected', at, by: bob, reason: 'no' },
  { type: 'cancelled', at, by: alice },
  { type: 'applied', at, written: true },
  { type: 'apply_refused', at, why: 'no' },
  { type: 'drift_found', at, live: settings() },
]

/** A change whose events are these, with nothing else left to do: its card stands as it is, the requester knows. */
async function settled(...events: ChangeEvent[]) {
  const store = openStore(temporaryFile())
  onTestFinished(store.close)
  await store.open({ type: 'proposed', at, ...proposal() }, alice, 'view-1')
  for (const event of events) await store.record(1, 'app', () => event)
  const { change, seq } = await store.get(1)
  await store.cardStands(1, { channel: 'C1', ts: '1.0', seq })
  await store.wasTold(1, 'endedAt' in change ? change.status : 'sent')
  return store
}

const later = '2026-06-01T23:00:00.000Z'

test('a change that waits for people, with its card in place and its requester told, calls for nothing', async () => {
  expect(await (await settled()).unfinished(later)).toEqual([])
})

test.each(endings)(
  'a change that ended by $type, with its card in place and its requester told, calls for nothing',
  async (event) => {
    expect(await (await settled(event)).unfinished(later)).toEqual([])
  },
)

describe('a change calls for something', () => {
  test('when it is approved', async () => {
    expect(await (await settled(approved)).unfinished(at)).toEqual([1])
  })

  test('when an interrupted apply is due again, and not before', async () => {
    const interrupted: ChangeEvent = { type: 'apply_interrupted', at, why: 'x', retryAt: '2026-06-01T09:00:10.000Z' }
    const store = await settled(approved, started, interrupted)
    expect(await store.unfinished('2026-06-01T09:00:09.999Z')).toEqual([])
    expect(await store.unfinished('2026-06-01T09:00:10.000Z')).toEqual([1])
  })

  test('when the lease of its apply is over, and not before', async () => {
    const store = await settled(approved, started)
    expect(await store.unfinished('2026-06-01T09:00:59.999Z')).toEqual([])
    expect(await store.unfinished(lease.until)).toEqual([1])
  })

  test('when it has lost its quorum, no longer', async () => {
    expect(await (await settled(approved, { type: 'quorum_lost', at })).unfinished(later)).toEqual([])
  })

  test('when it has no card yet', async () => {
    const store = openStore(temporaryFile())
    onTestFinished(store.close)
    await store.open({ type: 'proposed', at, ...proposal() }, alice, 'view-1')
    await store.wasTold(1, 'sent')
    expect(await store.unfinished(at)).toEqual([1])
    await store.cardIsBeingPosted(1, { until: '2026-06-01T09:00:15.000Z', instead: null })
    expect(await store.unfinished(at)).toEqual([1])
  })

  test('when its card is behind', async () => {
    const store = await settled(endings[1]!)
    await store.cardStands(1, { channel: 'C1', ts: '1.0', seq: 1 })
    expect(await store.unfinished(at)).toEqual([1])
  })

  test('when the requester was told nothing yet', async () => {
    const store = openStore(temporaryFile())
    onTestFinished(store.close)
    await store.open({ type: 'proposed', at, ...proposal() }, alice, 'view-1')
    await store.cardStands(1, { channel: 'C1', ts: '1.0', seq: 1 })
    expect(await store.unfinished(at)).toEqual([1])
  })

  test.each(endings)('when the requester was not told that it ended by $type', async (event) => {
    const store = await settled(event)
    await store.wasTold(1, 'sent')
    expect(await store.unfinished(at)).toEqual([1])
  })
})

test('those that call for something are named once each, the oldest first', async () => {
  const store = await settled(approved)
  await store.open({ type: 'proposed', at, ...proposal() }, alice, 'view-2')
  await store.wasTold(1, 'nothing yet')
  expect(await store.unfinished(later)).toEqual([1, 2])
})
