import { expect, test } from 'vitest'
import { mostOpen } from '../../src/domain/room.ts'
import { createWorld, typesOf } from '../support/core.ts'
import { alice, bob, carol, edit } from '../support/world.ts'

const token = 'One token can have at most 20 open changes'
const person = 'One person can have at most 100 open changes'
const refused = (words: string) => ({ code: 'not_allowed', message: expect.stringContaining(words) })

test('a token has so many open changes and no more, whoever asks, until one of them has ended', async () => {
  const { core } = createWorld()
  const { changes, store } = core
  const propose = (i: number, requester = alice) => changes.propose(edit({ requester }), 'Please', `view-${i}`)
  for (let i = 1; i <= mostOpen.ofToken; i += 1) await propose(i, i % 2 ? alice : carol)
  await expect(changes.mayPropose(edit())).rejects.toMatchObject(refused(token))
  await expect(propose(21, carol)).rejects.toMatchObject(refused(token))
  expect((await typesOf(core)).slice(-2)).toEqual(['refused', 'refused'])
  expect(await store.openChanges()).toHaveLength(mostOpen.ofToken)
  expect((await propose(20, carol)).id).toBe(20)
  await changes.propose(edit({ tokenUid: 't2' }), 'Please', 'view-other')
  await changes.cancel(1, alice)
  expect((await propose(22)).id).toBe(22)
})

test('a person has so many open changes and no more, on however many tokens', async () => {
  const { core } = createWorld()
  const { changes } = core
  const propose = (i: number, requester = alice) =>
    changes.propose(edit({ requester, tokenUid: `t${i % 10}` }), 'Please', `view-${i}`)
  for (let i = 1; i <= mostOpen.ofRequester; i += 1) await propose(i)
  await expect(propose(101)).rejects.toMatchObject(refused(person))
  expect((await propose(101, carol)).id).toBe(101)
  await changes.reject({ id: 1, by: bob, revision: 1 }, 'No')
  expect((await propose(102)).id).toBe(102)
})
