import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createTurns, TooManyWaiting, type Wanted } from '../../src/contentstack/turns.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** One turn a second, of which the first is taken, and a list of those who have had one since. */
async function waitingRoom(mostWaiting: number) {
  const turn = createTurns({ perSecond: 1, mostWaiting })
  await turn()
  const had: string[] = []
  const wants = (name: string, wanted?: Wanted) => turn(wanted).then(() => void had.push(name))
  return { had, wants }
}

test('only so many may wait, and the next is turned away, unless it goes first or waited before', async () => {
  const { had, wants } = await waitingRoom(2)
  const letIn = [wants('a'), wants('b')]
  await expect(wants('c')).rejects.toBeInstanceOf(TooManyWaiting)
  letIn.push(wants('d', { again: true }), wants('e', { first: true }))
  await vi.advanceTimersByTimeAsync(4000)
  await Promise.all(letIn)
  expect(had).toEqual(['e', 'a', 'b', 'd'])
})

test('a request that nobody waits for takes no turn, from that moment on', async () => {
  const { had, wants } = await waitingRoom(9)
  void wants('late', { until: performance.now() + 1000 })
  void wants('in time', { until: performance.now() + 1001 })
  await vi.advanceTimersByTimeAsync(1000)
  expect(had).toEqual(['in time'])
})

test('no more than one timer runs however many wait', async () => {
  const { had, wants } = await waitingRoom(9)
  for (const name of ['a', 'b', 'c']) void wants(name)
  expect(vi.getTimerCount()).toBe(1)
  await vi.advanceTimersByTimeAsync(1000)
  expect([had, vi.getTimerCount()]).toEqual([['a'], 1])
  await vi.advanceTimersByTimeAsync(2000)
  expect([had, vi.getTimerCount()]).toEqual([['a', 'b', 'c'], 0])
})

test('processes that share what is allowed have their part of it, as many as they are now', async () => {
  let processes = 1
  const turn = createTurns({ perSecond: 6, mostWaiting: 99, sharedBy: () => processes })
  let had = 0
  for (let i = 0; i < 60; i++) void turn({ again: true }).then(() => void had++)
  const inASecond = async () => {
    const before = had
    await vi.advanceTimersByTimeAsync(1000)
    return had - before
  }
  await inASecond()
  expect(await inASecond()).toBe(6)
  processes = 3
  await inASecond()
  expect([await inASecond(), await inASecond()]).toEqual([2, 2])
  processes = 12
  await inASecond()
  expect((await inASecond()) + (await inASecond())).toBe(1)
})
