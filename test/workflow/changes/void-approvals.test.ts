import { describe, expect, test } from 'vitest'
import type { Leaving } from '../../../src/ports/chat.ts'
import { heldUp } from '../../support/chat.ts'
import { createOutside, startCore } from '../../support/core.ts'
import { alice, ask, bob, carol, dave, policyOf, policyOfTwo, settings } from '../../support/world.ts'

const guests = 'guests may not use Countersign'

/** Bob has approved change #1, which needs more approvals. Nothing was caught up with since. */
async function approvedByBob(policy = policyOfTwo) {
  const outside = createOutside()
  outside.policy = policy
  const core = startCore(outside)
  const id = await core.proposed()
  await core.catchUp.all()
  await core.changes.approve({ id, by: bob, revision: 1 }, '')
  const amend = (revision = 1, name = `ci-${revision}`) =>
    core.changes.amend({ id, by: alice, revision }, { after: settings({ name }), reason: 'Because' })
  return { ...outside, outside, core, id, amend }
}

/** Two of three must approve, and Bob and Carol have, but Bob is now a guest. */
async function lostBob() {
  const world = await approvedByBob(policyOf([ask([bob, carol, dave], 2)]))
  const { core, id, people } = world
  await core.changes.approve({ id, by: carol, revision: 1 }, '')
  people.obstacles.set(bob, guests)
  await core.catchUp.all()
  return world
}

describe('somebody whose approval no longer counts', () => {
  test('is told once when the change is edited, and nobody else is', async () => {
    const { amend, chat, core, id } = await approvedByBob()
    await amend()
    for (let i = 0; i < 3; i++) {
      core.catchUp.soon(id)
      await core.catchUp.idle()
    }
    expect(chat.toldVoid).toEqual([`#${id} ${bob}: revision 2`])
  })

  test('is told once when the change is rebased', async () => {
    const { chat, clock, core, id } = await approvedByBob()
    await core.watch.seen(
      [{ stack: 'website', uid: 't1', settings: settings({ description: 'by hand' }) }],
      clock.iso(),
    )
    await core.changes.rebase({ id, by: alice, revision: 1 })
    await core.catchUp.all()
    await core.catchUp.idle()
    expect(chat.toldVoid).toEqual([`#${id} ${bob}: revision 2`])
  })

  test('is told once, and why, when it is found as the change is to be applied', async () => {
    const { chat, clock, core, id } = await lostBob()
    clock.pass(60)
    await core.catchUp.all()
    expect((await core.store.get(id)).change.lost?.approvals).toEqual([{ by: bob, why: guests }])
    expect(chat.toldVoid).toEqual([`#${id} ${bob}: ${guests}`])
  })

  test('is told why when it is found as somebody else approves, before there are enough', async () => {
    const { chat, core, id, people } = await approvedByBob()
    people.obstacles.set(bob, guests)
    await core.changes.approve({ id, by: carol, revision: 1 }, '')
    await core.catchUp.all()
    expect(chat.cards[0]!.shows.change).toMatchObject({
      status: 'pending',
      lost: { approvals: [{ by: bob, why: guests }] },
    })
    expect(chat.toldVoid).toEqual([`#${id} ${bob}: ${guests}`])
  })

  test('is not told about the same approval again when that is found again, or the change is edited', async () => {
    const { amend, chat, clock, core, id, people } = await lostBob()
    people.obstacles.delete(bob)
    clock.pass(1)
    await core.changes.approve({ id, by: carol, revision: 1 }, '')
    people.obstacles.set(bob, guests)
    await core.catchUp.all()
    expect((await core.store.get(id)).change.status).toBe('pending')
    expect(chat.toldVoid).toEqual([`#${id} ${bob}: ${guests}`])
    await amend()
    await core.catchUp.all()
    expect(chat.toldVoid).toEqual([`#${id} ${bob}: ${guests}`, `#${id} ${carol}: revision 2`])
  })

  test('is told about each voiding separately', async () => {
    const { amend, chat, clock, core, id } = await approvedByBob()
    await amend()
    await core.catchUp.all()
    clock.pass(1)
    await core.changes.approve({ id, by: bob, revision: 2 }, '')
    await amend(2)
    await core.catchUp.all()
    expect(chat.toldVoid).toEqual([`#${id} ${bob}: revision 2`, `#${id} ${bob}: revision 3`])
  })

  test('is told nothing once they have approved the current revision', async () => {
    const { amend, chat, clock, core, id } = await approvedByBob()
    await amend()
    clock.pass(1)
    await core.changes.approve({ id, by: bob, revision: 2 }, '')
    await core.catchUp.all()
    expect(chat.toldVoid).toEqual([])
    expect(await core.store.unfinished(clock.iso())).toEqual([])
  })
})

describe('that message', () => {
  test('is sent after a crash by the process that starts next', async () => {
    const { amend, chat, id, outside } = await approvedByBob()
    await amend()
    await startCore(outside, 'second').catchUp.all()
    expect(chat.toldVoid).toEqual([`#${id} ${bob}: revision 2`])
  })

  test('is sent once Slack is there again', async () => {
    const { amend, chat, clock, core, id } = await approvedByBob()
    chat.down = true
    await amend()
    await core.catchUp.all()
    expect(core.failures).toContain(`message to approvers #${id}: Slack is down`)
    chat.down = false
    clock.pass(2)
    await core.catchUp.all()
    await core.catchUp.all()
    expect(chat.toldVoid).toEqual([`#${id} ${bob}: revision 2`])
  })

  test('reaches the others when one of them cannot be told', async () => {
    const { amend, chat, clock, core, id } = await approvedByBob(policyOf([ask([bob, carol, dave], 3)]))
    await core.changes.approve({ id, by: carol, revision: 1 }, '')
    await amend()
    const { tellApprovalVoid } = chat.api
    chat.api.tellApprovalVoid = async (approval, stored, leaving) => {
      if (approval.person === bob) throw new Error('Bob can not be told')
      return tellApprovalVoid(approval, stored, leaving)
    }
    await core.catchUp.all()
    expect(chat.toldVoid).toEqual([`#${id} ${carol}: revision 2`])
    chat.api.tellApprovalVoid = tellApprovalVoid
    clock.pass(2)
    await core.catchUp.all()
    expect(chat.toldVoid).toEqual([`#${id} ${carol}: revision 2`, `#${id} ${bob}: revision 2`])
  })

  test('no longer waits for one person whose messages Slack refuses', async () => {
    const { amend, chat, clock, core, id } = await approvedByBob(policyOf([ask([bob, carol, dave], 3)]))
    await core.changes.approve({ id, by: carol, revision: 1 }, '')
    await amend()
    const { tellApprovalVoid } = chat.api
    let isOut = true
    chat.api.tellApprovalVoid = async (approval, stored, leaving) => {
      if (approval.person === bob) throw Object.assign(new Error('Slack says no'), { endedBy: 'nothing' })
      if (isOut) throw new Error('Slack is down')
      return tellApprovalVoid(approval, stored, leaving)
    }
    for (let minute = 0; minute < 10; minute++) {
      isOut = minute < 8
      await core.catchUp.all()
      clock.pass(60)
    }
    expect(chat.toldVoid).toEqual([`#${id} ${carol}: revision 2`])
  })
})

describe('of two processes', () => {
  test.each(['tellApprovalVoid', 'tellRequester'] as const)(
    'one says it (%s); another does when the first one is gone for long',
    async (call) => {
      const { amend, chat, clock, core, outside, id } = await approvedByBob()
      await amend()
      if (call === 'tellRequester') await core.changes.cancel(id, alice)
      const said = () => (call === 'tellRequester' ? chat.told.slice(1) : chat.toldVoid)
      const telling = Promise.withResolvers<void>()
      const gone = Promise.withResolvers<never>()
      const { api } = chat
      const working = { ...api }
      Object.assign(api, {
        [call]: (...given: unknown[]) =>
          (given.at(-1) as Leaving<unknown>)(() => {
            telling.resolve()
            return gone.promise
          }),
      })
      void core.catchUp.all()
      await telling.promise
      Object.assign(api, working)
      const second = startCore(outside, 'second')
      await second.catchUp.all()
      expect(said()).toEqual([])
      clock.pass(15)
      await second.catchUp.all()
      expect(said()).toHaveLength(1)
      await second.catchUp.all()
      expect(said()).toHaveLength(1)
    },
  )

  test.each(['tellApprovalVoid', 'tellRequester'] as const)(
    'one says what Slack keeps the other from saying for long, and the other does not say it again (%s)',
    async (call) => {
      const { amend, chat, clock, core, outside, id } = await approvedByBob()
      await amend()
      if (call === 'tellRequester') await core.changes.cancel(id, alice)
      const { waits, letGo } = heldUp(chat.api, call)
      const waiting = core.catchUp.all()
      await waits
      clock.pass(20)
      await startCore(outside, 'second').catchUp.all()
      letGo()
      await waiting
      expect(call === 'tellRequester' ? chat.told.slice(1) : chat.toldVoid).toHaveLength(1)
    },
  )
})
