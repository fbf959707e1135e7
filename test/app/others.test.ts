import { expect, test } from 'vitest'
import { createOthers } from '../../src/app/others.ts'
import { Refusal } from '../../src/domain/refusal.ts'
import type { Instance, PresenceStore } from '../../src/ports/presence.ts'

const me = { isOnSocket: true, names: ['mine'], doubts: [1] }

/** A database on which the given ones came before. */
function among(others: readonly Partial<Instance>[]) {
  const left: string[] = []
  const store: PresenceStore = {
    isPresent: async (one) => [
      ...others.map((other, i) => ({ ...one, id: `other-${i}`, host: `host-${i}`, names: [`lease-${i}`], ...other })),
      one,
    ],
    hasLeft: async (id) => void left.push(id),
  }
  return { store, left }
}

test('alone, all of what a stack allows is its own, and nobody else is at work', async () => {
  const others = createOthers()
  expect([others.sharedBy(), await others.seen(among([]).store, me), others.sharedBy()]).toEqual([1, [], 1])
  expect(others.areAtWork('mine')).toBe(false)
})

test('what a stack allows is shared by all that are there, and each knows of the leases and doubts of the others', async () => {
  const others = createOthers()
  const { store } = among([{ doubts: [3] }, { doubts: [4, 5] }])
  expect(await others.seen(store, me)).toEqual([3, 4, 5])
  expect(others.sharedBy()).toBe(3)
  expect(['lease-0', 'lease-1', 'mine', 'lease-2'].map(others.areAtWork)).toEqual([true, true, false, false])
})

test('a sixth process over Socket Mode does not start, and says what to do', async () => {
  const { store, left } = among(Array.from({ length: 5 }, () => ({})))
  const starting = createOthers().seen(store, me)
  await expect(starting).rejects.toBeInstanceOf(Refusal)
  await expect(starting).rejects.toThrow(
    /5 others use this database over Socket Mode \(on host-0, host-1, host-2, host-3, host-4\).* Stop one of them, or let Slack reach all of them over HTTP/,
  )
  expect(left).toHaveLength(1)
})

test.each([
  ['over HTTP', Array.from({ length: 9 }, () => ({})), { ...me, isOnSocket: false }],
  ['beside others over HTTP', Array.from({ length: 9 }, () => ({ isOnSocket: false })), me],
  ['as the fifth over Socket Mode', Array.from({ length: 4 }, () => ({})), me],
])('it starts %s', async (_, others, own) => {
  await createOthers().seen(among(others).store, own)
})
