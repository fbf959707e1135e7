import { describe, expect, test } from 'vitest'
import { type Change, hasEnded } from '../../../src/domain/change/change.ts'
import type { ChangeEvent } from '../../../src/domain/change/event.ts'
import { withTooFew } from '../../../src/domain/change/news.ts'
import type { CardRef } from '../../../src/ports/cards.ts'
import { approval, proposedAt as at, lease, pending } from '../../support/changes.ts'
import { alice, bob, proposal, settings } from '../../support/world.ts'
import { engines } from './engines.ts'

const approved: ChangeEvent = approval(bob, pending(), { quorum: true })
const started: ChangeEvent = { type: 'apply_started', at, lease, seal: '' }
const drifted: ChangeEvent = { type: 'drift_found', at, live: settings() }
const lost: ChangeEvent = { type: 'quorum_lost', at, lost: [], why: '1 more' }
const { expiresAt, remindAt } = proposal()
const endings: ChangeEvent[] = [
  { type: 'rejected', at, by: bob, reason: 'no' },
  { type: 'cancelled', at, by: alice },
  { type: 'expired', at },
  { type: 'applied', at, written: true },
  { type: 'apply_refused', at, why: 'no' },
]

describe.each(engines)('on $name', (engine) => {
  /** A change with these events and nothing else left to do: its card is up to date, the requester knows. */
  async function settled(...events: ChangeEvent[]) {
    const store = await (await engine.empty()).open()
    await store.open({ type: 'proposed', at, ...proposal() }, alice, 'view-1')
    for (const event of events) await store.record(1, 'app', () => event)
    const { change, seq } = await store.get(1)
    await store.cardStands(1, { channel: 'C1', ts: '1.0', seq })
    await store.requesterWasTold(1, newsOf(change))
    if (hasEnded(change)) await store.wasAnchored(1, 'everywhere')
    return store
  }

  /** The requester is told each of these once. */
  function newsOf({ status, revision }: Change): string {
    return ['pending', 'approved', 'applying'].includes(status) ? 'sent' : `${status} ${revision}`
  }

  const justBefore = (instant: string) => new Date(Date.parse(instant) - 1).toISOString()
  const muchLater = '2099-01-01T00:00:00.000Z'

  test('a change that waits for people, with its card posted and its requester told, calls for nothing', async () => {
    expect(await (await settled()).unfinished(justBefore(remindAt))).toEqual([])
  })

  test('a change whose requester was also told that too few are left calls for nothing', async () => {
    const store = await settled()
    await store.requesterWasTold(1, withTooFew('sent'))
    expect(await store.unfinished(justBefore(remindAt))).toEqual([])
  })

  test.each(endings)(
    'a change that ended by $type, with its card in place, its requester told and its end anchored, calls for nothing ever',
    async (event) => {
      expect(await (await settled(event)).unfinished(muchLater)).toEqual([])
    },
  )

  describe('a change calls for something', () => {
    test('when it is approved', async () => {
      expect(await (await settled(approved)).unfinished(at)).toEqual([1])
    })

    test('on its way to the stack, since a clock that was set back cannot be told from a next step that is far away', async () => {
      const interrupted: ChangeEvent = { type: 'apply_interrupted', at, why: 'x', retryAt: muchLater }
      for (const events of [[started], [started, interrupted]])
        expect(await (await settled(approved, ...events)).unfinished(at)).toEqual([1])
    })

    test('when it has lost its quorum, only as one that waits', async () => {
      expect(await (await settled(approved, lost)).unfinished(justBefore(remindAt))).toEqual([])
    })

    test.each<[string, ChangeEvent[], string]>([
      ['pending and a reminder is due', [], remindAt],
      [
        'pending and the next reminder is due',
        [{ type: 'reminded', at, remindAt: '2026-06-03T09:00:00.000Z' }],
        '2026-06-03T09:00:00.000Z',
      ],
      ['pending and its time is over', [{ type: 'reminded', at, remindAt: muchLater }], expiresAt],
      ['drifted and its time is over', [drifted], expiresAt],
    ])('when it is %s, and not before', async (_, events, due) => {
      const store = await settled(...events)
      expect(await store.unfinished(justBefore(due))).toEqual([])
      expect(await store.unfinished(due)).toEqual([1])
      expect(await store.unfinished(due, () => false)).toEqual([])
      expect(await store.unfinished(justBefore(due), () => true)).toEqual([1])
    })

    test('when it has no card yet', async () => {
      const store = await (await engine.empty()).open()
      await store.open({ type: 'proposed', at, ...proposal() }, alice, 'view-1')
      await store.requesterWasTold(1, 'sent')
      expect(await store.unfinished(at)).toEqual([1])
      await store.cardIsBeingPosted(1, { until: '2026-06-01T09:00:15.000Z', instead: null })
      expect(await store.unfinished(at)).toEqual([1])
    })

    test('when its card is behind', async () => {
      const store = await settled(endings[1]!)
      await store.cardStands(1, { channel: 'C1', ts: '1.0', seq: 1 })
      expect(await store.unfinished(at)).toEqual([1])
    })

    test('when it left a card in another channel, until that one says where it is, or is its card again', async () => {
      const [first, second] = ['C1', 'C2'].map((channel, i) => ({ channel, ts: `${i + 1}.0` })) as [CardRef, CardRef]
      const store = await settled()
      const { seq } = await store.get(1)
      await store.cardStands(1, { ...second, seq })
      expect(await store.unfinished(at)).toEqual([1])
      await store.cardStands(1, { ...first, seq })
      expect(await store.cardsLeft(1)).toEqual([second])
      await store.cardPointsOn(1, second)
      expect(await store.unfinished(at)).toEqual([])
    })

    test('when the requester was told nothing yet', async () => {
      const store = await (await engine.empty()).open()
      await store.open({ type: 'proposed', at, ...proposal() }, alice, 'view-1')
      await store.cardStands(1, { channel: 'C1', ts: '1.0', seq: 1 })
      expect(await store.unfinished(at)).toEqual([1])
    })

    test.each([...endings, drifted])('when the requester was not told of $type', async (event) => {
      const store = await settled(event)
      await store.requesterWasTold(1, 'sent')
      expect(await store.unfinished(at)).toEqual([1])
    })

    test.each(endings)('when it ended by $type, and some place holds no checkpoint from after it', async (event) => {
      const store = await settled(event)
      await store.wasAnchored(1, ['file'])
      expect(await store.unfinished(at)).toEqual([1])
      await store.wasAnchored(1, [])
      expect(await store.unfinished(at)).toEqual([1])
    })

    test.each<ChangeEvent>([
      { type: 'amended', at, by: alice, ...proposal(), voids: [] },
      { ...lost, lost: [{ by: bob, why: 'left' }] },
    ])('when $type left an approval that no longer counts, and whoever gave it was not told', async (event) => {
      const store = await settled(approved, ...(event.type === 'amended' ? [lost, event] : [event]))
      const [of] = await store.untoldVoidApprovals(1)
      expect(of).toEqual({ person: bob, approvedAt: at, why: event.type === 'amended' ? null : 'left' })
      expect(await store.unfinished(justBefore(remindAt))).toEqual([1])
      await store.approverWasTold(1, of!)
      expect(await store.untoldVoidApprovals(1)).toEqual([])
      expect(await store.unfinished(justBefore(remindAt))).toEqual([])
    })

    test('when it drifted again after a rebase, and the requester was told only of the first time', async () => {
      const rebased: ChangeEvent = { ...proposal(), type: 'rebased', at, by: alice, voids: [] }
      const store = await settled(drifted, rebased, drifted)
      expect(await store.unfinished(at)).toEqual([])
      await store.requesterWasTold(1, 'drifted 1')
      expect(await store.unfinished(at)).toEqual([1])
    })

    test('when it was sent again after a rebase', async () => {
      const store = await settled(drifted, { ...proposal(), type: 'rebased', at, by: alice, voids: [] })
      expect(await store.unfinished(at)).toEqual([])
      await store.requesterWasTold(1, 'drifted 1')
      expect(await store.unfinished(at)).toEqual([1])
    })
  })

  test('changes that call for something are named once each, oldest first', async () => {
    const store = await settled(approved)
    await store.open({ type: 'proposed', at, ...proposal() }, alice, 'view-2')
    await store.requesterWasTold(1, 'nothing yet')
    expect(await store.unfinished(muchLater)).toEqual([1, 2])
  })
})
