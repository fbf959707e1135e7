import { describe, expect, test } from 'vitest'
import type { Draft } from '../../../src/ports/drafts.ts'
import { alice, bob, settings } from '../../support/world.ts'
import { engines, type Place } from './engines.ts'

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

/** Stored forms are then as those from before there was such a thing. */
async function forget(part: keyof Draft, { sql }: Place): Promise<void> {
  for (const { id, body } of await sql<{ id: string; body: string }>('select id, body from drafts')) {
    const { [part]: _, ...rest } = JSON.parse(body)
    await sql('update drafts set body = ? where id = ?', JSON.stringify(rest), id)
  }
}

const at = (minute: number) => `2026-06-01T09:0${minute}:00.000Z`

describe.each(engines)('on $name', (engine) => {
  const opened = async () => (await engine.empty()).open()

  test('a form comes back as it was last saved', async () => {
    const store = await opened()
    await store.saveDraft(draft(), at(0))
    const newer = draft({ before: settings({ name: 'seen since' }), form: { name: 'other' }, afresh: { name: 1 } })
    await store.saveDraft(newer, at(1))
    expect(await store.draft('d1')).toEqual(newer)
  })

  test('a form that undoes something remembers what, and one from before that existed undoes nothing', async () => {
    const place = await engine.empty()
    const store = await place.open()
    const reverts = { kind: 'change', number: 7 } as const
    await store.saveDraft(draft({ reverts }), at(0))
    expect((await store.draft('d1'))?.reverts).toEqual(reverts)
    await forget('reverts', place)
    expect(await store.draft('d1')).toEqual(draft())
  })

  test('a form that edits an open change remembers which, as the person saw it', async () => {
    const store = await opened()
    await store.saveDraft(draft({ change: { id: 7, revision: 2 } }), at(0))
    expect((await store.draft('d1'))?.change).toEqual({ id: 7, revision: 2 })
  })

  test('a form saved before open changes could be edited asks for a new one', async () => {
    const place = await engine.empty()
    const store = await place.open()
    await store.saveDraft(draft({ change: { id: 7, revision: 2 } }), at(0))
    await forget('change', place)
    expect(await store.draft('d1')).toEqual(draft())
  })

  test('a form cannot be taken over by another person or for another token', async () => {
    const store = await opened()
    await store.saveDraft(draft(), at(0))
    await store.saveDraft(draft({ person: bob, stack: 'shop', tokenUid: 't9' }), at(1))
    expect(await store.draft('d1')).toMatchObject({ person: alice, stack: 'website', tokenUid: 't1' })
  })

  test('a form that was never saved is null', async () => {
    expect(await (await opened()).draft('nowhere')).toBeNull()
  })

  test('forms last saved before the given time are forgotten, and no others', async () => {
    const store = await opened()
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
    const store = await opened()
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
})
