import { describe, expect, test } from 'vitest'
import type { Settings } from '../../src/domain/token.ts'
import { createWorld, typesOf } from '../support/core.ts'
import { alice, bob, carol, policyOfTwo, settings } from '../support/world.ts'

const token = (settings: Settings, uid = 't1', stack = 'website') => ({ stack, uid, settings })
const byHand = settings({ description: 'by hand' })

describe('a token that is seen to have moved under a change that still waits', () => {
  test('stops the change at once, shows what is there, and the requester is told', async () => {
    const { chat, core, outside, proposed } = createWorld()
    outside.policy = policyOfTwo
    const id = await proposed()
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    await core.catchUp.all()
    await core.watch.seen([token(byHand)])
    await core.catchUp.idle()
    expect((await core.store.get(id)).change).toMatchObject({ status: 'drifted', live: byHand })
    expect(chat.cards[0]!.shows.change.status).toBe('drifted')
    expect(chat.told).toEqual(['#1 pending', '#1 drifted'])
    await expect(core.changes.approve({ id, by: carol, revision: 1 }, '')).rejects.toMatchObject({
      code: 'wrong_status',
      message: expect.stringContaining('is stopped, because the token was changed elsewhere'),
    })
    expect(await core.changes.rebase({ id, by: alice, revision: 1 })).toMatchObject({ revision: 2, voided: [bob] })
  })

  test('is noted once, however often it is seen', async () => {
    const { core, proposed } = createWorld()
    await proposed()
    for (let i = 0; i < 3; i++) await core.watch.seen([token(byHand)])
    expect(await typesOf(core)).toEqual(['proposed', 'drift_found'])
  })

  test('stops the other changes of the same token when one of them is applied', async () => {
    const { core } = createWorld()
    const other = settings({ description: 'asked by another' })
    const second = await core.changes.propose(
      { stack: 'website', tokenUid: 't1', requester: alice, before: settings(), after: other },
      'Because',
      'view-2',
    )
    const first = await core.approved()
    await core.catchUp.all()
    await core.catchUp.idle()
    expect((await core.store.get(first)).change.status).toBe('applied')
    expect((await core.store.get(second.id)).change).toMatchObject({
      status: 'drifted',
      live: settings({ name: 'ci-deploy-2' }),
    })
  })
})

describe('a look that is no news', () => {
  test.each<[string, Parameters<ReturnType<typeof createWorld>['core']['watch']['seen']>[0]]>([
    ['of the token as it was', [token(settings())]],
    ['of the same by meaning', [token(settings({ branches: ['development', 'main'] }))]],
    ['of another token', [token(byHand, 't2')]],
    ['of a token of the same uid on another stack', [token(byHand, 't1', 'shop')]],
    ['of nothing', []],
  ])('%s stops nothing', async (_, seen) => {
    const { core, proposed } = createWorld()
    await proposed()
    await core.watch.seen(seen)
    expect(await typesOf(core)).toEqual(['proposed'])
  })

  test('stops nothing that is approved: applying looks for itself', async () => {
    const { core } = createWorld()
    const id = await core.approved()
    await core.watch.seen([token(byHand)])
    expect((await core.store.get(id)).change.status).toBe('approved')
  })

  test('stops nothing that has ended', async () => {
    const { core, proposed } = createWorld()
    const id = await proposed()
    await core.changes.cancel(id, alice)
    await core.watch.seen([token(byHand)])
    expect((await core.store.get(id)).change.status).toBe('cancelled')
  })
})

test('looking is needed while a change waits for approval, and not otherwise', async () => {
  const { core, proposed } = createWorld()
  expect(await core.watch.isNeeded()).toBe(false)
  const id = await proposed()
  expect(await core.watch.isNeeded()).toBe(true)
  await core.watch.seen([token(byHand)])
  expect(await core.watch.isNeeded()).toBe(false)
  await core.changes.rebase({ id, by: alice, revision: 1 })
  expect(await core.watch.isNeeded()).toBe(true)
  await core.changes.cancel(id, alice)
  expect(await core.watch.isNeeded()).toBe(false)
})
