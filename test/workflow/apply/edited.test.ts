import { describe, expect, test } from 'vitest'
import { createWorld } from '../../support/core.ts'
import { alice, ask, bob, carol, dave, owners, policyOf, settings } from '../../support/world.ts'

const press = (by: string, revision = 1) => ({ id: 1, by, revision })
const named = (name: string) => settings({ name })

/** Alice asked for #1, and has been told that it was sent. */
async function world() {
  const world = createWorld()
  world.outside.policy = policyOf([ask([owners])])
  world.people.groups.set(owners, [bob, carol, dave])
  await world.proposed()
  await world.core.catchUp.all()
  const told = () => world.chat.toldEdited.map(({ person, by }) => [person, by])
  return { ...world, told }
}

describe('when somebody else edits a change', () => {
  test('its requester is told what is different, once', async () => {
    const { chat, core } = await world()
    await core.changes.amend(press(bob), { after: named('ci-next'), reason: 'A better name' })
    for (let i = 0; i < 3; i++) await core.catchUp.all()
    expect(chat.toldEdited).toEqual([
      expect.objectContaining({
        ...{ person: alice, type: 'amended', by: bob },
        was: expect.objectContaining({ after: named('ci-release'), reason: 'The pipeline moved' }),
        is: expect.objectContaining({ after: named('ci-next'), reason: 'A better name' }),
      }),
    ])
    expect(chat.told).toEqual(['#1 pending'])
    expect(await core.store.unfinished('2026-06-01T09:00:01.000Z')).toEqual([])
  })

  test('earlier editors are told too, and nobody is told about their own edit', async () => {
    const { core, told } = await world()
    await core.changes.amend(press(alice), { after: named('ci-own'), reason: 'Better' })
    await core.catchUp.all()
    expect(told()).toEqual([])
    await core.changes.amend(press(bob, 2), { after: named('ci-next'), reason: 'A better name' })
    await core.catchUp.all()
    await core.changes.amend(press(carol, 3), { after: named('ci-last'), reason: 'The best name' })
    await core.catchUp.all()
    await core.changes.amend(press(alice, 4), { after: named('ci-own'), reason: 'As I said' })
    await core.catchUp.all()
    expect(told()).toEqual([
      [alice, bob],
      [alice, carol],
      [bob, carol],
      [bob, alice],
      [carol, alice],
    ])
  })

  test('they are told once Slack can be reached, though the process was restarted meanwhile', async () => {
    const { chat, clock, core, told } = await world()
    chat.down = true
    await core.changes.amend(press(bob), { after: named('ci-next'), reason: 'A better name' })
    await core.catchUp.all()
    chat.down = false
    clock.pass(60)
    await core.catchUp.all()
    expect(told()).toEqual([[alice, bob]])
  })

  test('they are still told how it ends', async () => {
    const { chat, core } = await world()
    await core.changes.amend(press(bob), { after: named('ci-next'), reason: 'A better name' })
    await core.catchUp.all()
    await core.changes.approve(press(carol, 2), '')
    await core.catchUp.all()
    expect(chat.told).toEqual(['#1 pending', '#1 applied'])
  })

  test('somebody who rebased it does not count as an editor: what is told is that it waits again', async () => {
    const { chat, clock, core, stack, told } = await world()
    await core.changes.amend(press(bob), { after: named('ci-next'), reason: 'A better name' })
    await core.catchUp.all()
    const live = settings({ description: 'by hand' })
    stack.live.set('t1', live)
    await core.watch.seen([{ stack: 'website', uid: 't1', settings: live }], clock.iso())
    await core.catchUp.idle()
    await core.changes.rebase(press(bob, 2))
    await core.catchUp.all()
    expect(chat.told).toEqual(['#1 pending', '#1 drifted', '#1 pending'])
    expect(told()).toEqual([[alice, bob]])
  })
})

describe('when a change is stopped since its requester may no longer ask', () => {
  test('they are told so once, and then who took it over', async () => {
    const { chat, core, outside, told } = await world()
    outside.policy = policyOf([ask([owners])], { mayAsk: [owners] })
    await core.changes.approve(press(bob), '').catch(() => {})
    for (let i = 0; i < 2; i++) await core.catchUp.all()
    expect(chat.told).toEqual(['#1 pending', '#1 pending'])
    await core.changes.takeOver(press(bob))
    for (let i = 0; i < 2; i++) await core.catchUp.all()
    expect(told()).toEqual([[alice, bob]])
    expect(chat.toldEdited[0]).toMatchObject({ type: 'taken_over', from: [alice] })
    expect(await core.store.unfinished('2026-06-01T09:00:01.000Z')).toEqual([])
  })
})
