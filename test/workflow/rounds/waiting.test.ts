import { describe, expect, test } from 'vitest'
import { createOutside, createWorld, startCore, typesOf } from '../../support/core.ts'
import { takesButNeverAnswers } from '../../support/stack.ts'
import { alice, ask, bob, carol, dave, owners, policyOf, policyOfTwo, security, settings } from '../../support/world.ts'

const hours = (count: number) => count * 3600
const press = (by: string, revision = 1) => ({ id: 1, by, revision })

describe('a reminder calls', () => {
  /** The people it mentions under a policy that wants this many of `from`, once `meanwhile` has happened. */
  async function called(from: readonly string[], quorum: number, meanwhile: (world: World) => unknown = () => {}) {
    const world = createWorld()
    world.outside.policy = policyOf([ask(from, quorum)])
    world.people.groups.set(owners, [bob, carol])
    world.people.groups.set(security, [dave])
    await world.proposed()
    await meanwhile(world)
    world.clock.pass(hours(4))
    await world.core.catchUp.all()
    expect(world.core.failures).toEqual([])
    return world.chat.called.at(-1)
  }
  type World = ReturnType<typeof createWorld>

  test('those who can decide, and a user group if all of it can', async () => {
    expect(await called([bob, carol], 1)).toEqual([bob, carol])
    expect(await called([owners, dave], 1)).toEqual([owners, dave])
    expect(await called([owners, bob, security], 1)).toEqual([owners, security])
  })

  test('nobody who asked, or who has approved already, nor a group that they are in', async () => {
    const approve = ({ core }: World) => core.changes.approve(press(bob), '')
    expect(await called([alice, bob, carol], 2, approve)).toEqual([carol])
    expect(await called([owners, dave], 3, approve)).toEqual([carol, dave])
    const amend = ({ core }: World) =>
      core.changes.amend(press(dave), { after: settings({ name: 'ci-next' }), reason: 'Because' })
    expect(await called([owners, security], 1, amend)).toEqual([owners])
  })

  test('nobody who is no longer a full member, or no longer in the group', async () => {
    expect(await called([owners, dave], 1, ({ people }) => people.obstacles.set(carol, 'guests may not'))).toEqual([
      bob,
      dave,
    ])
    expect(await called([owners, dave], 1, ({ people }) => people.groups.set(owners, []))).toEqual([dave])
  })

  test('those who may decide by the current policy too, and nobody if that forbids the change', async () => {
    const rule = ask([carol, dave], 1)
    expect(await called([bob], 1, ({ outside }) => Object.assign(outside, { policy: policyOf([rule]) }))).toEqual([
      bob,
      carol,
      dave,
    ])
    expect(await called([bob], 1, ({ outside }) => Object.assign(outside, { policy: policyOf([]) }))).toEqual([])
  })

  test('nobody while Slack cannot be asked who they are: it waits, and is sent once it can', async () => {
    const { chat, clock, core, people, proposed } = createWorld()
    await proposed()
    clock.pass(hours(4))
    people.down = true
    await core.catchUp.all()
    expect((await core.store.get(1)).change.reminders).toBe(0)
    people.down = false
    clock.pass(60)
    await core.catchUp.all()
    expect(chat.called).toEqual([[bob, carol]])
  })
})

describe('while nobody decides', () => {
  test('approvers are reminded after four hours, then eight, then sixteen, in the one card', async () => {
    const { chat, clock, core, proposed } = createWorld()
    await proposed()
    const remindedAt: number[] = []
    for (let hour = 0; hour <= 62; hour++) {
      const before = chat.reminded.length
      await core.catchUp.all()
      if (chat.reminded.length > before) remindedAt.push(hour)
      clock.pass(hours(1))
    }
    expect(remindedAt).toEqual([4, 12, 28, 60])
    expect(chat.reminded).toEqual(['#1 after 1', '#1 after 2', '#1 after 3', '#1 after 4'])
    expect(chat.cards).toHaveLength(1)
  })

  test('the change expires after its time, whoever approved it until then, and the requester is told', async () => {
    const { chat, clock, core, outside, proposed, stack } = createWorld()
    outside.policy = policyOfTwo
    await proposed()
    await core.changes.approve(press(bob), '')
    clock.pass(hours(168) - 1)
    await core.catchUp.all()
    expect((await core.store.get(1)).change.status).toBe('pending')
    clock.pass(1)
    await core.catchUp.all()
    expect((await core.store.get(1)).change).toMatchObject({ status: 'expired', endedAt: clock.iso() })
    expect(chat.told).toEqual(['#1 pending', '#1 expired'])
    expect(chat.cards[0]!.shows.change.status).toBe('expired')
    expect(stack.calls).toEqual([])
  })

  test('nobody is reminded of a change that expired while the app was down', async () => {
    const { chat, clock, core, proposed } = createWorld()
    await proposed()
    clock.pass(hours(200))
    await core.catchUp.all()
    expect((await core.store.get(1)).change.status).toBe('expired')
    expect(chat.reminded).toEqual([])
  })

  test('nobody is reminded of a change that is decided', async () => {
    const { chat, clock, core, proposed } = createWorld()
    await proposed()
    await core.changes.reject(press(bob), 'no')
    clock.pass(hours(100))
    await core.catchUp.all()
    expect(chat.reminded).toEqual([])
  })

  test('of two processes that find the same reminder due, one reminds', async () => {
    const outside = createOutside()
    const cores = [startCore(outside, 'first'), startCore(outside, 'second')] as const
    await cores[0].proposed()
    await Promise.all(cores.map(({ catchUp }) => catchUp.all()))
    outside.clock.pass(hours(4))
    const asking = Promise.withResolvers<void>()
    const answered = Promise.withResolvers<void>()
    outside.people.onLook = async () => {
      asking.resolve()
      await answered.promise
    }
    const slower = cores[0].catchUp.all()
    await asking.promise
    outside.people.onLook = async () => {}
    await cores[1].catchUp.all()
    answered.resolve()
    await slower
    expect(outside.chat.reminded).toEqual(['#1 after 1'])
    expect((await cores[0].store.get(1)).change.reminders).toBe(1)
  })

  test('a reminder that Slack did not take is not repeated, and delays nothing else', async () => {
    const { chat, clock, core, proposed } = createWorld()
    await proposed()
    await core.catchUp.all()
    chat.api.remind = () => Promise.reject(new Error('channel archived'))
    clock.pass(hours(4))
    await core.catchUp.all()
    expect(core.failures).toEqual(['waiting #1: channel archived'])
    clock.pass(hours(1))
    await core.catchUp.all()
    expect(core.failures).toHaveLength(1)
    expect((await core.store.get(1)).card?.seq).toBe((await core.store.get(1)).seq)
  })

  test('an amended change waits again, with its first reminder after four hours', async () => {
    const { chat, clock, core, proposed } = createWorld()
    await proposed()
    clock.pass(hours(12))
    await core.catchUp.all()
    await core.changes.amend(press(alice), { after: settings({ name: 'ci-next' }), reason: 'A better name' })
    clock.pass(hours(4) - 1)
    await core.catchUp.all()
    expect(chat.reminded).toHaveLength(1)
    clock.pass(1)
    await core.catchUp.all()
    expect(chat.reminded).toEqual(['#1 after 1', '#1 after 1'])
    clock.pass(hours(168 - 4) - 1)
    await core.catchUp.all()
    expect((await core.store.get(1)).change.status).toBe('pending')
    clock.pass(1)
    await core.catchUp.all()
    expect((await core.store.get(1)).change.status).toBe('expired')
  })
})

describe('when the time is over', () => {
  test('an approval that comes too late is refused, noted as expired or not', async () => {
    const { clock, core, proposed, stack } = createWorld()
    await proposed()
    clock.pass(hours(168))
    await expect(core.changes.approve(press(bob), '')).rejects.toMatchObject({
      code: 'wrong_status',
      message: expect.stringContaining('its time has run out'),
    })
    await core.catchUp.all()
    await expect(core.changes.approve(press(carol), '')).rejects.toMatchObject({
      message: expect.stringContaining('it has expired'),
    })
    expect(await typesOf(core)).toEqual(['proposed', 'refused', 'expired', 'refused'])
    expect(stack.calls).toEqual([])
  })

  test('an approved change that could not be applied in time expires, and nothing is written', async () => {
    const { clock, core, people, stack } = createWorld()
    await core.approved()
    people.down = true
    await core.catchUp.all()
    people.down = false
    clock.pass(hours(168))
    await core.catchUp.all()
    expect((await core.store.get(1)).change.status).toBe('expired')
    expect(stack.calls).toEqual([])
  })

  test('a change that is being applied is judged, not expired', async () => {
    const { clock, core, stack } = createWorld()
    await core.approved()
    stack.behaviours.push(takesButNeverAnswers)
    stack.onWrite = async () => {
      stack.onLook = () => Promise.reject(new Error('the stack is down'))
    }
    await core.catchUp.all()
    stack.onLook = async () => {}
    clock.pass(hours(200))
    await core.catchUp.all()
    expect((await core.store.get(1)).change).toMatchObject({ status: 'applied', written: true })
  })

  test('a drifted change that nobody rebases or cancels expires', async () => {
    const { chat, clock, core, stack } = createWorld()
    await core.approved()
    stack.live.set('t1', settings({ description: 'by hand' }))
    await core.catchUp.all()
    clock.pass(hours(168))
    await core.catchUp.all()
    expect((await core.store.get(1)).change.status).toBe('expired')
    expect(chat.told).toEqual(['#1 drifted', '#1 expired'])
  })
})

test('the requester is told about each drift, and that the rebased change was sent, once', async () => {
  const { chat, clock, core, stack } = createWorld()
  await core.approved()
  for (const [revision, description] of ['by hand', 'again'].entries()) {
    stack.live.set('t1', settings({ description }))
    await core.catchUp.all()
    await core.changes.rebase(press(alice, revision + 1))
    await core.catchUp.all()
    await core.catchUp.all()
    await core.changes.approve(press(bob, revision + 2), '')
    clock.pass(1)
  }
  await core.catchUp.all()
  expect(chat.told).toEqual(['#1 drifted', '#1 pending', '#1 drifted', '#1 pending', '#1 applied'])
})
