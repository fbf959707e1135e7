import { expect, test } from 'vitest'
import { createOthers } from '../../src/app/other-instances.ts'
import type { Instance, PresenceStore } from '../../src/ports/presence.ts'

const me = { names: ['mine'], doubts: [1] }

/** A database on which the given ones came before. */
function among(others: readonly Partial<Instance>[]) {
  const left: string[] = []
  const store: PresenceStore = {
    isPresent: async (one) => [
      ...others.map((other, i) => ({ ...one, id: `other-${i}`, host: `host-${i}`, names: [`lease-${i}`], ...other })),
      one,
    ],
    hasLeft: async (id) => void left.push(id),
    tellOthers: async () => {},
    hearOthers: async () => ({ stop: async () => {} }),
  }
  return { store, left }
}

test('alone, all of what a stack allows is its own, and nobody else is at work', async () => {
  const others = createOthers()
  expect([others.sharedBy(), await others.seen(among([]).store, () => me), others.sharedBy()]).toEqual([1, [], 1])
  expect(others.areAtWork('mine')).toBe(false)
})

test('what a stack allows is shared by all that are there, and each knows of the leases and doubts of the others', async () => {
  const others = createOthers()
  const { store } = among([{ doubts: [3] }, { doubts: [4, 5] }])
  expect(await others.seen(store, () => me)).toEqual([3, 4, 5])
  expect(others.sharedBy()).toBe(3)
  expect(['lease-0', 'lease-1', 'mine', 'lease-2'].map(others.areAtWork)).toEqual([true, true, false, false])
})

test('how many others there are is looked up anew, and without the database they count as they were last seen', async () => {
  const others = createOthers()
  expect(await others.elsewhere()).toBe(0)
  const now: Partial<Instance>[] = [{}]
  const { store } = among(now)
  await others.seen(store, () => me)
  now.push({})
  expect(await others.elsewhere()).toBe(2)
  store.isPresent = async () => Promise.reject(new Error('the database is away'))
  now.pop()
  expect(await others.elsewhere()).toBe(2)
})
