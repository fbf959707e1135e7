import { expect, onTestFinished, test } from 'vitest'
import type { Draft } from '../../../src/ports/drafts.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { emptyDatabase, rawConnection } from '../../support/file.ts'
import { alice, bob, settings } from '../../support/world.ts'

function opened() {
  const store = openStore(emptyDatabase())
  onTestFinished(store.close)
  return store
}

function draft(changes: Partial<Draft> = {}): Draft {
  const form = { name: 'ci-release', chosen: ['main', null] }
  return {
    id: 'd1',
    person: alice,
    stack: 'website',
    tokenUid: 't1',
    before: settings(),
    form,
    shown: null,
    afresh: {},
    change: null,
    reverts: null,
    ...changes,
  }
}

const at = (minute: number) => `2026-06-01T09:0${minute}:00.000Z`

test('a form comes back as it was last saved', async () => {
  const store = opened()
  await store.saveDraft(draft(), at(0))
  const newer = draft({ before: settings({ name: 'seen since' }), form: { name: 'other' }, afresh: { name: 1 } })
  await store.saveDraft(newer, at(1))
  expect(await store.draft('d1')).toEqual(newer)
})

test('a form that undoes something remembers what, and one from before that existed undoes nothing', async () => {
  const path = emptyDatabase()
  const store = openStore(path)
  onTestFinished(store.close)
  const reverts = { kind: 'change', number: 7 } as const
  await store.saveDraft(draft({ reverts }), at(0))
  expect((await store.draft('d1'))?.reverts).toEqual(reverts)
  rawConnection(path).exec(`update drafts set body = json_remove(body, '$.reverts')`)
  expect(await store.draft('d1')).toEqual(draft())
})

test('a form that edits an open change remembers which, as the person saw it', async () => {
  const store = opened()
  await store.saveDraft(draft({ change: { id: 7, revision: 2 } }), at(0))
  expect((await store.draft('d1'))?.change).toEqual({ id: 7, revision: 2 })
})

test('a form saved before open changes could be edited asks for a new one', async () => {
  const path = emptyDatabase()
  const store = openStore(path)
  onTestFinished(store.close)
  await store.saveDraft(draft({ change: { id: 7, revision: 2 } }), at(0))
  rawConnection(path).exec(`update drafts set body = json_remove(body, '$.change')`)
  expect(await store.draft('d1')).toEqual(draft())
})

test('a form cannot be taken over by another person or for another token', async () => {
  const store = opened()
  await store.saveDraft(draft(), at(0))
  await store.saveDraft(draft({ person: bob, stack: 'shop', tokenUid: 't9' }), at(1))
  expect(await store.draft('d1')).toMatchObject({ person: alice, stack: 'website', tokenUid: 't1' })
})

test('a form that was never saved is null', async () => {
  expect(await opened().draft('nowhere')).toBeNull()
})

test('forms last saved before the given time are forgotten, and no others', async () => {
  const store = opened()
  for (const id of ['d1', 'd2', 'd3']) await store.saveDraft(draft({ id }), at(0))
  await store.saveDraft(draft({ id: 'd2' }), at(2))
  await store.saveDraft(draft({ id: 'd3' }), at(1))
  await store.forgetDrafts(at(1))
  expect(await Promise.all(['d1', 'd2', 'd3'].map((id) => store.draft(id)))).toEqual([
    null,
    draft({ id: 'd2' }),
    draft({ id: 'd3' }),
  ])
})

test.each([
  ['', 1],
  [', also when the clock goes back', -1],
])('of each person, the newest hundred forms are kept%s', async (_, step) => {
  const store = opened()
  const saves = async (person: string, many: number) => {
    for (let i = 0; i < many; i += 1)
      await store.saveDraft(
        draft({ id: `${person} ${i}`, person }),
        new Date(Date.parse(at(5)) + i * step).toISOString(),
      )
  }
  await saves(alice, 103)
  await saves(bob, 2)
  await store.saveDraft(draft({ id: `${alice} 0`, person: alice }), at(5 + 4 * step))
  await store.forgetDrafts(at(0))
  const kept = async (id: string) => (await store.draft(id)) !== null
  expect(await Promise.all([0, 1, 2, 3, 4, 102].map((i) => kept(`${alice} ${i}`)))).toEqual([
    true,
    false,
    false,
    false,
    true,
    true,
  ])
  expect(await Promise.all([0, 1].map((i) => kept(`${bob} ${i}`)))).toEqual([true, true])
})
