import { expect, onTestFinished, test, vi } from 'vitest'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { announcing, telling } from '../../../src/workflow/log/news.ts'
import { lookAtEdit } from '../../../src/workflow/looks/look-at-edit.ts'
import { emptyDatabase } from '../../support/file.ts'
import { outsideEdit } from '../../support/many.ts'
import { alice, bob, proposal, settings } from '../../support/world.ts'

const at = '2026-06-01T09:00:00.000Z'

function world() {
  const inner = openStore(emptyDatabase())
  onTestFinished(inner.close)
  /** The size of the log each time there was news. */
  const news: number[] = []
  const store = announcing(inner, () => void inner.checkpoint().then(({ size }) => news.push(size)))
  return { store, inner, news, told: async () => (await inner.checkpoint()) && news.splice(0) }
}

test('anything that people may have on their screen is announced once it is stored', async () => {
  const { store, told } = world()
  await store.open({ type: 'proposed', at, ...proposal() }, alice, 'view')
  expect(await told()).toEqual([1])
  await store.record(1, bob, () => ({ type: 'claimed', at, by: bob }))
  expect(await told()).toEqual([2])
  await store.cardStands(1, { channel: 'C1', ts: '1.0', seq: 2 })
  await store.rememberToken({ stack: 'website', uid: 't1', settings: settings() }, at)
  await store.rememberTokens('website', [], at)
  expect(await told()).toEqual([2, 2, 2])
  await store.note(outsideEdit(1), 'app', null)
  await store.note({ type: 'outside_edit_seen', edit: 3 }, bob, null)
  await store.note({ type: 'log_verified', intact: true, complete: null, size: 4, head: '' }, 'cli', null)
  expect(await told()).toEqual([3, 4, 5])
})

test('facts that nobody is shown, or that were not written, are not announced', async () => {
  const { store, told } = world()
  await store.open({ type: 'proposed', at, ...proposal() }, alice, 'view')
  await told()
  await store.record(1, bob, () => null)
  await store.note({ type: 'refused', attempted: 'approve', code: 'not_allowed', why: 'no' }, bob, 1)
  await store.note({ type: 'stopped' }, 'app', null)
  await store.requesterWasTold(1, 'sent')
  await expect(store.record(9, bob, () => null)).rejects.toThrow('no change #9')
  const failing = () => {
    throw new Error('no')
  }
  await expect(store.record(1, bob, failing)).rejects.toThrow('no')
  expect(await told()).toEqual([])
})

test('a look at an edit is recorded once', async () => {
  const { store, inner } = world()
  await store.note(outsideEdit(1), 'app', null)
  await lookAtEdit(store, 1, alice)
  await lookAtEdit(store, 1, bob)
  const events = await inner.events()
  expect(events.slice(1)).toMatchObject([{ actor: alice, event: { type: 'outside_edit_seen', edit: 1 } }])
})

test.each([2, 99])('an edit that does not exist (%i) is refused, and nothing is recorded', async (edit) => {
  const { store, inner } = world()
  await store.note(outsideEdit(1), 'app', null)
  await store.note({ type: 'started', version: '1' }, 'app', null)
  await expect(lookAtEdit(store, edit, alice)).rejects.toThrow(expect.objectContaining({ code: 'not_found' }))
  expect(await inner.events()).toHaveLength(2)
})

test('each event of a change is reported once, soon after whoever decided has been answered, or at a stop', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const reported: unknown[] = []
  const store = telling(openStore(emptyDatabase()), (...recorded) => reported.push(recorded))
  await store.open({ type: 'proposed', at, ...proposal() }, alice, 'view')
  await store.open({ type: 'proposed', at: '2026-06-01T09:00:01.000Z', ...proposal() }, alice, 'view')
  await store.record(1, bob, () => null)
  expect(reported).toEqual([])
  vi.advanceTimersByTime(50)
  expect(reported).toEqual([[1, 'proposed']])

  await store.record(1, bob, () => ({ type: 'claimed', at, by: bob }))
  expect(reported).toHaveLength(1)
  await store.close()
  vi.advanceTimersByTime(50)
  expect(reported.slice(1)).toEqual([[1, 'claimed']])
})
