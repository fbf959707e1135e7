import { describe, expect, test } from 'vitest'
import { onItsWay } from '../../support/chat.ts'
import { createOutside, leaseSeconds, startCore, typesOf } from '../../support/core.ts'
import { withSetClock } from '../../support/set-clock.ts'
import { losesTheWrite } from '../../support/stack.ts'

/** Two processes, and a clock that somebody sets while time goes on for everything else. */
function world() {
  const { outside, set } = withSetClock(createOutside())
  return { ...outside, outside, set, first: startCore(outside, 'first'), second: startCore(outside, 'second') }
}

describe.each([-86_400, -3600, -120, -30, 30, 3600, 86_400])('a clock that is set by %i seconds', (seconds) => {
  test('while an update is on its way makes nobody judge or repeat it before the lease is over', async () => {
    const { clock, first, second, set, stack } = world()
    const id = await first.approved()
    stack.onWrite = async () => {
      stack.onWrite = async () => {}
      clock.pass(5)
      set(seconds)
      await second.catchUp.all()
      clock.pass(10)
      await second.catchUp.all()
      expect(await typesOf(second, id)).toEqual(['proposed', 'approved', 'apply_started'])
    }
    await first.catchUp.all()
    expect(stack.writes()).toBe(1)
    expect(await typesOf(first, id)).toEqual(['proposed', 'approved', 'apply_started', 'write_answered', 'applied'])
  })

  test('while the token is looked at lets nothing be sent that another process may judge before its answer', async () => {
    const { clock, first, second, set, stack } = world()
    const id = await first.approved()
    stack.onLook = async () => {
      stack.onLook = async () => {}
      await second.catchUp.all()
      set(seconds)
      clock.pass(leaseSeconds - 15)
    }
    await first.catchUp.all()
    expect(stack.writes()).toBe(0)
    expect((await first.store.get(id)).change).toMatchObject({ status: 'approved', interruptions: 1 })
  })

  test('while Slack takes its time with a card, and with a message, lets no other process post either', async () => {
    for (const call of ['postCard', 'tellRequester'] as const) {
      const { chat, clock, first, second, set } = world()
      clock.pass(1800)
      const { waits, letGo } = onItsWay(chat.api, call)
      await first.proposed()
      const waiting = first.catchUp.all()
      await waits
      set(seconds)
      await second.catchUp.all()
      clock.pass(2)
      await second.catchUp.all()
      letGo()
      await waiting
      expect([chat.cards.length, chat.told.length], call).toEqual([1, 1])
    }
  })

  test('keeps an apply of a process that died waiting for no longer than a lease', async () => {
    const { clock, first, second, set, stack } = world()
    const id = await first.approved()
    stack.behaviours.push(losesTheWrite)
    await first.catchUp.all()
    set(seconds)
    await second.catchUp.all()
    clock.pass(leaseSeconds - 1)
    await second.catchUp.all()
    expect((await second.store.get(id)).change.status).toBe('applying')
    clock.pass(1)
    await second.catchUp.all()
    expect((await second.store.get(id)).change.status).not.toBe('applying')
  })
})

test('a lease that a process meets late, and by a clock that was set meanwhile, does not count as over', async () => {
  const { clock, first, second, set, stack } = world()
  const id = await first.approved()
  clock.pass(600)
  set(-3600)
  stack.onWrite = async () => {
    stack.onWrite = async () => {}
    set(3600)
    await second.catchUp.all()
    clock.pass(16)
    await second.catchUp.all()
  }
  await first.catchUp.all()
  expect(stack.writes()).toBe(1)
  expect(await typesOf(first, id)).toEqual(['proposed', 'approved', 'apply_started', 'write_answered', 'applied'])
})
