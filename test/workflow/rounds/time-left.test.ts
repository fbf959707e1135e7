import { describe, expect, test } from 'vitest'
import { createTerms } from '../../../src/workflow/rounds/time-left.ts'
import { createOutside, startCore } from '../../support/core.ts'
import { withSetClock } from '../../support/set-clock.ts'
import { losesTheWrite } from '../../support/stack.ts'
import { alice, bob, policyOfTwo, settings } from '../../support/world.ts'

const [minute, hour, day] = [60, 3600, 86_400]
const lives = 7 * day

/** A process whose clock somebody sets, and the status of a change once it has caught up after that many seconds. */
function world(policy = policyOfTwo) {
  const { outside, set } = withSetClock({ ...createOutside(), policy })
  const core = startCore(outside)
  const statusAfter = async (seconds: number, id = 1, by = core) => {
    outside.clock.pass(seconds)
    await by.catchUp.all()
    return (await by.store.get(id)).change.status
  }
  return { ...outside, outside, set, core, statusAfter }
}

const press = (by: string, id = 1, revision = 1) => ({ id, by, revision })

test('the wait for the next reminder is counted from when one was sent, though the clock is set before anybody looks again', async () => {
  const { chat, clock, core, set, statusAfter } = world()
  await core.proposed()
  await core.catchUp.all()
  await statusAfter(4 * hour)
  clock.pass(7 * hour)
  set(-7 * hour)
  await statusAfter(hour - 1)
  expect(chat.reminded).toEqual(['#1 after 1'])
  await statusAfter(1)
  expect(chat.reminded).toEqual(['#1 after 1', '#1 after 2'])
})

describe('a clock that is set forward for a moment', () => {
  test('ends no change, reminds nobody, and keeps nobody from deciding', async () => {
    const { chat, core, set, statusAfter } = world()
    await core.proposed()
    expect(await statusAfter(minute)).toBe('pending')
    set(8 * day)
    expect(await statusAfter(1)).toBe('pending')
    await core.changes.approve(press(bob), '')
    await core.changes.amend(press(alice), { after: settings({ name: 'ci-3' }), reason: 'Another' })
    set(-8 * day)
    expect(await statusAfter(1)).toBe('pending')
    expect(chat.reminded).toEqual([])
  })

  test('lets an approved change be applied', async () => {
    const { core, set, stack } = world(createOutside().policy)
    const id = await core.approved()
    set(8 * day)
    await core.applier.apply(id)
    expect((await core.store.get(id)).change.status).toBe('applied')
    expect(stack.writes()).toBe(1)
  })

  test('lets a stopped change be rebased', async () => {
    const { clock, core, outside, set, statusAfter } = world()
    await core.proposed()
    clock.pass(1)
    const moved = { stack: 'website', uid: 't1', settings: settings({ description: 'by hand' }) }
    await core.watch.seen([moved], outside.clock.iso())
    expect(await statusAfter(1)).toBe('drifted')
    set(8 * day)
    expect(await statusAfter(1)).toBe('drifted')
    expect((await core.changes.rebase(press(alice))).status).toBe('pending')
  })

  test('does not cut short the wait until the next nudge', async () => {
    const { clock, core, set } = world()
    await core.proposed()
    await core.catchUp.all()
    clock.pass(hour - minute)
    set(day)
    await expect(core.changes.nudge(press(alice))).rejects.toThrow('you can nudge in 1 minute.')
    clock.pass(minute)
    await core.changes.nudge(press(alice))
  })

  test('does not cut short a wait that began while it was behind', async () => {
    const { clock, core, chat, set, statusAfter } = world()
    await core.proposed()
    await statusAfter(4 * hour - 1)
    set(-day)
    await core.changes.nudge(press(alice))
    await statusAfter(2)
    set(day)
    clock.pass(2)
    await expect(core.changes.nudge(press(alice))).rejects.toThrow('nudge again in 60 minutes.')
    await statusAfter(2)
    expect(chat.reminded).toEqual(['#1 after 1'])
  })
})

describe('a clock that is set back by a month', () => {
  test('keeps no change longer than it may live', async () => {
    const { core, set, statusAfter } = world()
    await core.proposed()
    expect(await statusAfter(minute)).toBe('pending')
    set(-30 * day)
    expect(await statusAfter(lives - minute - 1)).toBe('pending')
    expect(await statusAfter(1)).toBe('expired')
  })

  test('lets nobody decide once that is over, also before it is noted', async () => {
    const { clock, core, set } = world()
    await core.proposed()
    set(-30 * day)
    clock.pass(lives)
    await expect(core.changes.approve(press(bob), '')).rejects.toThrow(
      'You can no longer approve change #1: its time has run out. Nothing was done.',
    )
  })

  test('makes nothing wait longer than its term after a restart', async () => {
    const { core, outside, set, statusAfter } = world()
    await core.proposed()
    set(-30 * day)
    const next = startCore(outside, 'second')
    expect(await statusAfter(0, 1, next)).toBe('pending')
    expect(await statusAfter(lives - 1, 1, next)).toBe('pending')
    expect(await statusAfter(1, 1, next)).toBe('expired')
  })

  test('delays no reminder', async () => {
    const { chat, core, set, statusAfter } = world()
    await core.proposed()
    await statusAfter(minute)
    set(-30 * day)
    await statusAfter(4 * hour - minute)
    await statusAfter(8 * hour - 1)
    expect(chat.reminded).toEqual(['#1 after 1'])
    await statusAfter(1)
    expect(chat.reminded).toEqual(['#1 after 1', '#1 after 2'])
  })

  test('makes nobody wait for longer than between two nudges', async () => {
    const { core, set, statusAfter } = world()
    await core.proposed()
    await core.catchUp.all()
    set(-30 * day)
    await expect(core.changes.nudge(press(alice))).rejects.toThrow('you can nudge in 60 minutes.')
    for (let i = 0; i < 3; i++) await statusAfter(20 * minute - 1)
    await expect(core.changes.nudge(press(alice))).rejects.toThrow('you can nudge in 1 minute.')
    await statusAfter(3)
    await core.changes.nudge(press(alice))
  })
})

test.each([8, -30])(
  'a change that was asked for while the clock was %i days off lives as long as any',
  async (days) => {
    const { core, set, statusAfter } = world()
    set(days * day)
    await core.proposed()
    set(-days * day)
    expect(await statusAfter(lives - 1)).toBe('pending')
    expect(await statusAfter(1)).toBe('expired')
  },
)

test('a revision lives as long again, whatever is done to the clock', async () => {
  const { clock, core, set, statusAfter } = world()
  await core.proposed()
  clock.pass(3 * day)
  set(-30 * day)
  await core.changes.amend(press(alice), { after: settings({ name: 'ci-3' }), reason: 'Another' })
  set(30 * day)
  expect(await statusAfter(lives - 1)).toBe('pending')
  expect(await statusAfter(1)).toBe('expired')
})

test('a change that fails to apply for days does not live longer for it, with the clock set back', async () => {
  const { clock, core, set, stack, statusAfter } = world(createOutside().policy)
  await core.approved()
  stack.behaviours.push(losesTheWrite)
  set(-30 * day)
  clock.pass(3 * day)
  for (let i = 0; i < 5; i++) expect(await statusAfter(10)).toBe('applying')
  expect(await statusAfter(minute)).toBe('approved')
  stack.onLook = () => Promise.reject(new Error('the stack is down'))
  expect(await statusAfter(4 * day - 5 * 10 - minute - 1)).toBe('approved')
  expect(await statusAfter(1)).toBe('expired')
})

test('a nudge that comes too early is one refusal, however many minutes are left', async () => {
  const { clock, core } = world()
  await core.proposed()
  await core.catchUp.all()
  const said = new Set<string>()
  for (let i = 0; i < 9; i++) {
    await core.changes.nudge(press(alice)).catch(({ message }) => said.add(message))
    clock.pass(minute)
  }
  const noted = (await core.store.events()).filter(({ event }) => event.type === 'refused')
  expect([said.size, noted.length]).toEqual([9, 1])
  expect(noted[0]?.event).toMatchObject({
    why: 'Change #1 was asked for recently: you can nudge later. Nothing was sent.',
  })
})

test('a change expires though nothing gives the policy of its stack', async () => {
  const { core, outside, statusAfter } = world()
  await core.proposed()
  Object.defineProperty(outside, 'policy', {
    get: () => {
      throw new Error('There is none.')
    },
  })
  expect(await statusAfter(lives)).toBe('expired')
})

test('a change of another process that is first met while the clock is ahead is not over', async () => {
  const { core, outside, set, statusAfter } = world()
  const next = startCore(outside, 'second')
  await core.proposed()
  set(8 * day)
  expect(await statusAfter(1, 1, next)).toBe('pending')
})

test('waits that nobody asks for any more between two rounds are forgotten', () => {
  const { outside, set } = withSetClock(createOutside())
  const terms = createTerms(outside.clock)
  const term = { name: 'life 1 1', until: '2026-06-08T09:00:00.000Z', longestMs: lives * 1000 }
  expect(terms.msLeft(term)).toBe(lives * 1000)
  set(-day)
  outside.clock.pass(day)
  for (const left of [lives - day, lives - day, lives]) {
    terms.forgetOthers()
    if (left === lives) terms.forgetOthers()
    expect(terms.msLeft(term)).toBe(left * 1000)
  }
})
