import { expect, test } from 'vitest'
import { mostAsked } from '../../../src/domain/asks-an-hour.ts'
import { mostOpen } from '../../../src/domain/room.ts'
import { createWorld, typesOf } from '../../support/core.ts'
import { alice, bob, carol, edit, settings } from '../../support/world.ts'

const token = 'One token can have at most 20 open changes'
const person = 'One person can have at most 100 open changes'
const pace = 'within an hour'
const refused = (words: string) => ({ code: 'not_allowed', message: expect.stringContaining(words) })

test('a token has a limited number of open changes, whoever asks, until one of them has ended', async () => {
  const { core } = createWorld()
  const { changes, store } = core
  const propose = (i: number, requester = alice) =>
    changes.propose({ ...edit({ requester }), reason: 'Please' }, `view-${i}`)
  for (let i = 1; i <= mostOpen.ofToken; i += 1) await propose(i, i % 2 ? alice : carol)
  await expect(changes.mayPropose(edit())).rejects.toMatchObject(refused(token))
  await expect(propose(21, carol)).rejects.toMatchObject(refused(token))
  expect((await typesOf(core)).slice(-2)).toEqual(['refused', 'refused'])
  expect(await store.openChanges()).toHaveLength(mostOpen.ofToken)
  expect((await propose(20, carol)).id).toBe(20)
  await changes.propose({ ...edit({ tokenUid: 't2' }), reason: 'Please' }, 'view-other')
  await changes.cancel(1, alice)
  expect((await propose(22)).id).toBe(22)
})

test('a person has a limited number of open changes, on however many tokens', async () => {
  const { changes, propose } = await withAll()
  await expect(propose(101)).rejects.toMatchObject(refused(person))
  expect((await propose(101, carol)).id).toBe(101)
  await changes.reject({ id: 1, by: bob, revision: 1 }, 'No')
  expect((await propose(102)).id).toBe(102)
})

test('taking a change over is not a way past that', async () => {
  const { changes, core, people, propose } = await withAll(bob)
  await propose(101)
  people.obstacles.set(alice, 'deactivated members may not use Countersign')
  const press = { id: 101, by: bob, revision: 1 }
  await expect(changes.takeOver(press)).rejects.toMatchObject(refused(person))
  await changes.cancel(1, bob)
  expect((await changes.takeOver(press)).requester).toBe(bob)
  expect((await core.store.waiting(edit({ requester: bob }))).ofRequester).toBe(mostOpen.ofRequester)
})

test('a person can ask for a limited number within an hour, though none of it stays open', async () => {
  const { clock, core } = createWorld()
  const { changes, store } = core
  const propose = (i: number, requester = alice) =>
    changes.propose({ ...edit({ requester }), reason: 'Please' }, `view-${i}`)
  for (let i = 1; i <= mostAsked; i += 1) {
    await propose(i)
    await changes.cancel(i, alice)
    if (i === 1) clock.pass(1800)
  }
  await expect(changes.mayPropose(edit())).rejects.toMatchObject(refused(pace))
  await expect(propose(101)).rejects.toMatchObject(refused('at 10:00 UTC'))
  expect((await propose(1)).status).toBe('cancelled')
  expect(await store.changes({ most: 200 })).toHaveLength(mostAsked)
  expect((await propose(101, carol)).id).toBe(101)
  clock.pass(1800)
  expect((await propose(102)).id).toBe(102)
  await expect(propose(103)).rejects.toMatchObject(refused('at 10:30 UTC'))
  clock.pass(-86_400)
  expect((await propose(103)).id).toBe(103)
})

test('edits and a rebase of one change count towards that, and are refused before the form', async () => {
  const { clock, core } = createWorld()
  const { changes } = core
  await core.proposed()
  const press = (revision: number) => ({ id: 1, by: alice, revision })
  const amend = (revision: number) =>
    changes.amend(press(revision), { after: settings({ name: `ci-${revision}` }), reason: 'Better' })
  for (let i = 1; i < mostAsked; i += 1) await amend(i)
  await expect(changes.mayAmend(press(mostAsked))).rejects.toMatchObject(refused(pace))
  await expect(amend(mostAsked)).rejects.toMatchObject(refused(pace))
  expect((await core.store.get(1)).change.revision).toBe(mostAsked)
  expect((await amend(mostAsked - 1)).revision).toBe(mostAsked)
  await core.looks.refreshAll()
  await core.store.record(1, 'app', () => ({ type: 'drift_found', at: clock.iso(), live: settings({ name: 'ci-x' }) }))
  await expect(changes.rebase(press(mostAsked))).rejects.toMatchObject(refused(pace))
})

/** As many open changes of this person as they may have, asked for a minute apart. */
async function withAll(person = alice) {
  const { clock, core, people } = createWorld()
  const { changes } = core
  const propose = (i: number, requester = alice) =>
    changes.propose({ ...edit({ requester, tokenUid: `t${i % 10}` }), reason: 'Please' }, `view-${i}`)
  for (let i = 1; i <= mostOpen.ofRequester; i += 1) {
    await propose(i, person)
    clock.pass(60)
  }
  return { changes, core, people, propose }
}
